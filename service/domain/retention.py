"""How long an account keeps what it was sent, by channel."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import StringConstraints

from service.domain.message import Channel
from service.domain.value import Value

DAYS = {"day": 1, "month": 31, "year": 366}
"""A month or a year is taken at its longest: nothing goes before its term."""

Term = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^([1-9]\d{0,3} (day|month|year)s?|unlimited)$")
]


def lasting(term: str | None) -> timedelta | None:
    """How long that is; None for what is kept without an end."""
    found = re.match(r"(\d+) (day|month|year)", term or "")
    return timedelta(days=int(found[1]) * DAYS[found[2]]) if found else None


class Retention(Value):
    """Terms such as `90 days`, `6 months`, `2 years` or `unlimited`. A message's begins anew with whatever a person
    does about it. `default` is for channels without a term of their own; without it they are kept.

    `learned_examples`: how long the redacted text of a confirmed message may teach, from its confirmation on; without
    it as long as a message of its channel is kept. What it holds beside the redacted text goes with the message's term.
    """

    default: Term | None = None
    email: Term | None = None
    form: Term | None = None
    chat: Term | None = None
    letter: Term | None = None
    sms: Term | None = None
    social: Term | None = None
    learned_examples: Term | None = None

    def of(self, channel: Channel) -> timedelta | None:
        """How long messages of that channel are kept; None: without an end."""
        own: str | None = getattr(self, channel)
        return lasting(own or self.default)

    def of_lesson(self, channel: Channel) -> timedelta | None:
        """How long a confirmed message of that channel teaches; None: without an end."""
        return lasting(self.learned_examples) if self.learned_examples else self.of(channel)

    @property
    def bounded(self) -> bool:
        """Whether anything has an end."""
        return any(lasting(term) is not None for term in self.model_dump().values())
