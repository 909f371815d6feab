"""One digest, from the figures and from what waits."""

from collections import Counter
from datetime import date, datetime, timedelta

from service.desk.oversight.mix import shift_of
from service.desk.upkeep.lights import bounds
from service.domain.digest import Digest, DigestQueue, Span
from service.domain.playbook import Playbook
from service.storage import board, figures, messages
from service.storage.database import Transaction
from service.storage.messages import Standing

A_DAY = timedelta(days=1)

Days = tuple[date, date]


def digest_of(
    transaction: Transaction, playbook: Playbook, span: Span, first: date, last: date, now: datetime
) -> Digest:
    """Days in Paris, both inside; the span before is as long."""
    account, before = playbook.account, (first - (last - first) - A_DAY, first - A_DAY)
    total = _totals(transaction, account, first, last)
    queues = _queues(transaction, playbook, (first, last), before, now)
    waits = next((one for one in messages.standing(transaction) if one.account == account), Standing(account))
    moved = shift_of(transaction, account, first, last)
    return Digest(
        account=account,
        span=span,
        first=first,
        last=last,
        made_at=now,
        received=total["received"],
        before=_totals(transaction, account, *before)["received"],
        handled=total["handled"],
        routed=total["routed"],
        abstained=total["abstained"],
        corrected=total["queue_corrected"],
        chasers=total["chaser"],
        to_do=sum(one.to_do for one in queues),
        late=sum(one.late for one in queues),
        untriaged=waits.waiting,
        failed=waits.failed,
        oldest_at=waits.oldest,
        moved=moved is not None and moved.index > max(bounds().shift, moved.by_chance),
        queues=queues,
    )


def _totals(transaction: Transaction, account: str, first: date, last: date) -> Counter[str]:
    found: Counter[str] = Counter()
    for _, _, name, amount in figures.along(transaction, account, ("total",), first, last):
        found[name] += round(amount)
    return found


def _queues(
    transaction: Transaction, playbook: Playbook, now_in: Days, before_in: Days, now: datetime
) -> tuple[DigestQueue, ...]:
    """Those of which there is something to say, what came most first."""
    came, before = (_received(transaction, playbook.account, *days) for days in (now_in, before_in))
    to_do, late = Counter[str](), Counter[str]()
    for heap in board.heaps(transaction, (playbook.account,), now):
        to_do[heap.pile.queue or ""] += heap.pile.count
        late[heap.pile.queue or ""] += heap.pile.late
    labels = {queue.id: queue.label for queue in playbook.queues}
    found = [
        DigestQueue(
            queue=queue,
            label=labels.get(queue, queue),
            received=came[queue],
            before=before[queue],
            to_do=to_do[queue],
            late=late[queue],
        )
        for queue in came.keys() | before.keys() | to_do.keys()
        if came[queue] or before[queue] or to_do[queue]
    ]
    return tuple(sorted(found, key=lambda one: (-one.received, -one.to_do, one.queue)))


def _received(transaction: Transaction, account: str, first: date, last: date) -> Counter[str]:
    rows = figures.along(transaction, account, ("queue",), first, last)
    return Counter({queue: round(amount) for _, queue, name, amount in rows if name == "received"})
