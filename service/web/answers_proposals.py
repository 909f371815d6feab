"""What advisors propose about canned answers, what the replies suggest, and where nothing is written yet."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from service.desk.answers.typed import answer_of, typed_of
from service.domain.answers import AnswerProposal
from service.domain.suggestion import SuggestionKind
from service.errors import AiguilleurError, ConflictError, RefusedError
from service.web.account import account_of, labels_of, playbook_of, seen_accounts
from service.web.answers import Sent
from service.web.guard import desk_of
from service.web.message import sheet_of
from service.web.pages import away, page, words_of
from service.web.preferences import person_of
from service.web.whole_numbers import page_number, whole

router = APIRouter(prefix="/answers")

Text = Annotated[str, Form()]
KINDS: tuple[SuggestionKind, ...] = ("answer", "answer_edit", "answer_conflict", "answer_unkept")
PAGE = "/answers/proposals"
A_PAGE = 20


@router.get("/proposals")
async def proposals(request: Request, account: str = "", number: str = "") -> Response:
    return await _proposals(request, await account_of(request, account), number=number)


@router.get("/gaps")
async def gaps(request: Request, account: str = "") -> Response:
    playbook = await playbook_of(request, account)
    found = await desk_of(request).workbench.answers.gaps.of(playbook.account)
    return page(request, "answer_gaps.html", playbook=playbook, labels=labels_of(playbook), found=found)


@router.get("/propose")
async def propose_for(request: Request, message: str = "", answer: str = "", account: str = "") -> Response:
    """The form of a proposal: about a message's answer, or one of the library."""
    named = (await sheet_of(request, message)).case.account if message else account
    playbook = await playbook_of(request, named)
    typed = Sent(account=playbook.account, message=message, language=playbook.language)
    if answer:
        state = await desk_of(request).workbench.answers.editing.get(playbook.account, answer)
        typed = typed.model_copy(update=typed_of(state.answer).model_dump() | {"revision": str(state.revision)})
    elif message:
        typed = typed.model_copy(update=await _from_reply(request, message))
    return await _form(request, typed)


@router.post("/propose")
async def propose(request: Request, sent: Annotated[Sent, Form()]) -> Response:
    """`revision` is there where an answer of the library is to be changed."""
    playbook = await playbook_of(request, sent.account)
    try:
        await desk_of(request).workbench.answers.proposals.propose(
            playbook.account,
            answer_of(sent, playbook.queue_ids),
            person_of(request).name,
            edits=sent.id if sent.revision else None,
            message_id=(await sheet_of(request, sent.message)).case.id if sent.message else None,
            note=sent.note,
        )
    except (RefusedError, ConflictError) as error:
        return await _form(request, sent, error)
    return away(f"/messages/{sent.message}" if sent.message else "/answers", "proposed")


@router.post("/proposals/{proposal_id}/accept")
async def accept(request: Request, proposal_id: str, account: Text = "", revision: Text = "") -> Response:
    """As it was proposed. `revision`: the state that the lead saw beside it."""
    named = await account_of(request, account)
    number = whole(revision)
    proposals, by = desk_of(request).workbench.answers.proposals, person_of(request).name
    try:
        await proposals.accept(named, proposal_id, by, revision=number)
    except ConflictError as error:
        return await _proposals(request, named, error)
    return away(f"{PAGE}?account={named}", "accepted")


@router.post("/proposals/{proposal_id}/refuse")
async def refuse(request: Request, proposal_id: str, account: Text = "", comment: Text = "") -> Response:
    named = await account_of(request, account)
    proposals = desk_of(request).workbench.answers.proposals
    await proposals.refuse(named, proposal_id, person_of(request).name, comment)
    return away(f"{PAGE}?account={named}", "refused")


@router.post("/proposals/{proposal_id}/reopen")
async def reopen(request: Request, proposal_id: str, account: Text = "") -> Response:
    named = await account_of(request, account)
    await desk_of(request).workbench.answers.proposals.reopen(named, proposal_id, person_of(request).name)
    return away(f"{PAGE}?account={named}", "reopened")


async def _form(request: Request, typed: Sent, error: AiguilleurError | None = None) -> Response:
    playbook = await playbook_of(request, typed.account)
    told = words_of(request).refusal(error) if error else []
    status = 409 if isinstance(error, ConflictError) else 422 if error else 200
    shown: dict[str, Any] = {"typed": typed, "told": told, "labels": labels_of(playbook)}
    return page(request, "answer_propose.html", status, playbook=playbook, **shown)


async def _from_reply(request: Request, message_id: str) -> dict[str, str]:
    """What an advisor wrote to this customer is where a new answer may begin: he takes out what is the customer's."""
    sheet = await sheet_of(request, message_id)
    return {"queue": sheet.case.queue or "", "body": sheet.reply or ""}


async def _proposals(
    request: Request, account: str, error: AiguilleurError | None = None, number: str = ""
) -> Response:
    desk = desk_of(request)
    playbook, answers = await desk.playbooks.active(account), desk.workbench.answers
    waiting = await answers.proposals.list(account)
    suggested = [one for one in await desk.suggestions.list(account) if one.suggestion.kind in KINDS]
    library = {one.answer.id: one for one in await answers.editing.all(account)}
    at = page_number(number)
    here = slice((at - 1) * A_PAGE, at * A_PAGE)
    shown: dict[str, Any] = {
        "count": len(waiting),
        "waiting": [_beside(one, library) for one in waiting[here]],
        "decided": (await answers.proposals.list(account, "refused"))[:20],
        "suggested": suggested[here],
        "at": at,
        "more": max(len(waiting), len(suggested)) > at * A_PAGE,
        "library": library,
        "accounts": await seen_accounts(request),
        "told": words_of(request).refusal(error) if error else [],
    }
    status = 409 if error else 200
    return page(request, "answer_proposals.html", status, playbook=playbook, labels=labels_of(playbook), **shown)


def _beside(proposal: AnswerProposal, library: dict[str, Any]) -> tuple[AnswerProposal, Any]:
    """With the answer as it is now, where it is about one."""
    return proposal, library.get(proposal.edits or "")
