"""Keeps the search up to date beside the triage. Runs inside `serve` and `worker`, in one process at a time."""

from service.desk.search.indexing import Indexing
from service.log import Said
from service.rounds import Rounds


class Indexer(Rounds):
    """Looks for messages and replies that are not found by their words yet; the messages of a store of before there
    was a search are such ones too. What it is at when it stops goes on another time, from where it was."""

    def __init__(self, indexing: Indexing, poll_s: float = 1.0) -> None:
        super().__init__("indexer", Said.INDEXER_BLIND, poll_s)
        self._indexing = indexing

    async def look(self) -> None:
        if await self._indexing.wanted():
            await self._indexing.index(self.name)
