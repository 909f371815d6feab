"""One message: the customer's words, what was concluded from them and why, the draft beside its sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from service.desk.answers.finding import Found
from service.desk.board.flagging import Flagged
from service.desk.board.reading import Sheet
from service.desk.drafts.typed import known_wishes
from service.domain.limits import MAX_VALUE_CHARS
from service.domain.playbook import Playbook
from service.domain.triage import Triage
from service.domain.version import DraftVersion
from service.errors import FieldProblem, RefusedError
from service.web.board import labels
from service.web.guard import desk_of
from service.web.levels import place_of
from service.web.marked import portions
from service.web.pages import away, page
from service.web.passages import runs, sources_of
from service.web.preferences import person_of
from service.web.visit import visit_of
from service.web.whole_numbers import whole

router = APIRouter(prefix="/messages/{message_id}")

Text = Annotated[str, Form()]

SHOWN_CHARS = 12_000
"""Of each part of a message; the rest is shown when it is asked for."""

SHOWN_EVIDENCE = 12
"""Each with its number in the text and its reason beside it."""

CALLED_FLAGS = frozenset({"sensitive", "callback"})

KEYED = 3
"""Queues that one key is enough for."""

FLAG_KEYS = "456789"
"""A key a flag, in the playbook's order, beside those of the queues."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What an advisor typed that is not kept, and why: the page gives it back to him. `version`: the one that he
    started from; None: the last. `answers`: what was found of what he `asked` for."""

    text: str
    wish: str = ""
    told: Sequence[str] = ()
    version: int | None = None
    asked: str = ""
    answers: Found | None = None


@router.get("")
async def message(request: Request, message_id: str, whole: bool = False) -> Response:
    return await sheet_page(request, await sheet_of(request, message_id), whole=whole)


async def sheet_page(
    request: Request, sheet: Sheet, status: int = 200, *, whole: bool = False, typed: Typed | None = None
) -> Response:
    """The message with the last version of its draft, which a person goes on with, or with what he typed."""
    desk, account, triage = desk_of(request), sheet.case.account, sheet.case.triage
    playbook = await desk.playbooks.active(account)
    versions = await desk.drafts.list(sheet.case.id)
    last = versions[-1] if versions else None
    answers = await desk.answers.named(account, sources_of(last)) if last else {}
    shown: dict[str, Any] = {
        "portions": portions(sheet.cleaned, triage.evidence if triage else (), None if whole else SHOWN_CHARS),
        "last": last,
        "runs": runs(last, answers),
        "typed": typed or Typed(_going_on(sheet, last)),
        "wishes": known_wishes(visit_of(request).language),
        "best": _best(triage, sheet.case.queue, playbook),
        "flag_keys": FLAG_KEYS,
        "label_of": labels({account: playbook}),
        "place": await place_of(desk, sheet.case),
        "whole": whole,
        "unread": "truncated" in sheet.cleaned.notes,
        "message_id": sheet.case.id,
        "reasons": triage.evidence[:SHOWN_EVIDENCE] if triage else (),
        "others": await desk.workbench.reading.others(sheet),
        "ready": next((one for one in versions if one.ready_at), None),
        **await _calls(request, sheet, playbook, last),
    }
    return page(
        request, "message.html", status, sheet=sheet, case=sheet.case, triage=triage, playbook=playbook, **shown
    )


@router.post("/queue")
async def correct(request: Request, message_id: str, queue: Text = "", comment: Text = "") -> Response:
    desk, person = desk_of(request), person_of(request)
    before = (await sheet_of(request, message_id)).case
    case = await desk.review.correct(before.id, queue, person.name, comment[:MAX_VALUE_CHARS], before.account)
    return away(f"/messages/{case.id}", "confirmed" if before.queue == queue else "corrected")


@router.post("/flags")
async def flag(request: Request, message_id: str, up: Text = "", down: Text = "") -> Response:
    """One flag more than there are, or one less."""
    case, by = (await sheet_of(request, message_id)).case, person_of(request).name
    said = Flagged(up=(up,) if up else (), down=(down,) if down else ())
    await desk_of(request).review.flag(case.id, said, by, case.account)
    return away(f"/messages/{case.id}", "flag_up" if up else "flag_down")


@router.post("/undo")
async def undo(request: Request, message_id: str, correction: Text = "") -> Response:
    case = (await sheet_of(request, message_id)).case
    await desk_of(request).review.undo(correction, person_of(request).name, case.account)
    return away(f"/messages/{case.id}", "undone")


@router.post("/reply")
async def reply(request: Request, message_id: str, text: Text = "", version: Text = "") -> Response:
    """Nothing is sent from here: this records what went out, and the version of the draft that it was made from."""
    case = (await sheet_of(request, message_id)).case
    sent = text.replace("\r\n", "\n").strip()
    if not sent:
        raise RefusedError("There is no text.", (FieldProblem("text", "give the text that was sent", "no_text"),))
    number, by = whole(version), person_of(request).name
    await desk_of(request).review.record_reply(case.id, sent, by, account=case.account, version=number)
    return away(f"/messages/{case.id}", "replied")


async def sheet_of(request: Request, message_id: str) -> Sheet:
    """Raises MissingError, also for a message of an account that this person does not see."""
    return await desk_of(request).workbench.reading.sheet(message_id, person_of(request).accounts)


async def _calls(request: Request, sheet: Sheet, playbook: Playbook, last: DraftVersion | None) -> dict[str, Any]:
    """`call_wanted`: the customer asked for one, or the matter is one for the telephone."""
    verbs = desk_of(request).workbench.calls
    flags = sheet.case.flags or ()
    applying = last.draft.situations if last else ()
    spoken = {one.id for one in playbook.situations if one.proposes_call}
    return {
        "calls": await verbs.list(sheet.case.id),
        "slots": verbs.proposals(playbook, visit_of(request).language),
        "call_wanted": not CALLED_FLAGS.isdisjoint(flags) or not spoken.isdisjoint(applying),
    }


def _going_on(sheet: Sheet, last: DraftVersion | None) -> str:
    """The text to go on with: what was sent, unless a version is newer, else the draft."""
    sent = sheet.case.replied_at
    if sheet.reply and not (last and sent and last.origin != "triage" and last.at > sent):
        return sheet.reply
    return last.draft.body if last else ""


def _best(triage: Triage | None, queue: str | None, playbook: Playbook) -> list[tuple[str, float]]:
    """The likeliest queues of the playbook in force that the message is not in."""
    likely = [(one.queue, one.probability) for one in triage.alternatives] if triage else []
    return [(name, share) for name, share in likely if name in playbook.queue_ids and name != queue][:KEYED]
