"""The desk: queues with what is to do in them, and messages, the oldest first."""

from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from service.desk.board import NO_QUEUE, NOBODY, Look, Pile, Stage
from service.domain.decision import Outcome
from service.domain.message import Channel
from service.domain.person import Person
from service.domain.playbook import Playbook
from service.web.guard import desk_of
from service.web.pages import page
from service.web.preferences import person_of
from service.wiring import Desk

router = APIRouter()

A_PAGE = 30

Held = Literal["mine", "free"]


class Filters(BaseModel):
    """The filter form's fields; empty ones ask for nothing."""

    model_config = ConfigDict(extra="ignore")

    account: str = ""
    queue: str = ""
    stage: Stage = "to_do"
    outcome: Outcome | str = ""
    channel: Channel | str = ""
    language: str = ""
    held: Held | Literal[""] = ""
    cursor: str = ""

    def look(self, person: Person) -> Look:
        """Of those accounts that the person sees, the one that is asked for, or all."""
        accounts = person.accounts
        return Look(
            accounts=tuple({self.account} & set(accounts or {self.account})) if self.account else accounts,
            stage=self.stage,
            queue=self.queue or None,
            outcome=self.outcome or None,  # type: ignore[arg-type]  # an unknown one finds nothing
            channel=self.channel or None,  # type: ignore[arg-type]
            language=self.language or None,
            holder={"mine": person.name, "free": NOBODY}.get(self.held),
        )

    def address(self, **other: str) -> str:
        """Of the desk with these filters, but for the others, on the first page."""
        fields = self.model_dump(exclude={"cursor"}) | other
        given = {name: value for name, value in fields.items() if value and (name, value) != ("stage", "to_do")}
        return f"/?{urlencode(given)}" if given else "/"


@router.get("/")
async def board(request: Request, filters: Annotated[Filters, Query()]) -> Response:
    desk, person = desk_of(request), person_of(request)
    playbooks = await playbooks_of(desk, person)
    piles = await desk.workbench.board.piles(person.accounts)
    found = await desk.workbench.board.page(filters.look(person), A_PAGE, filters.cursor or None)
    choices: dict[str, Any] = {"stages": get_args(Stage), "outcomes": get_args(Outcome), "channels": get_args(Channel)}
    choices["holders"] = get_args(Held)
    shown: dict[str, Any] = {
        "found": found,
        "piles": _shelved(piles, playbooks),
        "filters": filters,
        "no_queue": NO_QUEUE,
    }
    return page(request, "board.html", playbooks=playbooks, label_of=labels(playbooks), **shown, **choices)


async def playbooks_of(desk: Desk, person: Person) -> dict[str, Playbook]:
    """By account: those that the person sees."""
    accounts = [account for account in await desk.accounts.list() if person.sees(account)]
    return {account: await desk.playbooks.active(account) for account in accounts}


def labels(playbooks: dict[str, Playbook]) -> Any:
    """What a queue is called; its id where the playbook in force no longer has it."""
    known = {(account, queue.id): queue.label for account, book in playbooks.items() for queue in book.queues}
    return lambda account, queue: known.get((account, queue), queue)


def _shelved(piles: list[Pile], playbooks: dict[str, Playbook]) -> list[Pile]:
    """What is in no queue, the piles, and after them the queues in which nothing is to do."""
    piles = sorted(piles, key=lambda pile: pile.queue is not None)
    there = {(pile.account, pile.queue) for pile in piles}
    queues = [(account, queue.id) for account, book in playbooks.items() for queue in book.queues]
    return piles + [Pile(*key, count=0, late=0, due_at=None) for key in queues if key not in there]
