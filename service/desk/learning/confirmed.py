"""Confirmed messages: what people said about messages, for the learned voters and as examples."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from service.desk.answers.passages import lesson_passages
from service.desk.clock import Clock, utc_now
from service.domain.collections import confirmed_of
from service.domain.confirmed import Confirmed
from service.domain.message import Message
from service.domain.playbook import Playbook
from service.domain.redacted import Redacted
from service.storage import confirmed, passages, refits
from service.storage.confirmed import Lesson
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record

Prepare = Callable[[Message, Playbook], Redacted]
"""Cleans and redacts a message: only what comes out of it is learned from or shown."""


class ConfirmedMessages:
    def __init__(self, database: Database, prepare: Prepare, clock: Clock = utc_now) -> None:
        self._database = database
        self._prepare = prepare
        self._clock = clock

    async def import_(self, playbook: Playbook, new: Sequence[Confirmed], by: str) -> int:
        """Adds messages, or replaces those of the same external id; returns how many were new or changed.

        Unchanged ones cost nothing, so importing a growing file again and again is fine.
        """
        lessons = await self.unknown(playbook, new, by)
        await self._database.write(keep_lessons, playbook.account, lessons, by, self._clock())
        return len(lessons)

    async def list(self, account: str) -> Sequence[Lesson]:
        """All of them, in order of external id."""
        return await self._database.read(confirmed.lessons, account)

    async def unknown(self, playbook: Playbook, new: Sequence[Confirmed], by: str) -> Sequence[Lesson]:
        """Those that are new or changed, redacted: a few milliseconds each, in a thread."""
        known = await self._database.read(confirmed.hashes, playbook.account)
        fresh = [one for one in new if known.get(one.message.external_id or "") != confirmed.content_hash(one)]
        return await asyncio.to_thread(self._lessons, playbook, fresh, by)

    def _lessons(self, playbook: Playbook, fresh: Sequence[Confirmed], by: str) -> Sequence[Lesson]:
        return [Lesson(one, self._prepare(one.message, playbook), "import", by) for one in fresh]


def keep_lessons(transaction: Transaction, account: str, lessons: Sequence[Lesson], by: str, now: datetime) -> None:
    if not lessons:
        return
    confirmed.put(transaction, account, lessons, now)
    passages.put(transaction, confirmed_of(account), lesson_passages(lessons))
    refits.count_change(transaction, account, now, len(lessons))
    record(transaction, new_event("confirmed_imported", account, now, account, by, after={"count": len(lessons)}))
