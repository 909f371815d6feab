"""What was concluded lately, for whoever watches. Looks at the rows of some hours: not for a page that is hot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from service.storage.database import Transaction
from service.storage.schema import deliveries, messages, triages


@dataclass(frozen=True, slots=True)
class Concluded:
    """Triages of an account: how many, how many without the model or the index and the first of those, how many left to
    a person."""

    account: str
    triaged: int
    degraded: int
    degraded_since: datetime | None
    abstained: int


def concluded(transaction: Transaction, since: datetime) -> Sequence[Concluded]:
    """By account, of those that anything was triaged for since then."""
    worse, left = triages.c.degraded.is_(True), triages.c.outcome == "abstained"
    columns = (
        messages.c.account,
        func.count(),
        func.sum(case((worse, 1), else_=0)),
        func.min(case((worse, triages.c.created_at))),
        func.sum(case((left, 1), else_=0)),
    )
    joined = triages.join(messages, messages.c.id == triages.c.message_id)
    wanted = select(*columns).select_from(joined).where(triages.c.created_at > since).group_by(messages.c.account)
    return [Concluded(*row) for row in transaction.execute(wanted.order_by(messages.c.account))]


def failed_since(transaction: Transaction) -> datetime | None:
    """When the first of the messages came in whose triage failed."""
    oldest = select(func.min(messages.c.arrived_at)).where(messages.c.state == "failed")
    found: datetime | None = transaction.execute(oldest).scalar_one_or_none()
    return found


def dead_since(transaction: Transaction) -> datetime | None:
    """When the oldest delivery that was given up had been written."""
    oldest = select(func.min(deliveries.c.created_at)).where(deliveries.c.state == "dead")
    found: datetime | None = transaction.execute(oldest).scalar_one_or_none()
    return found
