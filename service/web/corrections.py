"""What waits for a lead's word: contested corrections, suggestions for the playbook, labels that look wrong."""

from datetime import timedelta
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from service.desk.learning.contested import Decided
from service.desk.learning.suggestions import Settled
from service.domain.limits import MAX_VALUE_CHARS
from service.domain.suggestion import SuggestionKind
from service.errors import AiguilleurError, ConflictError, RefusedError
from service.web.account import account_of, labels_of, seen_accounts
from service.web.guard import desk_of
from service.web.pages import away, ours, page, words_of
from service.web.preferences import person_of
from service.web.whole_numbers import page_number

router = APIRouter(prefix="/corrections")

Text = Annotated[str, Form()]
A_PAGE = 10
DECIDED = 30

SUGGESTED: tuple[SuggestionKind, ...] = ("keyword", "confusion", "contradiction")
Span = Literal["week", "month", "all"]
SPANS: dict[str, timedelta | None] = {"week": timedelta(days=7), "month": timedelta(days=31), "all": None}


@router.get("")
async def contested(request: Request, account: str = "", cursor: str = "") -> Response:
    named = await account_of(request, account)
    return await _contested(request, named, cursor or None)


@router.post("/one/{correction_id}")
async def decide(
    request: Request,
    correction_id: str,
    decision: Annotated[Decided, Form()],
    account: Text = "",
    comment: Text = "",
) -> Response:
    named = await account_of(request, account)
    desk, by = desk_of(request), person_of(request).name
    try:
        await desk.corrections.decide(correction_id, decision, by, comment.strip()[:MAX_VALUE_CHARS], named)
    except ConflictError as error:
        return await _contested(request, named, None, error)
    return away(f"/corrections?account={named}", decision)


@router.post("/one/{correction_id}/reopen")
async def reopen(request: Request, correction_id: str, account: Text = "") -> Response:
    named = await account_of(request, account)
    await desk_of(request).corrections.reopen(correction_id, person_of(request).name, named)
    return away(f"/corrections?account={named}", "reopened")


@router.get("/suggestions")
async def suggestions(request: Request, account: str = "") -> Response:
    return await _suggestions(request, await account_of(request, account))


@router.post("/suggestions")
async def look(request: Request, span: Annotated[Span, Form()], account: Text = "") -> Response:
    """Begins to look; the page tells when it is done."""
    named = await account_of(request, account)
    desk_of(request).suggestions.begin(named, SPANS[span])
    return away(f"/corrections/suggestions?account={named}")


@router.post("/suggestions/{suggestion_id}")
async def settle(
    request: Request,
    suggestion_id: str,
    decision: Annotated[Settled, Form()],
    account: Text = "",
    queue: Text = "",
    comment: Text = "",
    activate: Text = "",
    after: Text = "/corrections/suggestions",
) -> Response:
    """`after`: the page that the button stands on."""
    named = await account_of(request, account)
    desk, by = desk_of(request), person_of(request).name
    try:
        entry = await desk.suggestions.settle(
            named, suggestion_id, decision, by, queue or None, bool(activate), comment.strip()[:MAX_VALUE_CHARS]
        )
    except (ConflictError, RefusedError) as error:
        return await _suggestions(request, named, error)
    if activate and entry.playbook_version is not None:
        await desk.learning.want(named, by)
        desk.refitter.wake()
        desk.shelf.forget()
    return away(f"{ours(after).partition('?')[0]}?account={named}", decision)


@router.post("/suggestions/{suggestion_id}/reopen")
async def unsettle(request: Request, suggestion_id: str, account: Text = "") -> Response:
    named = await account_of(request, account)
    entry = await desk_of(request).suggestions.reopen(named, suggestion_id, person_of(request).name)
    path = "labels" if entry.suggestion.kind == "label" else "suggestions"
    return away(f"/corrections/{path}?account={named}", "reopened")


@router.get("/labels")
async def labels(request: Request, account: str = "", number: str = "") -> Response:
    named = await account_of(request, account)
    at = page_number(number)
    count, found = await desk_of(request).workbench.disputes.doubts(named, (at - 1) * A_PAGE, A_PAGE)
    shown: dict[str, Any] = {"found": found, "count": count, "at": at, "more": at * A_PAGE < count}
    return await _page(request, "corrections_labels.html", named, **shown)


@router.get("/decided")
async def decided(request: Request, account: str = "") -> Response:
    """What was decided last, each with its way back."""
    named = await account_of(request, account)
    desk = desk_of(request)
    words = [one for state in get_args(Decided) for one in (await desk.corrections.list(named, state, DECIDED)).items]
    settled = [one for one in await desk.suggestions.list(named, state=None) if one.decided_at is not None]
    shown: dict[str, Any] = {
        "words": sorted(words, key=lambda one: str(one.decided_at), reverse=True)[:DECIDED],
        "settled": sorted(settled, key=lambda one: str(one.decided_at), reverse=True)[:DECIDED],
    }
    return await _page(request, "corrections_decided.html", named, **shown)


async def _contested(
    request: Request, account: str, cursor: str | None, error: AiguilleurError | None = None
) -> Response:
    found = await desk_of(request).workbench.disputes.page(account, limit=A_PAGE, cursor=cursor)
    return await _page(request, "corrections.html", account, error, found=found)


async def _suggestions(request: Request, account: str, error: AiguilleurError | None = None) -> Response:
    desk = desk_of(request)
    found = [one for one in await desk.suggestions.list(account) if one.suggestion.kind in SUGGESTED]
    made = max((one.made_at for one in found), default=None)
    shown: dict[str, Any] = {"found": found, "made": made, "searching": desk.suggestions.searching(account)}
    return await _page(request, "corrections_suggestions.html", account, error, spans=tuple(SPANS), **shown)


async def _page(
    request: Request, template: str, account: str, error: AiguilleurError | None = None, **shown: Any
) -> Response:
    desk = desk_of(request)
    playbook = await desk.playbooks.active(account)
    around: dict[str, Any] = {
        "playbook": playbook,
        "labels": labels_of(playbook),
        "accounts": await seen_accounts(request),
        "waiting": await desk.workbench.disputes.waiting(account),
        "told": words_of(request).refusal(error) if error else [],
    }
    status = 409 if isinstance(error, ConflictError) else 422 if error else 200
    return page(request, template, status, **around, **shown)
