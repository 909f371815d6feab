"""Calls to customers: booked inside the account's hours, and what became of them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response, status
from pydantic import AwareDatetime, Field, StringConstraints

from service.api.access import ForReview, ForTriage, TheDesk
from service.api.bodies import as_json, body_of, body_schema
from service.api.examples import CALL, CALL_SETTLED
from service.api.messages import MISSING, Person, Reference
from service.api.problems import Problem
from service.domain.call import Call, CallList, CallState
from service.domain.limits import MAX_ID_CHARS, MAX_VALUE_CHARS
from service.domain.value import Value

router = APIRouter(prefix="/v1/messages", tags=["calls"])

CallId = Annotated[str, Path(max_length=MAX_ID_CHARS, description="the id of one of the message's calls")]
TAKEN: dict[int | str, dict[str, object]] = {
    **MISSING,
    409: {"model": Problem, "description": "the message has a call booked, or that person another one then"},
}


class Booking(Value):
    """Half an hour where the end is not said."""

    starts_at: AwareDatetime = Field(strict=False)
    ends_at: AwareDatetime | None = Field(default=None, strict=False)
    by: Person


class CallOutcome(Value):
    """`held`, `missed` or `cancelled`; `booked` takes that back. Without a note the one that is there stays."""

    state: CallState
    by: Person
    note: Annotated[str, StringConstraints(max_length=MAX_VALUE_CHARS)] = ""


@router.get("/{message_id}/calls", response_model=CallList, responses=MISSING, summary="Its calls, oldest first")
async def listed(key: ForTriage, desk: TheDesk, message_id: Reference) -> Response:
    return as_json(CallList(items=tuple(await desk.workbench.calls.list(message_id, key.account))))


@router.post(
    "/{message_id}/calls",
    status_code=status.HTTP_201_CREATED,
    response_model=Call,
    responses=TAKEN,
    openapi_extra=body_schema(Booking, CALL),
    summary="Book a call to the customer",
)
async def book(
    key: ForReview, desk: TheDesk, message_id: Reference, wanted: Annotated[Booking, Depends(body_of(Booking))]
) -> Response:
    """Inside the hours of the account's `calls`. Nobody is called from here."""
    verbs = desk.workbench.calls
    call = await verbs.book(message_id, wanted.starts_at, wanted.by, wanted.ends_at, key.account)
    return Response(call.model_dump_json(), status.HTTP_201_CREATED, media_type="application/json")


@router.put(
    "/{message_id}/calls/{call_id}",
    response_model=Call,
    responses=MISSING,
    openapi_extra=body_schema(CallOutcome, CALL_SETTLED),
    summary="Say what became of a call, or take that back",
)
async def settle(
    key: ForReview,
    desk: TheDesk,
    message_id: Reference,
    call_id: CallId,
    outcome: Annotated[CallOutcome, Depends(body_of(CallOutcome))],
) -> Response:
    verbs = desk.workbench.calls
    return as_json(await verbs.settle(message_id, call_id, outcome.state, outcome.by, outcome.note, key.account))
