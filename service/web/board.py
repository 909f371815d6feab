"""The desk: queues with what is to do in them, and messages, the oldest first, or those that are searched for."""

from collections.abc import Sequence
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from service.desk.board.bands import bands
from service.desk.board.board import NO_QUEUE, BoardPage, Look, Pile, Stage
from service.desk.search.searching import Finds
from service.domain.decision import Outcome
from service.domain.message import Channel
from service.domain.person import Person
from service.domain.playbook import Playbook
from service.domain.sought import Order
from service.web.filters import Filters, Held
from service.web.guard import desk_of
from service.web.pages import page
from service.web.preferences import person_of
from service.wiring import Desk

__all__ = ["Filters", "labels", "playbooks_of", "router"]

router = APIRouter()

A_PAGE = 30


@router.get("/")
async def board(request: Request, filters: Annotated[Filters, Query()]) -> Response:
    shown = await _shown(request, filters)
    choices: dict[str, Any] = {"stages": get_args(Stage), "outcomes": get_args(Outcome), "channels": get_args(Channel)}
    choices |= {"holders": get_args(Held), "orders": get_args(Order), "bands": list(bands())}
    choices["flags"] = dict.fromkeys(flag.id for book in shown["playbooks"].values() for flag in book.flags)
    return page(request, "board.html", **shown, **choices)


@router.get("/list")
async def part(request: Request, filters: Annotated[Filters, Query()]) -> Response:
    """What of the desk changes while one looks at it: the queues and the list."""
    return page(request, "board_part.html", **await _shown(request, filters))


@router.get("/news")
async def news(request: Request, filters: Annotated[Filters, Query()], since: str | None = None) -> Response:
    """Whether a list may look different by now. A browser that names the version that it has (`If-None-Match`) gets
    304 without a body while nothing changed."""
    person, desk = person_of(request), desk_of(request)
    version = await desk.workbench.news.version(person.accounts)
    headers = {"ETag": f'"{version}"', "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    look = filters.look(person, await desk.workbench.teams.competence(person))
    change = await desk.workbench.news.since(look, version if since is None else since)
    return JSONResponse({"version": version, "new": change.new}, headers=headers)


async def _shown(request: Request, filters: Filters) -> dict[str, Any]:
    desk, person = desk_of(request), person_of(request)
    playbooks = await playbooks_of(desk, person)
    version = await desk.workbench.news.version(person.accounts)
    competence = await desk.workbench.teams.competence(person)
    mine = None if filters.team else competence.mine
    standing = await desk.workbench.board.standing(person.accounts, mine, competence.every)
    return {
        "playbooks": playbooks,
        "label_of": labels(playbooks),
        "found": await _found(desk, filters, filters.look(person, competence)),
        "piles": _shelved(standing.piles, playbooks),
        "competence": competence,
        "beyond": standing.beyond,
        "stranded": standing.stranded,
        "filters": filters,
        "no_queue": NO_QUEUE,
        "version": version,
    }


async def _found(desk: Desk, filters: Filters, look: Look) -> BoardPage | Finds:
    cursor = filters.cursor or None
    if filters.search:
        return await desk.workbench.searching.page(look, filters.search, filters.order or "newest", A_PAGE, cursor)
    return await desk.workbench.board.page(look, A_PAGE, cursor)


async def playbooks_of(desk: Desk, person: Person) -> dict[str, Playbook]:
    """By account: those that the person sees, and that this program takes."""
    return await desk.playbooks.readable(filter(person.sees, await desk.accounts.list()))


def labels(playbooks: dict[str, Playbook]) -> Any:
    """What a queue is called; its id where the playbook in force no longer has it."""
    known = {(account, queue.id): queue.label for account, book in playbooks.items() for queue in book.queues}
    return lambda account, queue: known.get((account, queue), queue)


def _shelved(piles: Sequence[Pile], playbooks: dict[str, Playbook]) -> list[Pile]:
    """What is in no queue, the piles, and after them the queues in which nothing is to do."""
    piles = sorted(piles, key=lambda pile: pile.queue is not None)
    there = {(pile.account, pile.queue) for pile in piles}
    queues = [(account, queue.id) for account, book in playbooks.items() for queue in book.queues]
    return piles + [Pile(*key, count=0, late=0, due_at=None) for key in queues if key not in there]
