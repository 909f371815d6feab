"""While an advisor writes: the text is kept as he types, answers are found and put in, a draft is handed over."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from service.desk.answers.finding import Asked, Found
from service.desk.drafts.typed import typed
from service.desk.drafts.versions import Wanted
from service.domain.case import Case
from service.errors import AiguilleurError, FieldProblem, MissingError, RefusedError
from service.faults import status_of
from service.web.board import labels
from service.web.drafting import checked_text, given_back, told
from service.web.guard import desk_of
from service.web.message import Typed, sheet_of, sheet_page
from service.web.pages import away, page
from service.web.preferences import person_of
from service.web.whole_numbers import whole

router = APIRouter(prefix="/messages/{message_id}")

Text = Annotated[str, Form()]


@router.post("/autosave")
async def autosave(request: Request, message_id: str, text: Text = "", version: Text = "") -> Response:
    """As saving by the button, for a script: JSON with the version that the text is now, or with what stands against
    it. An empty text is not kept."""
    case = (await sheet_of(request, message_id)).case
    wanted = Wanted(person_of(request).name, keep=typed(text), version=whole(version))
    try:
        checked_text(text)
        if not wanted.keep:
            return JSONResponse({"version": wanted.version})
        kept = await desk_of(request).drafts.save(case.id, wanted, case.account)
    except AiguilleurError as error:
        return JSONResponse({"told": " ".join(told(request, error))}, status_of(error))
    return JSONResponse({"version": kept.number})


@router.get("/answers")
async def answers(request: Request, message_id: str, asked: str = "") -> Response:
    """A part of a page, for a script."""
    case = (await sheet_of(request, message_id)).case
    named = labels({case.account: await desk_of(request).playbooks.active(case.account)})
    found = await _found(request, case, asked)
    return page(request, "answers_found.html", found_answers=found, message_id=case.id, case=case, label_of=named)


@router.post("/answers")
async def find(request: Request, message_id: str, text: Text = "", version: Text = "", asked: Text = "") -> Response:
    """The page with what was typed, and the answers that were found."""
    sheet = await sheet_of(request, message_id)
    found = await _found(request, sheet.case, asked)
    back = Typed(text.replace("\r\n", "\n"), version=whole(version), asked=asked, answers=found)
    return await sheet_page(request, sheet, typed=back)


@router.post("/insert")
async def insert(request: Request, message_id: str, text: Text = "", version: Text = "", answer: Text = "") -> Response:
    """Puts a canned answer after what was typed, and gives both back to go on with."""
    sheet = await sheet_of(request, message_id)
    chosen = (await desk_of(request).answers.named(sheet.case.account, [answer])).get(answer)
    if chosen is None:
        raise MissingError("There is no such answer.", (FieldProblem("answer", "choose one that was found"),))
    longer = "\n\n".join(filter(None, (text.replace("\r\n", "\n").rstrip(), chosen.body)))
    return await sheet_page(request, sheet, typed=Typed(longer, version=whole(version)))


@router.post("/ready")
async def hand_over(request: Request, message_id: str, text: Text = "", version: Text = "") -> Response:
    """Keeps the text as a version and marks it ready for the CRM. Nothing is sent from here."""
    case = (await sheet_of(request, message_id)).case
    by, desk = person_of(request).name, desk_of(request)
    wanted = Wanted(by, keep=typed(text), version=whole(version))
    try:
        checked_text(text)
        if not wanted.keep:
            raise RefusedError("There is no text.", (FieldProblem("text", "write something", "no_text"),))
        kept = await desk.drafts.save(case.id, wanted, case.account)
        await desk.workbench.handing_over.hand_over(case.id, by, kept.number, case.account)
    except AiguilleurError as error:
        return await given_back(request, message_id, error, text)
    return away(f"/messages/{case.id}", "handed_over")


@router.post("/unready")
async def take_back(request: Request, message_id: str) -> Response:
    case = (await sheet_of(request, message_id)).case
    await desk_of(request).workbench.handing_over.take_back(case.id, person_of(request).name, case.account)
    return away(f"/messages/{case.id}", "taken_back")


async def _found(request: Request, case: Case, asked: str) -> Found:
    triage = case.triage
    likely = [one.queue for one in triage.alternatives] if triage else []
    known = Asked(case.queue, triage.answers_ranked if triage else (), likely)
    return await desk_of(request).workbench.finding_answers.find(case.account, asked, known)
