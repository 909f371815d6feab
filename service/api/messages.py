"""Messages at rest: handed in, looked up, corrected, answered."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response, status
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from service.api.access import ForReview, ForTriage, TheDesk, account_for, for_key
from service.api.bodies import as_json, body_of, body_schema
from service.api.examples import CORRECTION, FLAGS, MESSAGE, REPLY
from service.api.problems import Problem
from service.api.triage import CONFLICT, Inbound
from service.desk.board.flagging import Flagged
from service.domain.case import Case, MessageState, Page
from service.domain.decision import Outcome
from service.domain.limits import MAX_BODY_CHARS, MAX_ID_CHARS, MAX_VALUE_CHARS
from service.domain.message import Message
from service.domain.value import Value
from service.storage.cases import Filter

router = APIRouter(prefix="/v1/messages", tags=["messages"])

Person = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_ID_CHARS)]
Reference = Annotated[str, Path(max_length=MAX_ID_CHARS, description="the id that triage gave")]
MOST_FLAGS = 50
MISSING: dict[int | str, dict[str, object]] = {404: {"model": Problem, "description": "no such message"}}
LOCATION = {"Location": {"description": "where the result can be read", "schema": {"type": "string"}}}

Flags = Annotated[tuple[Person, ...], Field(strict=False, max_length=MOST_FLAGS)]


class Correction(Value):
    """The right queue, by whom it was said and, if they like, why. `flags`: all that are right, `[]` where none is;
    left out where nobody looked at them: they stay as they are, and nothing is learned of them."""

    queue: Person
    by: Person
    comment: Annotated[str, StringConstraints(max_length=MAX_VALUE_CHARS)] = ""
    flags: Flags | None = None


class RightFlags(Value):
    """All flags that are right, `[]` where none is, and who says so."""

    flags: Flags
    by: Person


class Reply(Value):
    """The text that a human sent. It is recorded; nothing is sent from here. `sent_at`: now, where it is missing;
    one to come is kept, and counts as now. `version`: the draft that he was shown, where it was not the last one."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=MAX_BODY_CHARS)]
    by: Person
    sent_at: AwareDatetime | None = Field(default=None, strict=False)
    version: Annotated[int, Field(ge=0)] | None = None


class Listing(BaseModel):
    """Query parameters of a list. Times bound `received_at`: `since` is inside, `until` outside."""

    model_config = ConfigDict(extra="forbid")

    account: str | None = None
    queue: str | None = None
    outcome: Outcome | None = None
    state: MessageState | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    case: str | None = Field(default=None, description="the `case_id` of a message: all messages of its case")
    search: str = Field(default="", max_length=MAX_VALUE_CHARS, description="words of the message or its reply")
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = None


class Accepted(Value):
    """`state` is `received` until the worker has triaged the message."""

    id: str
    external_id: str | None
    state: MessageState


@router.post(
    "",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=Accepted,
    responses={**CONFLICT, 202: {"headers": LOCATION}},
    openapi_extra=body_schema(Message, MESSAGE),
    summary="Hand in a message, to be triaged in a moment",
)
async def receive(key: ForTriage, desk: TheDesk, message: Inbound, response: Response) -> Accepted:
    """Once this answers, the message is on disk. `Location` is where its result can be read."""
    receipt = await desk.intake.receive(for_key(message, key))
    response.headers["Location"] = f"/v1/messages/{receipt.id}"
    return Accepted(id=receipt.id, external_id=message.external_id, state=receipt.state)


@router.get("", response_model=Page, summary="Messages and where they stand, newest first, in pages")
async def listed(key: ForTriage, desk: TheDesk, filter_: Annotated[Listing, Query()]) -> Response:
    wanted = Filter(
        account=account_for(key, filter_.account),
        queue=filter_.queue,
        outcome=filter_.outcome,
        state=filter_.state,
        since=filter_.since,
        until=filter_.until,
        case=filter_.case,
    )
    return as_json(await desk.messages.list(wanted, filter_.limit, filter_.cursor, filter_.search))


@router.get("/{message_id}", response_model=Case, responses=MISSING, summary="One message with its triage")
async def one(key: ForTriage, desk: TheDesk, message_id: Reference) -> Response:
    return as_json(await desk.messages.get(message_id, key.account))


@router.post(
    "/{message_id}/retry",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=Case,
    responses={**MISSING, 409: {"model": Problem, "description": "the message is not failed"}},
    summary="Put a failed message back in line",
)
async def retry(key: ForReview, desk: TheDesk, message_id: Reference) -> Response:
    """Failed ones are listed by `GET /v1/messages?state=failed`, with the code of the last error."""
    case = await desk.backlog.retry(message_id, key.name, key.account)
    desk.worker.wake()
    return Response(case.model_dump_json(), status.HTTP_202_ACCEPTED, media_type="application/json")


@router.put(
    "/{message_id}/queue",
    response_model=Case,
    responses=MISSING,
    openapi_extra=body_schema(Correction, CORRECTION),
    summary="Correct the queue: the next message already learns from it",
)
async def correct(
    key: ForReview,
    desk: TheDesk,
    message_id: Reference,
    correction: Annotated[Correction, Depends(body_of(Correction))],
) -> Response:
    """What contradicts the playbook, or many confirmed messages, is contested: the message moves at once, and a lead
    decides whether it is learned from (`correction.state`)."""
    said = correction
    return as_json(await desk.review.correct(message_id, said.queue, said.by, said.comment, key.account, said.flags))


@router.put(
    "/{message_id}/flags",
    response_model=Case,
    responses=MISSING,
    openapi_extra=body_schema(RightFlags, FLAGS),
    summary="Say which flags are right, whatever the queue",
)
async def flag(
    key: ForReview, desk: TheDesk, message_id: Reference, said: Annotated[RightFlags, Depends(body_of(RightFlags))]
) -> Response:
    """In force at once (`flags`, `flagged_by`); what the triage said stays as it is. Learned once the queue of the
    message is confirmed."""
    return as_json(await desk.review.flag(message_id, Flagged(said.flags), said.by, key.account))


@router.put(
    "/{message_id}/reply",
    response_model=Case,
    responses=MISSING,
    openapi_extra=body_schema(Reply, REPLY),
    summary="Record the reply that a human sent",
)
async def reply(
    key: ForReview, desk: TheDesk, message_id: Reference, sent: Annotated[Reply, Depends(body_of(Reply))]
) -> Response:
    """Nothing is sent from here: this records what went out. `comparison` says what became of the draft."""
    case = await desk.review.record_reply(message_id, sent.text, sent.by, sent.sent_at, key.account, sent.version)
    return as_json(case)
