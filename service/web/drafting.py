"""The draft on a message's page: saved as an advisor edits it, made anew by his wish. What he typed is never lost."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from service.desk.drafts.typed import known_wishes, typed
from service.desk.drafts.versions import Wanted
from service.domain.limits import MAX_VALUE_CHARS
from service.errors import AiguilleurError, ConflictError, FieldProblem, MissingError, RefusedError
from service.faults import status_of
from service.web.guard import desk_of
from service.web.message import Typed, sheet_of, sheet_page
from service.web.pages import away, words_of
from service.web.preferences import person_of
from service.web.whole_numbers import whole

router = APIRouter(prefix="/messages/{message_id}")

Text = Annotated[str, Form()]

MOST_CHARS = 100_000


@router.post("/draft")
async def save(request: Request, message_id: str, text: Text = "", version: Text = "") -> Response:
    """Keeps the text as a version; where somebody was faster the page shows both."""
    case = (await sheet_of(request, message_id)).case
    wanted = Wanted(person_of(request).name, keep=typed(text), version=whole(version))
    try:
        checked_text(text)
        if not wanted.keep:
            raise RefusedError("There is no text.", (FieldProblem("text", "write something", "no_text"),))
        await desk_of(request).drafts.save(case.id, wanted, case.account)
    except AiguilleurError as error:
        return await given_back(request, message_id, error, text)
    return away(f"/messages/{case.id}", "saved")


@router.post("/wish")
async def regenerate(
    request: Request, message_id: str, text: Text = "", version: Text = "", wish: Text = "", said: Text = ""
) -> Response:
    """`wish`: a button's; `said`: typed. Without either the draft is made anew. An empty text keeps nothing."""
    case = (await sheet_of(request, message_id)).case
    wished = (wish or said).strip()[:MAX_VALUE_CHARS]
    wanted = Wanted(person_of(request).name, wished, typed(text) or None, whole(version))
    try:
        checked_text(text)
        await desk_of(request).drafts.regenerate(case.id, wanted, case.account)
    except AiguilleurError as error:
        return await given_back(request, message_id, error, text, wished)
    return away(f"/messages/{case.id}", "drafted")


def checked_text(text: str) -> None:
    """Raises RefusedError for a text that is too long to keep."""
    if len(text) > MOST_CHARS:
        raise RefusedError("The text is too long.", (FieldProblem("text", f"at most {MOST_CHARS} characters"),))


async def given_back(request: Request, message_id: str, error: AiguilleurError, text: str, wish: str = "") -> Response:
    """The page as it stands now, with what was typed and why it could not be taken. Raises MissingError."""
    if isinstance(error, MissingError):
        raise error
    sheet = await sheet_of(request, message_id)
    back = Typed(text.replace("\r\n", "\n"), wish, told(request, error))
    return await sheet_page(request, sheet, status_of(error), typed=back)


def told(request: Request, error: AiguilleurError) -> list[str]:
    """Why a text could not be taken, in sentences."""
    words, fields = words_of(request), {one.field for one in error.problems if not one.code}
    if isinstance(error, ConflictError) and "version" in fields:
        return [words("version.overtaken")]
    if "text" in fields:
        return [words("version.too_long", most=MOST_CHARS)]
    if "wish" in fields:
        return [words("wish.unknown", known=", ".join(known_wishes(words.language)))]
    return words.refusal(error)
