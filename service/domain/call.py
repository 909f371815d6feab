"""A call to a customer: booked by an advisor, and what became of it."""

from typing import Annotated, Literal, get_args

from pydantic import AwareDatetime, Field

from service.domain.value import Value

CallState = Literal["booked", "held", "missed", "cancelled"]
CALL_STATES: tuple[CallState, ...] = get_args(CallState)


class Call(Value):
    """`held`: the customer was spoken to; `missed`: nobody answered. `note`: what an advisor wrote down of it."""

    id: str
    message_id: str
    account: str
    starts_at: AwareDatetime = Field(strict=False)
    ends_at: AwareDatetime = Field(strict=False)
    state: CallState
    booked_by: str
    booked_at: AwareDatetime = Field(strict=False)
    noted_by: str | None = None
    noted_at: AwareDatetime | None = Field(default=None, strict=False)
    note: str = ""


class CallList(Value):
    """Oldest first."""

    items: Annotated[tuple[Call, ...], Field(strict=False)]
