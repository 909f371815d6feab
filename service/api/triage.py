"""`POST /v1/triage`: a message in, its Triage out, in one call."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from service.api.access import ForTriage, TheDesk, for_key
from service.api.bodies import as_json, body_of, body_schema
from service.api.examples import MESSAGE
from service.api.problems import Problem
from service.domain.message import Message
from service.domain.triage import Triage

router = APIRouter(prefix="/v1", tags=["triage"])

Inbound = Annotated[Message, Depends(body_of(Message))]
CONFLICT: dict[int | str, dict[str, object]] = {
    409: {"model": Problem, "description": "the same external_id was used for another message"}
}


@router.post(
    "/triage",
    response_model=Triage,
    responses=CONFLICT,
    openapi_extra=body_schema(Message, MESSAGE),
    summary="Triage a message and wait for the result",
)
async def triage(key: ForTriage, desk: TheDesk, message: Inbound) -> Response:
    """Idempotent by `external_id`: the same message again gives the first result, another body a 409."""
    with desk.gate.entered():
        return as_json(await desk.triages.triage(for_key(message, key)))
