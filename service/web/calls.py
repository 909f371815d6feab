"""Calls to a customer on a message's page: booked in a slot, noted, taken back. Nobody is called from here."""

from datetime import datetime
from typing import Annotated, cast

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from service.domain.call import CallState
from service.domain.limits import MAX_VALUE_CHARS
from service.errors import FieldProblem, RefusedError
from service.web.guard import desk_of
from service.web.message import sheet_of
from service.web.pages import away
from service.web.preferences import person_of

router = APIRouter(prefix="/messages/{message_id}/calls")

Text = Annotated[str, Form()]


@router.post("")
async def book(request: Request, message_id: str, slot: Text = "") -> Response:
    """`slot`: the beginning and the end of a proposal, as the page has them."""
    case = (await sheet_of(request, message_id)).case
    start, end = _slot(slot)
    await desk_of(request).workbench.calls.book(case.id, start, person_of(request).name, end, case.account)
    return away(f"/messages/{case.id}", "call_booked")


@router.post("/{call_id}")
async def settle(request: Request, message_id: str, call_id: str, state: Text = "", note: Text = "") -> Response:
    case = (await sheet_of(request, message_id)).case
    by, said = person_of(request).name, note.replace("\r\n", "\n")[:MAX_VALUE_CHARS]
    await desk_of(request).workbench.calls.settle(case.id, call_id, cast(CallState, state), by, said, case.account)
    return away(f"/messages/{case.id}", "call_settled")


def _slot(written: str) -> tuple[datetime, datetime]:
    try:
        start, end = (datetime.fromisoformat(one) for one in written.split("/"))
        if start.tzinfo is None or end.tzinfo is None:
            raise ValueError
        return start, end
    except (ValueError, OverflowError):
        raise RefusedError("That is no slot.", (FieldProblem("slot", "choose a slot", "call_time"),)) from None
