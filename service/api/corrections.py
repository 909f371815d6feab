"""What advisors said about queues: undone, or decided about by a lead."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from service.api.access import ForAdmin, ForReview, TheDesk, account_for
from service.api.bodies import as_json, body_of, body_schema
from service.api.examples import DECISION
from service.api.messages import MISSING, Person
from service.api.problems import Problem
from service.desk.learning.contested import Decided
from service.domain.case import Case
from service.domain.correction import CorrectionEntry, CorrectionPage, LessonState
from service.domain.limits import MAX_ID_CHARS, MAX_VALUE_CHARS
from service.domain.value import Value

router = APIRouter(prefix="/v1/corrections", tags=["learning"])

CorrectionId = Annotated[str, Path(max_length=MAX_ID_CHARS, description="the id of a message's `correction`")]
SETTLED: dict[int | str, dict[str, object]] = {
    **MISSING,
    409: {"model": Problem, "description": "it does not wait for this any more"},
}


class Decision(Value):
    """A lead's word: is the correction learned from?"""

    decision: Decided
    by: Person
    comment: Annotated[str, StringConstraints(max_length=MAX_VALUE_CHARS)] = ""


class CorrectionListing(BaseModel):
    """Query parameters of the list. Of each message the correction that counts; undone ones by their state."""

    model_config = ConfigDict(extra="forbid")

    account: str | None = None
    state: LessonState | None = None
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = None


@router.get("", response_model=CorrectionPage, summary="Corrections, newest first; `contested` ones wait for a lead")
async def listed(key: ForReview, desk: TheDesk, asked: Annotated[CorrectionListing, Query()]) -> Response:
    account = account_for(key, asked.account)
    return as_json(await desk.corrections.list(account, asked.state, asked.limit, asked.cursor))


@router.put(
    "/{correction_id}/decision",
    response_model=CorrectionEntry,
    responses=SETTLED,
    openapi_extra=body_schema(Decision, DECISION),
    summary="Decide whether a contested correction is learned from",
)
async def decide(
    key: ForAdmin, desk: TheDesk, correction_id: CorrectionId, said: Annotated[Decision, Depends(body_of(Decision))]
) -> Response:
    """The message stays in the queue that the advisor gave it."""
    return as_json(await desk.corrections.decide(correction_id, said.decision, said.by, said.comment, key.account))


@router.delete("/{correction_id}", response_model=Case, responses=SETTLED, summary="Undo a message's newest correction")
async def undo(key: ForReview, desk: TheDesk, correction_id: CorrectionId, by: Annotated[Person, Query()]) -> Response:
    """The message returns to the queue that it was in before, and what the correction taught is not learned from."""
    return as_json(await desk.review.undo(correction_id, by, key.account))
