"""Subscriptions to what happens to an account's messages, and what is delivered to them."""

from typing import Literal, get_args

from pydantic import AwareDatetime, Field

from service.domain.value import Value

WebhookKind = Literal[
    "message.triaged", "message.failed", "message.corrected", "message.flagged", "message.replied", "draft.ready"
]
KINDS: tuple[WebhookKind, ...] = get_args(WebhookKind)
TEST = "webhook.test"
"""The type of what `webhook test` sends."""

DeliveryState = Literal["waiting", "sent", "dead"]


class Webhook(Value):
    """A subscription without its secret. `thin`: `data` holds ids only. `failures` in a row since `failing_since`;
    until `resting_until` nothing is tried. One that is disabled gets nothing, until its dead letters are sent again."""

    id: str
    account: str
    url: str
    events: tuple[WebhookKind, ...] = Field(strict=False)
    thin: bool = False
    created_at: AwareDatetime = Field(strict=False)
    disabled_at: AwareDatetime | None = Field(default=None, strict=False)
    failures: int = 0
    failing_since: AwareDatetime | None = Field(default=None, strict=False)
    resting_until: AwareDatetime | None = Field(default=None, strict=False)


class Delivery(Value):
    """What was, is or could not be delivered: `id` is the `webhook-id` of every try. `status` and `error` (a code) tell
    of the last one. `dead`: no longer tried, until it is sent again by hand."""

    id: str
    webhook_id: str
    account: str
    message_id: str
    kind: str
    state: DeliveryState
    attempts: int
    status: int | None = None
    error: str = ""
    created_at: AwareDatetime = Field(strict=False)
    due_at: AwareDatetime = Field(strict=False)
    sent_at: AwareDatetime | None = Field(default=None, strict=False)


class Parcel(Value):
    """One delivery, ready to be signed and posted."""

    id: str
    webhook_id: str
    url: str
    secret: str
    payload: str
    attempts: int = 0


class Answer(Value):
    """What became of a try: the status, or None where nothing answered; `retry_after_s` as the endpoint asked."""

    status: int | None = None
    error: str = ""
    retry_after_s: float | None = None

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        return self.status == 410
