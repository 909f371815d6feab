"""Hands a draft over to whoever sends, and takes it back. Nothing is sent from here."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from service.api.access import ForReview, TheDesk
from service.api.bodies import as_json, body_of, body_schema
from service.api.drafts import Number
from service.api.examples import HANDING_OVER
from service.api.messages import MISSING, Person, Reference
from service.api.problems import Problem
from service.domain.case import Case
from service.domain.limits import MAX_ID_CHARS
from service.domain.value import Value
from service.domain.version import DraftVersion

router = APIRouter(prefix="/v1/messages", tags=["drafts"])

UNFIT: dict[int | str, dict[str, object]] = {
    **MISSING,
    409: {"model": Problem, "description": "no such version, or placeholders are left in it"},
}


class HandOver(Value):
    """`version`: which draft is ready; without it, the last."""

    by: Person
    version: Number | None = None


@router.put(
    "/{message_id}/ready",
    response_model=DraftVersion,
    responses=UNFIT,
    openapi_extra=body_schema(HandOver, HANDING_OVER),
    summary="Mark a draft as ready for whoever sends",
)
async def hand_over(
    key: ForReview, desk: TheDesk, message_id: Reference, wanted: Annotated[HandOver, Depends(body_of(HandOver))]
) -> Response:
    """The account's webhooks hear `draft.ready`. It replaces another one that was ready; the same again changes
    nothing."""
    handing = desk.workbench.handing_over
    return as_json(await handing.hand_over(message_id, wanted.by, wanted.version, key.account))


@router.delete(
    "/{message_id}/ready", response_model=Case, responses=MISSING, summary="No draft of the message is ready any more"
)
async def take_back(
    key: ForReview,
    desk: TheDesk,
    message_id: Reference,
    by: Annotated[str, Query(min_length=1, max_length=MAX_ID_CHARS)],
) -> Response:
    return as_json(await desk.workbench.handing_over.take_back(message_id, by, key.account))
