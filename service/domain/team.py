"""Teams: which messages they can answer, and when they are there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from service.domain.playbook import Slug
from service.domain.situation import Day, Hours, Language, Line
from service.domain.value import Value

Level = Literal[1, 2, 3]
LEVELS: tuple[Level, ...] = (1, 2, 3)

MOST_WORDS = 100


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:  # by how odd the name is
        raise ValueError("name a time zone as Europe/Paris") from error
    return name


Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_known_zone)]
Called = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MOST_WORDS)]
Accounts = Annotated[tuple[Slug, ...], Field(strict=False, min_length=1)]


class TeamPlan(Value):
    """What a team is for and when it is open. `accounts` None: of every account; no `languages`: all of them; no
    `queues`: every queue of its levels, and what is in no queue. No `hours`: it never closes; on a holiday of the
    country `holidays` and on a day of `closed` it does. Times are by the clock of `timezone`."""

    name: Annotated[Called, StringConstraints(min_length=1)]
    site: Called = ""
    accounts: Accounts | None = None
    levels: Annotated[tuple[Level, ...], Field(strict=False, min_length=1)]
    languages: Annotated[tuple[Language, ...], Field(strict=False)] = ()
    queues: Annotated[tuple[Slug, ...], Field(strict=False)] = ()
    hours: dict[Day, Annotated[tuple[Hours, ...], Field(strict=False)]] = Field(default_factory=dict)
    timezone: Zone = "Europe/Paris"
    holidays: Literal["FR", "none"] = "none"
    closed: Annotated[tuple[Annotated[date, Field(strict=False)], ...], Field(strict=False)] = ()


class Team(TeamPlan):
    """A plan with its people, by name. `able`: somebody of them may sign in."""

    id: str
    members: Annotated[tuple[Line, ...], Field(strict=False)] = ()
    able: bool = False
    created_at: AwareDatetime = Field(strict=False)

    @property
    def plan(self) -> TeamPlan:
        return TeamPlan(**{name: getattr(self, name) for name in TeamPlan.model_fields})

    def serves(self, account: str) -> bool:
        return self.accounts is None or account in self.accounts


@dataclass(frozen=True, slots=True)
class Reach:
    """What can be answered of one account's messages. Empty `queues`: of every queue of the levels, and of none.

    `harder` are the queues of the playbook above level 1: a message is of its queue's level, or of the one that it was
    raised to; in no queue, or in one that the playbook does not have, it is of level 1.
    """

    account: str
    levels: frozenset[int]
    languages: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()
    harder: Mapping[str, int] = field(default_factory=dict)

    def covers(self, account: str, queue: str | None, language: str | None, raised: int | None) -> bool:
        """A language that is not known keeps nobody out."""
        return (
            account == self.account
            and level_of(queue, raised, self.harder) in self.levels
            and (not self.languages or language is None or language in self.languages)
            and (not self.queues or queue in self.queues)
        )


def level_of(queue: str | None, raised: int | None, harder: Mapping[str, int]) -> int:
    """Of a message in that queue."""
    return max(harder.get(queue or "", 1), raised or 1)


class Escalation(Value):
    """A message that was given to another level, up or back down, and why."""

    before: int
    after: int
    by: str
    at: AwareDatetime = Field(strict=False)
    comment: str
