"""How much an account learns from. Every recorded reply confirms a message: without a bound each refit would take
longer than the one before, and every process hold more, for messages that differ ever less from those before them."""

from collections import defaultdict, deque
from datetime import datetime
from heapq import heapify, heappop, heappush

from service.domain.collections import confirmed_of
from service.storage import accounts, confirmed, passages
from service.storage.database import Transaction
from service.storage.events import new_event, record

SPARE = 20
"""Of the bound, such a part goes beside what is too many: search reads everything anew after it, so rarely."""
FRESH = 10
"""Of the bound, such a part of the latest replies stays, however much people said themselves: without them an account
that imported more than the bound would learn nothing of what its customers write by now."""


def let_go(transaction: Transaction, account: str, most: int, now: datetime) -> int:
    """Where more than `most` messages are confirmed, the oldest of those that nothing but a reply confirms are no
    longer learned from; how many. What people corrected, imported or audited stays, whatever its number, and so do the
    latest replies, a tenth of `most`; messages and replies themselves stay anyway."""
    accounts.lock(transaction, account)
    gone = surplus(transaction, account, most)
    if gone:
        confirmed.remove(transaction, account, gone)
        passages.remove(transaction, confirmed_of(account), gone)
        told = {"count": len(gone), "left": confirmed.count(transaction, account)}
        record(transaction, new_event("lessons_let_go", account, now, account, "refit", after=told))
    return len(gone)


def surplus(transaction: Transaction, account: str, most: int) -> list[str]:
    """External ids, each time the oldest of the queue that has most: what is rare stays longest."""
    counted = confirmed.queues(transaction, account)
    excess = sum(counted.values()) - most
    if excess <= 0:
        return []
    earlier = confirmed.of_replies(transaction, account)[: -(most // FRESH)]
    if len(earlier) <= most // SPARE:
        return []
    oldest: dict[str, deque[str]] = defaultdict(deque)
    for external_id, queue in earlier:
        oldest[queue].append(external_id)
    fullest, gone = [(-counted[queue], queue) for queue in oldest], list[str]()
    heapify(fullest)
    while fullest and len(gone) < excess + most // SPARE:
        minus, queue = heappop(fullest)
        gone.append(oldest[queue].popleft())
        if oldest[queue]:
            heappush(fullest, (minus + 1, queue))
    return gone
