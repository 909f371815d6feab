"""What is left to do once rows are gone: each step can be done again, and is noted once it is done."""

import asyncio
import os
import socket
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Protocol

from service.desk.clock import Clock, utc_now
from service.desk.leases import renewed
from service.domain.privacy import Erasure, Todo
from service.errors import AiguilleurError
from service.log import Said, code_of, id_of, log
from service.storage import privacy_quotes, privacy_records, privacy_remove, refits
from service.storage.database import Database, Transaction
from service.storage.privacy_wipe import wipe

CHORE = "finish erasures"
LEASE = timedelta(seconds=60)
"""Renewed while it is worked at; after it, whoever held it is taken for dead."""
RENEW_S = 15.0


class Upkeep(Protocol):
    """What is done outside the database. Both block, and are run in a thread."""

    def learn(self, account: str) -> None:
        """Fits the voters anew and puts the result in force. Raises UnavailableError."""
        ...

    def forget_index(self) -> bool:
        """Drops every vector of the index, which is made anew; False while another process has it."""
        ...

    def stop(self) -> None:
        """Ends what is being learned, which raises there."""
        ...


class Finishing:
    """Whichever process gets there first does what is left of an erasure: a kill in between loses nothing."""

    def __init__(self, database: Database, upkeep: Upkeep, clock: Clock = utc_now, renew_s: float = RENEW_S) -> None:
        self._database = database
        self._upkeep = upkeep
        self._clock = clock
        self._renew_s = renew_s
        self._holder = f"{socket.gethostname()}:{os.getpid()}"
        self._fitting: str | None = None

    async def finish(self) -> Sequence[Erasure]:
        """Does what can be done now. Those that are still unfinished. Raises UnavailableError."""
        waiting = await self._database.read(privacy_records.unfinished)
        if not waiting:
            return ()
        now = self._clock()
        if not await self._database.write(privacy_records.take_chore, CHORE, self._holder, now, LEASE):
            return waiting
        try:
            async with renewed(self._renew_s, self._renew):
                for erasure in waiting:
                    await self._finish_what_can_be(erasure)
        finally:
            await self._database.write(privacy_records.end_chore, CHORE, self._holder, self._clock())
        return await self._database.read(privacy_records.unfinished)

    def stop(self) -> None:
        """Lets go of what takes long; it is done another time."""
        self._upkeep.stop()

    async def _renew(self) -> None:
        until = self._clock() + LEASE
        await self._database.write(privacy_records.keep_chore, CHORE, self._holder, until)
        if self._fitting is not None:
            await self._database.write(refits.renew, self._fitting, self._holder, until)

    async def _finish_what_can_be(self, erasure: Erasure) -> None:
        """One that fails keeps no other waiting."""
        try:
            await self._finish(erasure)
        except Exception as error:
            log(Said.PURGE_FAILED, erasure=id_of(erasure.id), cause=code_of(error))

    async def _finish(self, erasure: Erasure) -> None:
        """What cannot be done now waits; the steps after it are done all the same."""
        todo = erasure.todo
        for account in todo.refit:
            if await self._refit(account):
                left = {"refit": tuple(one for one in todo.refit if one != account)}
                todo = await self._noted(erasure.id, left)
        for account, ids in todo.quoted.items():
            await self._scrub(account, frozenset(ids))
        if todo.quoted:
            todo = await self._noted(erasure.id, {"quoted": {}})
        if todo.index and await asyncio.to_thread(self._upkeep.forget_index):
            todo = await self._noted(erasure.id, {"index": False})
        if todo.wipe and not todo.refit:
            await asyncio.to_thread(wipe, self._database, todo.thoroughly)
            await self._noted(erasure.id, {"wipe": False, "thoroughly": False})
        await self._database.write(privacy_records.finish, erasure.id, self._clock())

    async def _refit(self, account: str) -> bool:
        """Fits without what is gone, and drops every version that may have learned from it. While somebody else fits,
        it waits: that fit may have read what is gone."""
        if not await self._database.read(privacy_remove.has_versions, account):
            return True
        now = self._clock()
        if not await self._database.write(refits.lease, account, self._holder, now, LEASE):
            return False
        self._fitting = account
        try:
            await asyncio.to_thread(self._upkeep.learn, account)
            await self._database.write(privacy_remove.drop_versions, account)
        except AiguilleurError:
            return False
        finally:
            self._fitting = None
            await self._database.write(refits.give_back, account, self._holder)
        return True

    async def _scrub(self, account: str, ids: frozenset[str]) -> None:
        await self._database.write(privacy_quotes.scrub_corrections, account, ids)
        await self._database.write(privacy_quotes.scrub_suggestions, account, ids)
        after: str | None = ""
        while after is not None:
            _, after = await self._database.write(privacy_quotes.scrub_triages, account, ids, after)

    async def _noted(self, erasure_id: str, left: dict[str, Any]) -> Todo:
        return await self._database.write(_note_left, erasure_id, left)


def _note_left(transaction: Transaction, erasure_id: str, left: dict[str, Any]) -> Todo:
    todo = privacy_records.find(transaction, erasure_id).todo.model_copy(update=left)
    privacy_records.settle(transaction, erasure_id, todo=todo.model_dump(mode="json"))
    return todo
