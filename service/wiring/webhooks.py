"""Puts together what tells other programs."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from service.connectors.targets import Targets
from service.connectors.webhooks import Poster, new_webhook_secret
from service.courier import Courier
from service.desk.clock import utc_now
from service.desk.webhooks.outbox import Outbox
from service.desk.webhooks.subscriptions import Webhooks
from service.domain.webhook import Answer, Parcel
from service.settings import Settings
from service.storage.database import Database


def telling_of(settings: Settings, database: Database) -> dict[str, Any]:
    """The verbs about webhooks, by their names in the Desk. Raises RefusedError for a setting that cannot be used."""
    targets = Targets(settings.webhook_allow, settings.webhook_http)
    poster = Poster(targets, settings.webhook_timeout_s)

    async def post(parcel: Parcel) -> Answer:
        return await poster(parcel, utc_now())

    return {
        "webhooks": Webhooks(database, targets.check, new_webhook_secret, post),
        "courier": Courier(Outbox(database, lease=timedelta(seconds=2 * settings.webhook_timeout_s)), post),
    }


def then_woken(
    finish: Callable[[str, str], Awaitable[object]], courier: Courier
) -> Callable[[str, str], Awaitable[object]]:
    """What was triaged is told at once, where somebody wants to hear of it."""

    async def finished(message_id: str, worker: str) -> object:
        result = await finish(message_id, worker)
        courier.wake()
        return result

    return finished
