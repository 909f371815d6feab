"""The rights of the people who write: everything held about one of them, handed out or removed."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from service.desk.accounts import no_such_account
from service.desk.clock import utc_now
from service.desk.playbooks.versions import Playbooks
from service.desk.privacy.export import export_of
from service.desk.privacy.files import Marks, count_in_files, erase_from_files, files_in
from service.desk.privacy.finish import Finishing
from service.domain.privacy import Erasure, ErasureList, Export, Plan, Todo
from service.errors import FieldProblem, RefusedError
from service.phrases import Phrases
from service.pipeline.traces import traces_of
from service.storage import accounts, privacy_find, privacy_records, privacy_remove
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record
from service.storage.ids import new_id
from service.storage.privacy_find import Held, Sought

LISTED = 100
OWN = ("chroma", "tokens")
"""Folders of the data folder that hold no files about people, or are dropped as a whole."""


class Privacy:
    """`sender` is the address that a person writes from; capitals do not count, plus-tags do. `account` bounds what is
    looked at; `numbers` are file numbers that are the person's too, `also` ids of further messages. `data` is the data
    folder, whose run folders are looked through; `runs` are further ones."""

    def __init__(self, database: Database, playbooks: Playbooks, finishing: Finishing, data: Path) -> None:
        self._database = database
        self._playbooks = playbooks
        self._finishing = finishing
        self._data = data

    async def export(
        self,
        sender: str,
        by: str,
        phrases: dict[str, Phrases],
        account: str | None = None,
        numbers: Sequence[str] = (),
        also: Sequence[str] = (),
    ) -> Export:
        """Everything that is held about a person, without what is about others. Raises RefusedError."""
        sought = await self._sought(sender, account, numbers, also)
        now = utc_now()
        export = await self._database.read(export_of, sought, phrases, now)
        await self._database.write(_tell_export, export, account, by, now)
        return export

    async def plan(
        self,
        sender: str,
        account: str | None = None,
        numbers: Sequence[str] = (),
        runs: Sequence[Path] = (),
        also: Sequence[str] = (),
    ) -> Plan:
        """What `erase` would remove; changes nothing. Raises RefusedError."""
        sought = await self._sought(sender, account, numbers, also)
        found, counts, mentioned, named = await self._database.read(_look, sought)
        counts |= await asyncio.to_thread(_count_files, self._files(runs), _marks(sought, found))
        return Plan(counts=counts, accounts=tuple(named), mentioned=tuple(mentioned))

    async def erase(
        self,
        sender: str,
        by: str,
        account: str | None = None,
        numbers: Sequence[str] = (),
        runs: Sequence[Path] = (),
        keep_counts: bool = True,
        also: Sequence[str] = (),
    ) -> Erasure:
        """Removes every row, and every line of run folders, about the person. What the rows have left elsewhere is
        gone once `finish` says so. Done again after a kill, it goes on. Raises RefusedError, UnavailableError."""
        sought = await self._sought(sender, account, numbers, also)
        now = utc_now()
        begun = await self._database.write(privacy_records.begin, "erasure", account, by, now, sought.sender)
        found = await self._database.read(privacy_find.held, sought)
        gone = await asyncio.to_thread(_erase_files, self._files(runs), _marks(sought, found))
        todo = Todo(wipe=True, thoroughly=True, index=True) if found != Held() else Todo()
        await self._database.write(privacy_records.note, begun.id, gone, todo)
        await self._remove(begun.id, sought, keep_counts)
        return await self._database.write(_rows_done, begun.id)

    async def finish(self) -> Sequence[Erasure]:
        """Refits, and clears index and files, where an erasure or a purge has left that to do. Those that are still
        unfinished: another process is at it, or has the index, and will do the rest."""
        return await self._finishing.finish()

    def stop(self) -> None:
        """Ends a `finish` that is at what takes long; what it was at is done another time."""
        self._finishing.stop()

    async def records(self, account: str | None = None) -> ErasureList:
        """What was erased and purged, newest first; nobody can be read off it."""
        return ErasureList(items=tuple(await self._database.read(privacy_records.newest, account, LISTED)))

    async def counts(self, account: str | None = None) -> Sequence[dict[str, Any]]:
        """How many messages there were that are gone by now, by day, channel, queue and outcome, oldest first."""
        return await self._database.read(privacy_remove.counted_by_queue, account)

    async def _remove(self, erasure_id: str, sought: Sought, keep_counts: bool) -> None:
        while await self._database.write(_erase_some, erasure_id, sought, keep_counts, utc_now()):
            pass

    async def _sought(self, sender: str, account: str | None, numbers: Sequence[str], also: Sequence[str]) -> Sought:
        named = await self._named(account)
        return Sought(_address(sender), account, await self._traces(named, numbers), tuple(also))

    async def _named(self, account: str | None) -> list[str]:
        """Of an account that is not there nothing is held: to say so would be taken for an answer about the person."""
        known = await self._database.read(accounts.ids)
        if account is None or account in known:
            return known if account is None else [account]
        raise no_such_account(account, known)

    async def _traces(self, named: Sequence[str], numbers: Sequence[str]) -> tuple[str, ...]:
        playbooks = [await self._playbooks.active(one) for one in named] if numbers else []
        return tuple(trace for playbook in playbooks for number in numbers for trace in traces_of(number, playbook))

    def _files(self, runs: Sequence[Path]) -> list[Path]:
        return list(files_in([self._data, *runs], [self._data / name for name in OWN]))


def _address(sender: str) -> str:
    if sender.strip():
        return sender.strip()
    raise RefusedError("Whose data is not said.", (FieldProblem("sender", "give the address that the person uses"),))


def _marks(sought: Sought, found: Held) -> Marks:
    return Marks(sought.sender, frozenset({*found.messages, *found.external, *(name for _, name in found.lessons)}))


def _count_files(files: Sequence[Path], marks: Marks) -> dict[str, int]:
    return count_in_files(files, marks.learned_from(files))


def _erase_files(files: Sequence[Path], marks: Marks) -> dict[str, int]:
    return erase_from_files(files, marks.learned_from(files))


def _look(transaction: Transaction, sought: Sought) -> tuple[Held, dict[str, int], list[str], list[str]]:
    found = privacy_find.held(transaction, sought)
    named = sorted({its for its, _ in found.lessons}) if sought.account is None else [sought.account]
    mentioned = privacy_find.mentions(transaction, sought.sender, found, sought.account)
    return found, privacy_find.counted(transaction, found), mentioned, named


def _erase_some(transaction: Transaction, erasure_id: str, sought: Sought, keep_counts: bool, now: datetime) -> bool:
    """One batch; False once there is nothing left. Lessons go with the first one: nothing quotes them any more."""
    found = privacy_find.held(transaction, sought, privacy_remove.BATCH)
    if found == Held():
        return False
    remove(transaction, erasure_id, found, keep_counts, now)
    return True


def remove(transaction: Transaction, erasure_id: str, found: Held, keep_counts: bool, now: datetime) -> None:
    """Messages and lessons with all that is about them; noted with what is left to do for it."""
    gone = privacy_remove.remove_messages(transaction, found.messages, keep_counts)
    gone["confirmed"] = privacy_remove.remove_lessons(transaction, found.lessons, now)
    quoted: dict[str, tuple[str, ...]] = {}
    for account, name in found.lessons:
        quoted[account] = (*quoted.get(account, ()), name)
    todo = Todo(refit=tuple(quoted), quoted=quoted, index=bool(quoted), wipe=True)
    privacy_records.note(transaction, erasure_id, gone, todo)


def _rows_done(transaction: Transaction, erasure_id: str) -> Erasure:
    privacy_records.settle(transaction, erasure_id, rows_done=True)
    return privacy_records.find(transaction, erasure_id)


def _tell_export(transaction: Transaction, export: Export, account: str | None, by: str, now: datetime) -> None:
    rows = {part["name"]: len(part["rows"]) for part in export.parts}
    record(transaction, new_event("data_exported", new_id(), now, account, by, after=rows))
