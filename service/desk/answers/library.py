"""Canned answers: the database is their source of truth, the passages are what search is made from."""

from collections.abc import Collection, Sequence
from datetime import datetime

from service.desk.answers.passages import answer_passages
from service.desk.clock import utc_now
from service.domain.answers import CannedAnswer
from service.domain.collections import answers_of
from service.storage import answers, passages
from service.storage.answers import Changes
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record


class Answers:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def import_(self, account: str, library: Sequence[CannedAnswer], by: str) -> Changes:
        """Makes the account's library these answers. Those left out are retired, not forgotten."""
        return await self._database.write(keep_answers, account, library, by, utc_now())

    async def list(self, account: str) -> list[CannedAnswer]:
        """Those in force, in order of id."""
        return await self._database.read(answers.library, account)

    async def named(self, account: str, ids: Collection[str]) -> dict[str, CannedAnswer]:
        """Those of these ids that are in force, by id."""
        return {one.id: one for one in await self._database.read(answers.some, account, sorted(ids))}


def keep_answers(
    transaction: Transaction, account: str, library: Sequence[CannedAnswer], by: str, now: datetime
) -> Changes:
    changes = store_answers(transaction, account, library, by, now)
    if changes.any:
        touched = {"added": changes.added, "changed": changes.changed, "retired": changes.retired}
        record(transaction, new_event("answers_imported", account, now, account, by, after=touched))
    return changes


def store_answers(
    transaction: Transaction, account: str, library: Sequence[CannedAnswer], by: str, now: datetime
) -> Changes:
    """Without an event: whoever calls it tells what happened."""
    changes = answers.replace(transaction, account, library, by, now)
    passages.put(transaction, answers_of(account), answer_passages(library))
    passages.remove(transaction, answers_of(account), changes.retired)
    return changes
