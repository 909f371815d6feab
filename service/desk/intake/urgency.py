"""The order of work: by when a message likely has to be answered, told before it is triaged."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from statistics import median

from service.desk.shelf import Shelf
from service.domain.message import Message
from service.domain.moment import after
from service.domain.playbook import Playbook
from service.errors import AiguilleurError
from service.playbooks.matcher import Hit

READ_CHARS = 1_000
"""Of a body: who is in a hurry says so soon."""
UNKNOWN_HOURS = 24


class Urgency:
    """Goes by the playbook's keywords alone, as they stand in the raw text: 0.3 ms, and nothing but the
    order in a backlog hangs on it."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def due_by(self, message: Message, account: str, now: datetime) -> datetime:
        """When the queue that the message's words speak for wants it answered. A time in the future at which it is
        said to have come counts as now."""
        received = min(message.received_at, now)
        try:
            knowledge = await self._shelf.of(account)
        except AiguilleurError:  # an account that is not known, or a database that is away: the next step says it
            return after(received, UNKNOWN_HOURS)
        hits = knowledge.matcher.hits(f"{message.subject}\n{message.body[:READ_CHARS]}")
        return after(received, likely_hours(hits, knowledge.playbook))


def likely_hours(hits: Iterable[Hit], playbook: Playbook) -> float:
    """The shortest delay among the queues that keywords speak for at least half as much as for the best one; where
    they speak for none, the delay in the middle of the account's."""
    weights: dict[str, float] = defaultdict(float)
    for hit in hits:
        if hit.kind == "queue":
            weights[hit.owner] += hit.weight
    best = max(weights.values(), default=0.0)
    delays = {queue.id: queue.sla_hours for queue in playbook.queues}
    if best <= 0:
        return float(median(delays.values())) if delays else UNKNOWN_HOURS
    return min(delays[queue] for queue, weight in weights.items() if weight >= best / 2)
