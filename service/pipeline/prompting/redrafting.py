"""What a model is shown beside a message when a draft is to be worded anew: the draft as it is, and the wish."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from service.domain.redacted import RedactedText, ours
from service.pipeline.prompting.fence import plain
from service.pipeline.prompting.texts import Value

MARK = re.compile(r"^\W*§\s?(\d{1,3})\s?§?\W*$")
"""How a paragraph that a person wrote is named in the answer, in whose place it then stands."""


@dataclass(frozen=True, slots=True)
class Current:
    """A paragraph of the draft as it is; `locked`: it stays word for word."""

    text: RedactedText
    locked: bool


@dataclass(frozen=True, slots=True)
class Revision:
    """`wish` is empty where only another draft is wanted."""

    wish: RedactedText
    current: tuple[Current, ...]

    @property
    def texts(self) -> tuple[RedactedText, ...]:
        return (self.wish, *(one.text for one in self.current))

    def values(self) -> Mapping[str, Value]:
        return {
            "has_wish": bool(self.wish),
            "wish": plain(self.wish),
            "current": tuple(
                {"number": ours(f"§{number}§"), "text": plain(one.text), "locked": one.locked}
                for number, one in enumerate(self.current, 1)
            ),
        }
