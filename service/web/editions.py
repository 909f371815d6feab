"""An edition of a playbook: its files as forms, kept as one types, checked, previewed on a message, merged."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from service.desk.playbooks.editing import Kept, Sheet
from service.desk.playbooks.previewing import Preview
from service.domain.edition import Edited
from service.domain.message import Message
from service.domain.proof import Trial
from service.errors import AiguilleurError, MissingError
from service.faults import status_of
from service.playbooks.compared import compared
from service.playbooks.form import WHOLE, fields_of
from service.playbooks.yaml_edit import typed
from service.web.account import labels_of
from service.web.guard import desk_of
from service.web.pages import away, page, words_of
from service.web.preferences import person_of
from service.web.visit import visit_of

router = APIRouter(prefix="/playbooks/editions/{edition_id}")

Text = Annotated[str, Form()]
NOW, WAS = "now.", "was."
SEEN = "seen"
"""What fields of a form are called: what was typed, and what had stood there; of a whole file only its name."""
FRAGMENT = "x-fragment"
MOST_PREVIEWED = 20_000


async def edited_of(request: Request, edition_id: str) -> Edited:
    """Raises MissingError, also for an account that this person does not see."""
    editions = desk_of(request).editor.editions
    return await editions.files(await editions.find(edition_id, person_of(request).accounts))


async def texts_of(request: Request, edition_id: str) -> Edited:
    """As `edited_of`, for what does not need the edition's version."""
    editions = desk_of(request).editor.editions
    return await editions.texts(await editions.find(edition_id, person_of(request).accounts))


@router.get("")
async def edition(request: Request, edition_id: str) -> Response:
    return await edition_page(request, await edited_of(request, edition_id))


async def edition_page(
    request: Request, edited: Edited, status: int = 200, told: Sequence[str] = (), **more: Any
) -> Response:
    """What the edition changes, what is wrong in it, and how far its trial is."""
    desk, account = desk_of(request), edited.edition.account
    active = await desk.playbooks.active(account)
    base = await desk.playbooks.version(account, edited.edition.base)
    playbook = await desk.playbooks.read(edited.files) if edited.version else None
    mistakes = await desk.editor.editing.mistakes(edited, visit_of(request).language)
    trial: Trial | None = await desk.editor.editions.trial(edited)
    others = [one for one in await desk.editor.editions.list(account) if one.id != edited.edition.id]
    shown: dict[str, Any] = {
        "edited": edited,
        "active": active,
        "queues": (playbook or base).queues,
        "parts": compared(base, playbook) if playbook else [],
        "labels": labels_of(base, playbook or base),
        "errors": [one for one in mistakes if one.severity == "error"],
        "trial": trial,
        "others": others,
        "told": told,
    }
    return page(request, "edition.html", status, edition=edited.edition, **shown, **more)


@router.get("/file")
async def file(request: Request, edition_id: str, name: str = "") -> Response:
    edited = await texts_of(request, edition_id)
    sheet = await desk_of(request).editor.editing.sheet(edited, name, visit_of(request).language)
    return _file_page(request, edited, sheet)


@router.post("/file")
async def keep(request: Request, edition_id: str, name: str = "") -> Response:
    """Kept whatever is wrong in it. For our script: what is wrong, by field; else the page with it."""
    edited = await texts_of(request, edition_id)
    form = [(key, value) for key, value in (await request.form()).multi_items() if isinstance(value, str)]
    now = {key.removeprefix(NOW): value for key, value in form if key.startswith(NOW)}
    was = {key.removeprefix(WAS): value for key, value in form if key.startswith(WAS)}
    by, language, seen = person_of(request).name, visit_of(request).language, dict(form).get(SEEN, "")
    kept = await desk_of(request).editor.editing.keep(edited.edition.id, name, now, was, by, language, seen)
    if request.headers.get(FRAGMENT):
        return JSONResponse(_told(request, kept, now), headers={FRAGMENT: "1"})
    if kept.conflicts:
        typed = {**kept.sheet.form, **now}
        return _file_page(request, edited, kept.sheet, 409, typed=typed, conflicts=kept.conflicts)
    return away(f"/playbooks/editions/{edition_id}/file?name={name}", "saved")


@router.post("/queues")
async def add_queue(request: Request, edition_id: str, queue: Text = "", label: Text = "") -> Response:
    edited = await edited_of(request, edition_id)
    editing = desk_of(request).editor.editing
    try:
        name = await editing.add_queue(edited.edition.id, queue.strip(), label, person_of(request).name)
    except AiguilleurError as error:
        return await refused(request, edited, error)
    return away(f"/playbooks/editions/{edition_id}/file?name={name}")


@router.post("/remove")
async def remove_queue(request: Request, edition_id: str, name: Text = "") -> Response:
    edited = await edited_of(request, edition_id)
    await desk_of(request).editor.editing.remove_queue(edited.edition.id, name, person_of(request).name)
    return away(f"/playbooks/editions/{edition_id}", "saved")


@router.post("/undo")
async def undo(request: Request, edition_id: str, name: Text = "") -> Response:
    edited = await edited_of(request, edition_id)
    await desk_of(request).editor.editing.undo(edited.edition.id, name, person_of(request).name)
    return away(f"/playbooks/editions/{edition_id}", "undone_file")


