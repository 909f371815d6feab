"""One message: the customer's words, what was concluded from them and why, the draft beside its sources."""

from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from service.desk.reading import Sheet
from service.domain.answers import CannedAnswer
from service.domain.draft import Draft, Finding, Paragraph
from service.domain.limits import MAX_VALUE_CHARS
from service.domain.playbook import Playbook
from service.domain.triage import Triage
from service.errors import FieldProblem, RefusedError
from service.web.board import labels
from service.web.guard import desk_of
from service.web.marked import Piece, Span, pieces, portions
from service.web.pages import away, page
from service.web.preferences import person_of

router = APIRouter(prefix="/messages/{message_id}")

Text = Annotated[str, Form()]

SHOWN_CHARS = 12_000
"""Of each part of a message; the rest is shown when it is asked for."""

KEYED = 3
"""Queues that one key is enough for."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of the draft with its findings, and the canned answers that it was written from; `leads` where
    these are others than those of the paragraph before."""

    pieces: tuple[Piece[Finding], ...]
    sources: tuple[str, ...]
    answers: tuple[CannedAnswer, ...]
    leads: bool = True


@router.get("")
async def message(request: Request, message_id: str, whole: bool = False) -> Response:
    desk = desk_of(request)
    sheet = await _sheet(request, message_id)
    account = sheet.case.account
    playbook, triage = await desk.playbooks.active(account), sheet.case.triage
    answers = {answer.id: answer for answer in await desk.answers.list(account)} if triage and triage.draft else {}
    shown: dict[str, Any] = {
        "portions": portions(sheet.cleaned, triage.evidence if triage else (), None if whole else SHOWN_CHARS),
        "passages": _passages(triage.draft, answers) if triage and triage.draft else (),
        "best": _best(triage, sheet.case.queue, playbook),
        "label_of": labels({account: playbook}),
        "whole": whole,
        "unread": "truncated" in sheet.cleaned.notes,
    }
    return page(request, "message.html", sheet=sheet, case=sheet.case, triage=triage, playbook=playbook, **shown)


@router.post("/queue")
async def correct(request: Request, message_id: str, queue: Text = "", comment: Text = "") -> Response:
    desk, person = desk_of(request), person_of(request)
    before = (await _sheet(request, message_id)).case
    case = await desk.review.correct(before.id, queue, person.name, comment[:MAX_VALUE_CHARS], before.account)
    if case.correction is not None:
        desk.metrics.corrected(case.account, case.correction.state)
    return away(f"/messages/{case.id}", "confirmed" if before.queue == queue else "corrected")


@router.post("/undo")
async def undo(request: Request, message_id: str, correction: Text = "") -> Response:
    case = (await _sheet(request, message_id)).case
    await desk_of(request).review.undo(correction, person_of(request).name, case.account)
    return away(f"/messages/{case.id}", "undone")


@router.post("/reply")
async def reply(request: Request, message_id: str, text: Text = "") -> Response:
    """Nothing is sent from here: this records what went out."""
    case = (await _sheet(request, message_id)).case
    sent = text.replace("\r\n", "\n").strip()
    if not sent:
        raise RefusedError("There is no text.", (FieldProblem("text", "give the text that was sent", "no_text"),))
    await desk_of(request).review.record_reply(case.id, sent, person_of(request).name, account=case.account)
    return away(f"/messages/{case.id}", "replied")


async def _sheet(request: Request, message_id: str) -> Sheet:
    """Raises MissingError, also for a message of an account that this person does not see."""
    return await desk_of(request).workbench.reading.sheet(message_id, person_of(request).accounts)


def _best(triage: Triage | None, queue: str | None, playbook: Playbook) -> list[tuple[str, float]]:
    """The likeliest queues of the playbook in force that the message is not in."""
    likely = [(one.queue, one.probability) for one in triage.alternatives] if triage else []
    return [(name, share) for name, share in likely if name in playbook.queue_ids and name != queue][:KEYED]


def _passages(draft: Draft, answers: dict[str, CannedAnswer]) -> list[Passage]:
    findings = [Span(one.start, one.end, one) for one in draft.findings]
    found: list[Passage] = []
    at = 0
    for paragraph in draft.paragraphs:
        start = draft.body.find(paragraph.text, at)
        one = _passage(draft.body, start, paragraph, findings, answers)
        same = bool(found) and found[-1].answers == one.answers and not one.sources
        found.append(replace(one, leads=not same))
        at = max(at, start + len(paragraph.text))
    return found


def _passage(
    body: str, start: int, paragraph: Paragraph, findings: list[Span[Finding]], answers: dict[str, CannedAnswer]
) -> Passage:
    """A paragraph that is not found in the body as it stands is shown without its findings."""
    cut = pieces(body, start, start + len(paragraph.text), findings) if start >= 0 else [Piece[Finding](paragraph.text)]
    known = tuple(answers[source] for source in paragraph.sources if source in answers)
    return Passage(tuple(cut), tuple(source for source in paragraph.sources if source not in answers), known)
