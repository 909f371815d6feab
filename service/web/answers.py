"""The library of canned answers: found, read, edited with a preview beside it, retired and brought back."""

from collections.abc import Sequence
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Form, Query, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from service.desk.answers.ordering import ORDERS, STANDINGS, Shelf, standing_of
from service.desk.answers.typed import TypedAnswer, answer_of, sketch_of, typed_of
from service.domain.answers import AnswerState, Audience
from service.domain.playbook import Playbook
from service.errors import AiguilleurError, ConflictError, MissingError, RefusedError
from service.web.account import account_of, labels_of, playbook_of, seen_accounts
from service.web.answers_list import A_PAGE, Wanted
from service.web.guard import desk_of
from service.web.pages import away, page, words_of
from service.web.preferences import person_of
from service.web.whole_numbers import whole

router = APIRouter(prefix="/answers")

Text = Annotated[str, Form()]
FRAGMENT = "x-fragment"
"""The header by which our script asks for the preview alone, and knows it when it comes."""


class Sent(TypedAnswer):
    """The editor's form: the answer's fields, and what it was made from."""

    account: str = ""
    revision: str = ""
    message: str = ""
    note: str = ""
    proposal: str = ""


class Asked(BaseModel):
    """Query of an answer's page. `message`: fill the preview from that one."""

    model_config = ConfigDict(extra="ignore")

    account: str = ""
    message: str = ""


@router.get("")
async def listed(request: Request, wanted: Annotated[Wanted, Query()]) -> Response:
    playbook = await playbook_of(request, wanted.account)
    answers = desk_of(request).workbench.answers
    shelf = Shelf(await answers.editing.all(playbook.account), await answers.usage.of(playbook.account))
    rows = shelf.rows(wanted.q, wanted.queue, wanted.language, wanted.standing, wanted.order)
    first = (wanted.number - 1) * A_PAGE
    shown: dict[str, Any] = {
        "rows": rows[first : first + A_PAGE],
        "count": len(rows),
        "more": first + A_PAGE < len(rows),
        "wanted": wanted,
        "standings": STANDINGS,
        "orders": ORDERS,
        "languages": shelf.languages,
        "waiting": await answers.proposals.waiting(playbook.account),
        "accounts": await seen_accounts(request),
    }
    return page(request, "answers.html", playbook=playbook, labels=labels_of(playbook), **shown)


@router.get("/new")
async def begin(request: Request, account: str = "", queue: str = "", message: str = "") -> Response:
    playbook = await playbook_of(request, account)
    typed = Sent(account=playbook.account, queue=queue, language=playbook.language, message=message)
    return await _editor(request, playbook, typed)


@router.post("/new")
async def add(request: Request, sent: Annotated[Sent, Form()]) -> Response:
    playbook = await playbook_of(request, sent.account)
    editing = desk_of(request).workbench.answers.editing
    try:
        state = await editing.add(playbook.account, answer_of(sent, playbook.queue_ids), person_of(request).name)
    except (RefusedError, ConflictError) as error:
        return await _editor(request, playbook, sent, error=error)
    return away(address_of_answer(state.answer.id, playbook.account), "answer_saved")


@router.post("/preview")
async def preview(request: Request, sent: Annotated[Sent, Form()]) -> Response:
    """With our script the preview alone, else the whole page with what was typed. Nothing is kept."""
    playbook = await playbook_of(request, sent.account)
    if request.headers.get(FRAGMENT):
        alone = page(request, "answer_preview.html", seen=await _seen(request, playbook, sent))
        alone.headers[FRAGMENT] = "1"
        return alone
    state = await _state(request, playbook.account, sent.id) if sent.revision else None
    return await _editor(request, playbook, sent, state)


