"""What the desk is filtered by and searched for, as its address says it: a filtered desk can be sent to a colleague."""

from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, StringConstraints

from service.desk.board.bands import bands
from service.desk.board.board import NOBODY, Look, Stage
from service.desk.people.teams import Competence
from service.domain.decision import Outcome
from service.domain.message import Channel
from service.domain.person import Person
from service.domain.sought import Order

Held = Literal["mine", "free"]


FOLDED = ("stage", "outcome", "channel", "language", "held", "flag", "band")


class Filters(BaseModel):
    """The filter form's fields; empty ones ask for nothing. An empty stage is what is to do, of a search everything."""

    model_config = ConfigDict(extra="ignore")

    search: Annotated[str, StringConstraints(strip_whitespace=True)] = ""
    order: Order | Literal[""] = ""
    account: str = ""
    queue: str = ""
    stage: Stage | Literal[""] = ""
    outcome: Outcome | str = ""
    channel: Channel | str = ""
    language: str = ""
    held: Held | Literal[""] = ""
    flag: str = ""
    band: str = ""
    team: Literal["", "all", "none"] = ""
    cursor: str = ""

    @property
    def stage_in_force(self) -> Stage:
        return self.stage or ("all" if self.search else "to_do")

    @property
    def filtered(self) -> bool:
        """Whether one of the filters of the folded form asks for something."""
        return any(getattr(self, name) for name in FOLDED)

    @property
    def bare(self) -> str:
        """The address of the desk without those filters."""
        return self.address(**dict.fromkeys(FOLDED, ""))

    @property
    def by_team(self) -> bool:
        """What is to do, and nobody's own: only that is left to those who can answer it."""
        return self.stage_in_force == "to_do" and not self.search and self.held != "mine"

    def look(self, person: Person, competence: Competence) -> Look:
        """Of those accounts that the person sees, the one that is asked for, or all; of what is to do, what their
        teams can answer, or what no team can."""
        mine, nobodys = self.by_team and not self.team, self.team == "none"
        return Look(
            accounts=self._asked(person),
            stage=self.stage_in_force,
            queue=self.queue or None,
            outcome=self.outcome or None,  # type: ignore[arg-type]  # an unknown one finds nothing
            channel=self.channel or None,  # type: ignore[arg-type]
            language=self.language or None,
            holder={"mine": person.name, "free": NOBODY}.get(self.held),
            flag=self.flag or None,
            sure=bands().get(self.band),
            reach=competence.mine if mine else () if nobodys and competence.every is None else None,
            out_of_reach=competence.every if nobodys else None,
        )

    def _asked(self, person: Person) -> tuple[str, ...] | None:
        if not self.account:
            return person.accounts
        return (self.account,) if person.sees(self.account) else ()

    def given(self, **other: str) -> dict[str, str]:
        """The fields that ask for something, with the others in their place; never the page."""
        fields = self.model_dump(exclude={"cursor"}) | other
        return {name: str(value) for name, value in fields.items() if value}

    def address(self, path: str = "/", **other: str) -> str:
        """Of the desk with these filters, but for the others, on the first page."""
        given = self.given(**other)
        return f"{path}?{urlencode(given)}" if given else path
