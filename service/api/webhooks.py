"""Webhooks: which program is told what of an account's messages. Only for admins."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response, status
from pydantic import Field, StringConstraints

from service.api.access import ForAdmin, TheDesk, account_for
from service.api.bodies import as_json, body_of, body_schema
from service.api.examples import WEBHOOK
from service.api.problems import Problem
from service.domain.limits import MAX_ID_CHARS, MAX_LINE_CHARS
from service.domain.value import Value
from service.domain.webhook import KINDS, Answer, Delivery, DeliveryState, Webhook, WebhookKind

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])

Reference = Annotated[str, Path(max_length=MAX_ID_CHARS, description="the id that the list shows")]
MISSING: dict[int | str, dict[str, object]] = {404: {"model": Problem, "description": "no such webhook"}}


class Subscription(Value):
    """Who wants to hear of what. `thin`: `data` holds only the message's ids, and the rest is asked for by `GET`."""

    url: Annotated[str, StringConstraints(min_length=1, max_length=MAX_LINE_CHARS)]
    events: Annotated[tuple[WebhookKind, ...], Field(strict=False)] = KINDS
    thin: bool = False
    account: str | None = None


class Subscribed(Value):
    """`secret` is shown this once: deliveries are signed with it."""

    webhook: Webhook
    secret: str


class WebhookList(Value):
    items: tuple[Webhook, ...]


class DeliveryPage(Value):
    """Newest first. `next_cursor` is None on the last page."""

    items: tuple[Delivery, ...]
    next_cursor: str | None = None


class Resent(Value):
    """How many dead letters wait again."""

    deliveries: int


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    response_model=Subscribed,
    openapi_extra=body_schema(Subscription, WEBHOOK),
    summary="Tell an address what happens to messages",
)
async def subscribe(
    key: ForAdmin, desk: TheDesk, asked: Annotated[Subscription, Depends(body_of(Subscription))]
) -> Response:
    """Deliveries are signed, and come at least once: see docs/webhooks.md."""
    account = await desk.account(account_for(key, asked.account))
    webhook, secret = await desk.webhooks.add(account, asked.url, asked.events, asked.thin, key.name)
    made = Subscribed(webhook=webhook, secret=secret)
    return Response(made.model_dump_json(), status.HTTP_201_CREATED, media_type="application/json")


@router.get("", response_model=WebhookList, summary="Webhooks and how they fare")
async def listed(key: ForAdmin, desk: TheDesk, account: str | None = None) -> Response:
    return as_json(WebhookList(items=tuple(await desk.webhooks.list(account_for(key, account)))))


@router.delete(
    "/{webhook_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
    responses=MISSING,
    summary="End a webhook, with what waits for it",
)
async def remove(key: ForAdmin, desk: TheDesk, webhook_id: Reference) -> Response:
    await desk.webhooks.remove(webhook_id, key.name, key.account)
    return Response(status_code=status.HTTP_204_NO_CONTENT)


@router.post("/{webhook_id}/test", response_model=Answer, responses=MISSING, summary="Send a `webhook.test` now")
async def test(key: ForAdmin, desk: TheDesk, webhook_id: Reference) -> Response:
    """Once, and says what came back: the status, or a code where nothing did."""
    return as_json(await desk.webhooks.test(webhook_id, key.account))


@router.get(
    "/{webhook_id}/deliveries", response_model=DeliveryPage, responses=MISSING, summary="What was told, or could not be"
)
async def deliveries(
    key: ForAdmin,
    desk: TheDesk,
    webhook_id: Reference,
    state: DeliveryState | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: str | None = None,
) -> Response:
    """`state=dead` lists the dead letters."""
    found = tuple(await desk.webhooks.deliveries(webhook_id, state, key.account, limit, cursor))
    return as_json(DeliveryPage(items=found, next_cursor=found[-1].id if len(found) == limit else None))


@router.post(
    "/{webhook_id}/resend", response_model=Resent, responses=MISSING, summary="Send dead letters again, all or one"
)
async def resend(
    key: ForAdmin,
    desk: TheDesk,
    webhook_id: Reference,
    delivery: Annotated[str | None, Query(max_length=MAX_ID_CHARS, description="the id of one; without, all")] = None,
) -> Response:
    """They keep their ids. A webhook that was disabled, because its endpoint answered 410, is told again."""
    count = await desk.webhooks.resend(webhook_id, key.name, key.account, delivery)
    desk.courier.wake()
    return as_json(Resent(deliveries=count))
