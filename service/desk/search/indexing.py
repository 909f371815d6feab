"""Makes messages findable by their words, a moment after they came in, so that no triage waits for it."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from service.desk.clock import utc_now
from service.desk.search.seeking import stemmed
from service.domain.message import Message
from service.domain.sought import EDGE
from service.pipeline.clean import opened, own
from service.storage import finding, flags, messages, privacy_records, replies, triages
from service.storage.database import Database, Transaction
from service.storage.finding import Waiting

CHORE = "index"
LEASE = timedelta(minutes=1)
"""Renewed with each batch; after it, whoever held it is taken for dead."""

BATCH = 40
"""Messages indexed in one transaction: writers of SQLite wait some milliseconds for it."""

READ_CHARS = 40_000
"""So much of a message is read for its own words, and of a reply."""

MOST_WORDS = 10_000


class Indexing:
    """`holder` names whoever indexes: one at a time, however many processes there are."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def wanted(self) -> bool:
        return await self._database.glance(finding.any_waiting)

    async def index(self, holder: str) -> int:
        """Indexes what waits, oldest first. How many messages; 0 where another process is at it.

        What comes in meanwhile is left for the next time: one by one, beside a steady stream of messages, each would
        take a transaction of its own, which the next triage waits for. Raises UnavailableError.
        """
        if not await self._database.write(privacy_records.take_chore, CHORE, holder, utc_now(), LEASE):
            return 0
        total = 0
        try:
            while done := await self.some():
                total += done
                if done < BATCH:
                    break
                await self._database.write(privacy_records.keep_chore, CHORE, holder, utc_now() + LEASE)
        finally:
            await self._database.write(privacy_records.end_chore, CHORE, holder, None)
        return total

    async def some(self) -> int:
        """The next batch: how many messages."""
        found = await self._database.read(_texts)
        made = await asyncio.to_thread(lambda: [(one, words_of(message, reply)) for one, message, reply in found])
        await self._database.write(_keep, made)
        return len(found)


def words_of(message: Message, reply: str = "") -> tuple[str, ...]:
    """What a message is found by: its subject, the customer's own words, who he is, the caller's id, what was sent."""
    begun = opened(message.model_copy(update={"body": message.body[:READ_CHARS]}))
    told = (begun.subject, own(begun), begun.sender.name, begun.sender.address, begun.external_id or "")
    fields = (stemmed(text[:READ_CHARS]) for text in (*told, reply))
    return tuple(word for field in fields if field for word in (*field, EDGE))[:MOST_WORDS]


def _texts(transaction: Transaction) -> list[tuple[Waiting, Message, str]]:
    found = [(one, messages.load(transaction, one.message_id)) for one in finding.waiting(transaction, BATCH)]
    there = [(one, message) for one, message in found if message is not None]
    return [(one, message, replies.latest(transaction, one.message_id) or "") for one, message in there]


def _keep(transaction: Transaction, made: Sequence[tuple[Waiting, Sequence[str]]]) -> None:
    for one, words in made:
        if finding.index(transaction, one, words) and one.cause == finding.BEFORE:
            triage = triages.latest(transaction, one.message_id)
            flags.note(transaction, one.message_id, triage.flags if triage else (), anew=True)
