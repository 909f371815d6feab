"""Drafts of a message: every version, another one by an advisor's wish, and the advisor's own text."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Response
from pydantic import Field, StringConstraints

from service.api.access import ForReview, ForTriage, TheDesk
from service.api.bodies import as_json, body_of, body_schema
from service.api.conditions import TAGGED, IfMatch, started_from
from service.api.examples import REDRAFT, SAVED_DRAFT
from service.api.messages import MISSING, Person, Reference
from service.api.problems import Problem, Problematic
from service.desk.drafts.versions import Wanted
from service.domain.limits import MAX_ID_CHARS, MAX_VALUE_CHARS
from service.domain.value import Value
from service.domain.version import DraftVersion, DraftVersions
from service.errors import FieldProblem
from service.pipeline.redraft.keeping import Given, blocks

router = APIRouter(prefix="/v1/messages", tags=["drafts"])

MOST_CHARS, MOST_PARAGRAPHS = 100_000, 200
Text = Annotated[str, StringConstraints(max_length=MOST_CHARS)]
Number = Annotated[int, Field(ge=0)]
Named = Annotated[
    str | None,
    Header(alias="Idempotency-Key", max_length=MAX_ID_CHARS, description="the same key again gives the same version"),
]
CONFLICT: dict[int | str, dict[str, object]] = {
    **MISSING,
    409: {"model": Problem, "description": "another version was saved meanwhile; `errors` says how to go on"},
}


class KeptParagraph(Value):
    """A paragraph as it stands now. `locked`: to be kept word for word, whoever wrote it."""

    text: Text
    locked: bool = False


Kept = Text | Annotated[tuple[KeptParagraph, ...], Field(max_length=MOST_PARAGRAPHS, strict=False)]


class Redraft(Value):
    """`wish`: what to do otherwise, such as `plus court`. `keep`: the text as the advisor has it now, as one string or
    in paragraphs; what he wrote in it stays. `version`: the one that he started from, else the last."""

    by: Person
    wish: Annotated[str, StringConstraints(strip_whitespace=True, max_length=MAX_VALUE_CHARS)] = ""
    keep: Kept | None = None
    version: Number | None = None


class SavedDraft(Value):
    """The advisor's text, and the version that he started from; `If-Match` says it as well."""

    by: Person
    text: Kept
    version: Number | None = None


@router.get(
    "/{message_id}/drafts", response_model=DraftVersions, responses=MISSING, summary="Every draft of it, oldest first"
)
async def listed(key: ForTriage, desk: TheDesk, message_id: Reference) -> Response:
    """Version 0 is the triage's. Nothing is ever overwritten."""
    return as_json(DraftVersions(items=tuple(await desk.drafts.list(message_id, key.account))))


@router.post(
    "/{message_id}/draft",
    response_model=DraftVersion,
    responses={**CONFLICT, **TAGGED},
    openapi_extra=body_schema(Redraft, REDRAFT),
    summary="Another draft, by an advisor's wish",
)
async def regenerate(
    key: ForReview,
    desk: TheDesk,
    message_id: Reference,
    wanted: Annotated[Redraft, Depends(body_of(Redraft))],
    named: Named = None,
) -> Response:
    """For the queue that is in force by now. What a person wrote is kept word for word, and saved first."""
    asked = Wanted(wanted.by, wanted.wish, _given(wanted.keep), wanted.version, named or "")
    return _tagged(await desk.drafts.regenerate(message_id, asked, key.account))


@router.put(
    "/{message_id}/draft",
    response_model=DraftVersion,
    responses={**CONFLICT, **TAGGED},
    openapi_extra=body_schema(SavedDraft, SAVED_DRAFT),
    summary="Save the advisor's text as a version of its own",
)
async def save(
    key: ForReview,
    desk: TheDesk,
    message_id: Reference,
    saved: Annotated[SavedDraft, Depends(body_of(SavedDraft))],
    named: Named = None,
    if_match: IfMatch = None,
) -> Response:
    """Comes back with its findings. The same text again changes nothing."""
    asked = Wanted(saved.by, "", _given(saved.text), _version(saved.version, if_match), named or "")
    return _tagged(await desk.drafts.save(message_id, asked, key.account))


def _given(kept: str | tuple[KeptParagraph, ...] | None) -> tuple[Given, ...] | None:
    if kept is None:
        return None
    found = blocks(kept) if isinstance(kept, str) else [Given(one.text.strip(), one.locked) for one in kept]
    return tuple(one for one in found if one.text)


def _version(number: int | None, tag: str | None) -> int:
    """The version that a text was made from. Raises 422 where neither body nor `If-Match` say it, or not the same."""
    version = started_from(number, tag, "version")
    if version is None:
        cure = FieldProblem("version", 'give the number of the version that you started from, or `If-Match: "3"`')
        raise Problematic(422, "Which version the text was made from is not said.", cure)
    return version


def _tagged(version: DraftVersion) -> Response:
    response = as_json(version)
    response.headers["ETag"] = f'"{version.number}"'
    return response
