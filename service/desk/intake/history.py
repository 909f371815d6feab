"""What is stored of a sender's, or a file's, earlier messages."""

from collections.abc import Sequence
from datetime import datetime

from service.domain.history import Earlier
from service.storage import bursts
from service.storage.database import Database


class StoredHistory:
    """A `service.ports.History`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def unanswered(
        self, account: str, sender: str, traces: Sequence[str], before: datetime, without: str
    ) -> Sequence[Earlier]:
        return await self._database.glance(bursts.unanswered, account, sender, traces, before, without)
