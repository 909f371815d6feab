"""Who is told of what happens to an account's messages: subscriptions, their dead letters, a try-out."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from service.desk.clock import utc_now
from service.desk.messages import checked_page
from service.domain.webhook import KINDS, TEST, Answer, Delivery, DeliveryState, Parcel, Webhook, WebhookKind
from service.errors import FieldProblem, MissingError, RefusedError
from service.storage import accounts, deliveries, webhooks
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record
from service.storage.ids import new_id

MOST = 20
"""Webhooks of one account."""


class Webhooks:
    """`check` refuses addresses, `new_secret` makes what deliveries are signed with, `post` sends one. Each verb takes
    `account` as `Messages` does."""

    def __init__(
        self,
        database: Database,
        check: Callable[[str], object],
        new_secret: Callable[[], str],
        post: Callable[[Parcel], Awaitable[Answer]],
    ) -> None:
        self._database = database
        self._check = check
        self._new_secret = new_secret
        self._post = post

    async def add(
        self, account: str, url: str, events: Sequence[WebhookKind] = KINDS, thin: bool = False, by: str = ""
    ) -> tuple[Webhook, str]:
        """The webhook and its secret, which is shown this once. Raises RefusedError."""
        self._check(url)
        unknown = [one for one in events if one not in KINDS]
        if unknown or not events:
            raise RefusedError("There is no such event.", (FieldProblem("events", "give some of " + ", ".join(KINDS)),))
        kinds, now = tuple(dict.fromkeys(events)), utc_now()
        webhook = Webhook(id=new_id(), account=account, url=url, events=kinds, thin=thin, created_at=now)
        secret = self._new_secret()
        await self._database.write(_add, webhook, secret, by)
        return webhook, secret

    async def list(self, account: str | None = None) -> Sequence[Webhook]:
        """Oldest first."""
        return await self._database.read(webhooks.of_account, account)

    async def remove(self, webhook_id: str, by: str, account: str | None = None) -> Webhook:
        """With what waits for it and its dead letters. Raises MissingError."""
        return await self._database.write(_remove, webhook_id, by, account, utc_now())

    async def deliveries(
        self,
        webhook_id: str,
        state: DeliveryState | None = None,
        account: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Sequence[Delivery]:
        """Newest first, older than the one that `cursor` names. Raises MissingError, RefusedError."""
        checked_page(limit, cursor)
        return await self._database.read(_deliveries, webhook_id, state, account, limit, cursor)

    async def resend(self, webhook_id: str, by: str, account: str | None = None, delivery_id: str | None = None) -> int:
        """Dead letters wait again, all or one, with the ids that they had; the webhook is no longer disabled, and its
        endpoint is tried at once. How many. Raises MissingError."""
        return await self._database.write(_resend, webhook_id, delivery_id, by, account, utc_now())

    async def counts(self) -> dict[tuple[str, str], int]:
        """Deliveries that wait or are dead, by account and state. Raises UnavailableError."""
        return await self._database.read(webhooks.counts)

    async def test(self, webhook_id: str, account: str | None = None) -> Answer:
        """Sends a `webhook.test` now, once, and says what came back. Raises MissingError."""
        parcel = await self._database.read(_tried, webhook_id, account, utc_now())
        return await self._post(parcel)


def found(transaction: Transaction, webhook_id: str, account: str | None) -> Webhook:
    webhook = webhooks.find(transaction, webhook_id.lower())
    if webhook is None or account not in {None, webhook.account}:
        raise MissingError("There is no such webhook.", (FieldProblem("id", "give the id that the list shows"),))
    return webhook


def _add(transaction: Transaction, webhook: Webhook, secret: str, by: str) -> None:
    if webhook.account not in accounts.ids(transaction):
        raise RefusedError("There is no such account.", (FieldProblem("account", "name an account that exists"),))
    if len(webhooks.of_account(transaction, webhook.account)) >= MOST:
        problem = FieldProblem("account", "remove a webhook that is not used any more")
        raise RefusedError(f"An account may have {MOST} webhooks.", (problem,))
    webhooks.add(transaction, webhook, secret)
    about = {"events": list(webhook.events), "thin": webhook.thin}
    record(transaction, new_event("webhook_added", webhook.id, webhook.created_at, webhook.account, by, after=about))


def _remove(transaction: Transaction, webhook_id: str, by: str, account: str | None, now: datetime) -> Webhook:
    webhook = found(transaction, webhook_id, account)
    webhooks.remove(transaction, webhook.id)
    record(transaction, new_event("webhook_removed", webhook.id, now, webhook.account, by))
    return webhook


def _deliveries(
    transaction: Transaction,
    webhook_id: str,
    state: DeliveryState | None,
    account: str | None,
    limit: int,
    cursor: str | None,
) -> list[Delivery]:
    return deliveries.page(transaction, found(transaction, webhook_id, account).id, state, limit, cursor)


def _resend(
    transaction: Transaction, webhook_id: str, delivery_id: str | None, by: str, account: str | None, now: datetime
) -> int:
    webhook = found(transaction, webhook_id, account)
    revived = deliveries.revive(transaction, webhook.id, delivery_id, now)
    if delivery_id is not None and not revived:
        problem = FieldProblem("delivery", "give the id of a dead one; the list of deliveries shows them")
        raise MissingError("There is no such dead letter.", (problem,))
    webhooks.change(transaction, webhook.id, disabled_at=None, failures=0, failing_since=None, resting_until=None)
    about = {"deliveries": revived}
    record(transaction, new_event("webhook_resent", webhook.id, now, webhook.account, by, after=about))
    return revived


def _tried(transaction: Transaction, webhook_id: str, account: str | None, now: datetime) -> Parcel:
    webhook, delivery_id = found(transaction, webhook_id, account), new_id()
    payload = webhooks.payload_of(delivery_id, TEST, webhook.account, {"webhook": webhook.id}, now)
    secret = webhooks.secret_of(transaction, webhook.id)
    return Parcel(id=delivery_id, webhook_id=webhook.id, url=webhook.url, secret=secret, payload=payload)