@router.post("/drop")
async def drop(request: Request, edition_id: str) -> Response:
    edited = await edited_of(request, edition_id)
    await desk_of(request).editor.editions.drop(edited.edition.id, person_of(request).name)
    return away(f"/playbooks?account={edited.edition.account}", "edition_dropped")


@router.get("/preview")
async def preview_form(request: Request, edition_id: str) -> Response:
    return await _preview_page(request, await edited_of(request, edition_id))


@router.post("/preview")
async def preview(
    request: Request, edition_id: str, subject: Text = "", text: Text = "", message: Text = ""
) -> Response:
    """Of a text, or of a message by its id; nothing is kept."""
    edited = await edited_of(request, edition_id)
    previewing, account = desk_of(request).editor.previewing, edited.edition.account
    typed = {"subject": subject[:500], "text": text[:MOST_PREVIEWED], "message": message.strip()[:200]}
    found = await previewing.message(typed["message"], account) if typed["message"] else None
    if found is None and typed["message"]:
        return await _preview_page(request, edited, 404, typed, told=[words_of(request)("preview.no_message")])
    try:
        seen = await previewing.see(
            account, edited.files, found or Message(subject=typed["subject"], body=typed["text"])
        )
    except AiguilleurError as error:
        return await _preview_page(
            request, edited, status_of(error), typed, told=[words_of(request)("preview.mistakes")]
        )
    return await _preview_page(request, edited, 200, typed, seen)


@router.get("/merge")
async def merge_page(request: Request, edition_id: str, other: str = "") -> Response:
    """What the edition and the version in force, or another edition, would be together."""
    edited = await edited_of(request, edition_id)
    merged = await desk_of(request).editor.editions.merged(edited.edition.id, other or None)
    return _merge_page(request, edited, merged.conflicts, other)


@router.post("/merge")
async def join(request: Request, edition_id: str, other: Text = "") -> Response:
    edited = await edited_of(request, edition_id)
    form = await request.form()
    given = {key.removeprefix("choice."): value for key, value in form.items() if key.startswith("choice.")}
    choices: dict[str, Any] = {key: value for key, value in given.items() if value in {"ours", "theirs"}}
    editions, by = desk_of(request).editor.editions, person_of(request).name
    try:
        merged = await editions.join(edited.edition.id, by, other or None, choices)
    except AiguilleurError as error:
        return await refused(request, edited, error)
    if merged.conflicts:
        return _merge_page(request, edited, merged.conflicts, other, 409)
    return away(f"/playbooks/editions/{edition_id}", "merged")


async def refused(request: Request, edited: Edited, error: AiguilleurError) -> Response:
    """The edition's page with why it could not be done. Raises MissingError."""
    if isinstance(error, MissingError):
        raise error
    return await edition_page(request, edited, status_of(error), words_of(request).refusal(error))


def _file_page(request: Request, edited: Edited, sheet: Sheet, status: int = 200, **more: Any) -> Response:
    whole = [one for one in fields_of(sheet.file) if one.name in sheet.form]
    fields = whole or fields_of("")
    shown = {"typed": sheet.form, "conflicts": ()} | more
    return page(
        request, "edition_file.html", status, edition=edited.edition, edited=edited, sheet=sheet, fields=fields, **shown
    )


async def _preview_page(
    request: Request,
    edited: Edited,
    status: int = 200,
    typed: dict[str, str] | None = None,
    seen: Preview | None = None,
    told: Sequence[str] = (),
) -> Response:
    typed = typed or {"subject": "", "text": "", "message": ""}
    known = [await desk_of(request).playbooks.active(edited.edition.account)]
    known += [await desk_of(request).playbooks.read(edited.files)] if seen else []
    shown: dict[str, Any] = {"typed": typed, "seen": seen, "labels": labels_of(*known), "told": told}
    return page(request, "edition_preview.html", status, edition=edited.edition, **shown)


def _merge_page(request: Request, edited: Edited, conflicts: Sequence[Any], other: str, status: int = 200) -> Response:
    return page(request, "edition_merge.html", status, edition=edited.edition, conflicts=conflicts, other=other)


def _told(request: Request, kept: Kept, sent: Mapping[str, str]) -> dict[str, Any]:
    """Without what stands as it was sent: a file of examples is long."""
    words = words_of(request)
    mistakes = [
        {
            "field": one.field,
            "severity": one.mistake.severity,
            "text": f"{words('editor.line', n=one.line)} {_sentence(one)}" if one.line else _sentence(one),
        }
        for one in kept.sheet.mistakes
    ]
    elsewhere = [one for one in kept.sheet.elsewhere if one.severity == "error"]
    return {
        "saved": words("editor.saved", at=words.moment(kept.edition.updated_at)),
        "form": {
            name: text for name, text in kept.sheet.form.items() if name != WHOLE or typed(sent.get(name, "")) != text
        },
        "seen": kept.sheet.seen,
        "mistakes": mistakes,
        "elsewhere": words("editor.elsewhere", n=len(elsewhere)) if elsewhere else "",
        "conflicts": [words("editor.conflict", theirs=one.theirs or "-") for one in kept.conflicts],
    }


def _sentence(one: Any) -> str:
    return f"{one.mistake.problem} {one.mistake.cure}"
