"""How much each canned answer is used: counted by the database, and looked up again after a minute at the earliest."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from service.desk.clock import utc_now
from service.storage import answer_uses
from service.storage.answer_uses import Tally
from service.storage.database import Database

__all__ = ["AnswerUsage", "Tally"]

LASTS = timedelta(minutes=1)
"""A list that is opened again and again counts a hundred thousand drafts once."""


class AnswerUsage:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, tuple[datetime, Mapping[str, Tally]]] = {}

    async def of(self, account: str) -> Mapping[str, Tally]:
        """By answer; one that was never used is not there."""
        known = self._known.get(account)
        if known is None or utc_now() - known[0] > LASTS:
            known = (utc_now(), await self._database.read(answer_uses.tallies, account))
            self._known[account] = known
        return known[1]