@router.get("/one/{answer_id}")
async def one(request: Request, answer_id: str, asked: Annotated[Asked, Query()]) -> Response:
    playbook = await playbook_of(request, asked.account)
    state = await _state(request, playbook.account, answer_id)
    said = typed_of(state.answer).model_dump()
    typed = Sent(**said, account=playbook.account, revision=str(state.revision), message=asked.message)
    return await _editor(request, playbook, typed, state)


@router.post("/one/{answer_id}")
async def save(request: Request, answer_id: str, sent: Annotated[Sent, Form()]) -> Response:
    """Where somebody was faster the page shows both texts."""
    playbook = await playbook_of(request, sent.account)
    sent = sent.model_copy(update={"id": answer_id})
    editing, by = desk_of(request).workbench.answers.editing, person_of(request).name
    try:
        wanted = answer_of(sent, playbook.queue_ids)
        state = await editing.save(playbook.account, wanted, whole(sent.revision) or 0, by)
    except (RefusedError, ConflictError) as error:
        state = await _state(request, playbook.account, answer_id)
        return await _editor(request, playbook, sent, state, error)
    return away(address_of_answer(state.answer.id, playbook.account), "answer_saved")


@router.post("/one/{answer_id}/retire")
async def retire(request: Request, answer_id: str, account: Text = "", revision: Text = "") -> Response:
    named = await account_of(request, account)
    editing = desk_of(request).workbench.answers.editing
    await editing.retire(named, answer_id, whole(revision) or 0, person_of(request).name)
    return away(address_of_answer(answer_id, named), "answer_retired")


@router.post("/one/{answer_id}/restore")
async def restore(
    request: Request, answer_id: str, account: Text = "", revision: Text = "", wanted: Text = ""
) -> Response:
    """Back to what it said in its state `wanted`."""
    named = await account_of(request, account)
    editing, by = desk_of(request).workbench.answers.editing, person_of(request).name
    await editing.restore(named, answer_id, whole(wanted) or 0, whole(revision) or 0, by)
    return away(address_of_answer(answer_id, named), "answer_restored")


def address_of_answer(answer_id: str, account: str) -> str:
    return f"/answers/one/{answer_id}?account={account}"


async def _editor(
    request: Request,
    playbook: Playbook,
    typed: Sent,
    state: AnswerState | None = None,
    error: AiguilleurError | None = None,
) -> Response:
    """The form with what was typed, and beside it what can be seen of it. After a conflict with what is kept."""
    answers, account = desk_of(request).workbench.answers, playbook.account
    overtaken = isinstance(error, ConflictError) and state is not None
    told: Sequence[str] = words_of(request).refusal(error) if error else ()
    shown: dict[str, Any] = {
        "state": state,
        "standing": standing_of(state) if state else None,
        "typed": typed.model_copy(update={"revision": str(state.revision)}) if overtaken and state else typed,
        "theirs": state if overtaken else None,
        "told": told,
        "seen": await _seen(request, playbook, typed),
        "audiences": get_args(Audience),
        "history": await answers.editing.history(account, state.answer.id) if state else [],
        "trials": await answers.previews.trials(account, state.answer.id) if state else [],
        "use": await _use(request, account, state),
    }
    status = 409 if isinstance(error, ConflictError) else 422 if error else 200
    return page(request, "answer.html", status, playbook=playbook, labels=labels_of(playbook), **shown)


async def _seen(request: Request, playbook: Playbook, typed: Sent) -> Any:
    """A message that is not there any more is as none."""
    sketch = sketch_of(typed, playbook.queue_ids)
    previews = desk_of(request).workbench.answers.previews
    try:
        return await previews.of(playbook.account, sketch, typed.message)
    except MissingError:
        return await previews.of(playbook.account, sketch)


async def _use(request: Request, account: str, state: AnswerState | None) -> Any:
    if state is None or state.retired_at is not None:
        return None
    return await desk_of(request).answer_stats.one(account, state.answer.id)


async def _state(request: Request, account: str, answer_id: str) -> AnswerState:
    return await desk_of(request).workbench.answers.editing.get(account, answer_id)
