"""Keeps the figures: what happened since is added, and what was counted of the same messages before taken back."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date

from service.desk.oversight.counting import Happened, counted
from service.desk.oversight.reusing import SAID, note
from service.storage import figures, reuses
from service.storage.database import Database, Transaction
from service.storage.figures import Recorded, Waiting

AT_ONCE = 500
"""Events that one transaction counts: other writers wait no longer for it than for a slow commit."""

Amounts = Counter[tuple[str, str, date, str, str]]


class Tallying:
    def __init__(self, database: Database, at_once: int = AT_ONCE) -> None:
        self._database = database
        self._at_once = at_once

    async def count(self, batches: int | None = None) -> int:
        """Counts what waits, in so many transactions (None: all of it), one process at a time. How many events were
        counted. Raises UnavailableError."""
        done = 0
        while batches is None or batches > 0:
            found = await self._database.write(_count, self._at_once) if await self.left() else 0
            done, batches = done + found, None if batches is None else batches - 1
            if found < self._at_once:
                break
        return done

    async def left(self) -> int:
        """How many events are not counted yet, up to a thousand."""
        return await self._database.read(figures.left)

    async def rebuild(self) -> int:
        """Counts everything anew from the events. How many there were."""
        await self._database.write(figures.forget)
        counted = await self.count()
        await self._database.write(reuses.recount)
        return counted


def _count(transaction: Transaction, limit: int) -> int:
    if not figures.take_turn(transaction):
        return 0
    batch = figures.waiting(transaction, limit)
    if batch:
        recorded = figures.histories(transaction, batch)
        figures.add_up(transaction, _changes(recorded, batch))
        new = {one.event_id for one in batch}
        note(transaction, {one.subject for one in recorded if one.id in new and one.kind in SAID})
        figures.settle(transaction, batch)
    return len(batch)


def _changes(recorded: Sequence[Recorded], batch: Sequence[Waiting]) -> Amounts:
    """By cell of an account: what the messages count for now, less what they counted for before."""
    new = {one.event_id for one in batch}
    messages: dict[str, list[Recorded]] = defaultdict(list)
    for one in recorded:
        messages[one.subject].append(one)
    amounts: Amounts = Counter()
    for history in messages.values():
        _add(amounts, history, 1)
        _add(amounts, [one for one in history if one.id not in new], -1)
    return Counter({cell: amount for cell, amount in amounts.items() if amount})


def _add(amounts: Amounts, history: Sequence[Recorded], sign: int) -> None:
    if not history:
        return
    first = history[0]
    told = [Happened(one.kind, one.at, one.before, one.after) for one in history]
    for (kind, day, name, value), amount in counted(told, first.channel, first.received_at).items():
        amounts[first.account, kind, day, name, value] += sign * amount  # type: ignore[assignment]  # costs are floats
