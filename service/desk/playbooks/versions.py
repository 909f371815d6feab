"""Playbooks: taken in as files, kept in every version, one of them in force."""

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from weakref import WeakValueDictionary

from service.desk.clock import Clock, utc_now
from service.domain.playbook import Playbook
from service.errors import FieldProblem, MissingError, RefusedError, UnreadableError
from service.log import Said, code, log
from service.playbooks.differences import diff
from service.storage import accounts, playbooks
from service.storage.database import Database, Transaction
from service.storage.playbooks import Files, PlaybookVersion

__all__ = ["PlaybookVersion", "Playbooks", "keep_playbook"]

Parse = Callable[[Files], Playbook]
"""Files to a playbook; raises RefusedError that names every mistake (`service.playbooks`)."""

AT_HAND = 4
"""Playbooks that are being edited and that need not be parsed again: each is megabytes."""

MEND = "`aiguilleur playbook export` writes its files; mend what is named, then `aiguilleur playbook import` them."

REFUSED_S = 60
"""So long a refusal stands before the same version is read again: half a second each."""

_IN_USE: WeakValueDictionary[tuple[Parse, str, str], Playbook] = WeakValueDictionary()
"""By account and version, what any desk of this process has parsed and still has: half a second each."""


@dataclass(frozen=True, slots=True)
class _Refused:
    version: str
    error: RefusedError
    until: float


class Playbooks:
    """Parsed playbooks are remembered by version, which is the hash of their content."""

    def __init__(self, database: Database, parse: Parse, clock: Clock = utc_now) -> None:
        self._database = database
        self._parse = parse
        self._clock = clock
        self._parsed: dict[tuple[str, str], Playbook] = {}
        self._read: dict[str, Playbook] = {}
        self._refused: dict[str, _Refused] = {}

    async def import_(self, files: Files, by: str) -> Playbook:
        """Keeps this version and puts it in force; makes the account where there is none. Raises RefusedError."""
        playbook = self._parse(files)
        self._refused.pop(playbook.account, None)
        await self._database.write(keep_playbook, playbook, files, by, self._clock())
        return playbook

    async def keep(self, files: Files, by: str) -> Playbook:
        """Keeps this version beside the one in force, for a person to activate. Raises RefusedError."""
        playbook = self._parse(files)
        await self._database.write(_keep_aside, playbook, files, by, self._clock())
        return playbook

    async def active(self, account: str) -> Playbook:
        """The one in force. Raises MissingError, UnreadableError for one that only an older program took."""
        version = await self._database.glance(playbooks.active_version, account)
        if version is None:
            raise MissingError(f"The account {account} has no playbook.")
        known = self._refused.get(account)
        if known is not None and known.version == version and time.monotonic() < known.until:
            raise _unreadable(known.error)
        try:
            playbook = await self.version(account, version)
        except RefusedError as error:
            self._refused[account] = _Refused(version, error, time.monotonic() + REFUSED_S)
            log(Said.PLAYBOOK_UNREADABLE, account=code(account), place=code(_first(error).field))
            raise _unreadable(error) from error
        self._refused.pop(account, None)
        return playbook

    async def readable(self, accounts: Iterable[str]) -> dict[str, Playbook]:
        """Those in force of these accounts, without the ones that there are not or that this program does not take."""
        found = {}
        for account in accounts:
            with suppress(MissingError, UnreadableError):
                found[account] = await self.active(account)
        return found

    async def refused(self) -> Mapping[str, FieldProblem]:
        """By account, the first mistake of the playbook in force, where this process was refused it when it last asked:
        `file:line`, and what to write instead. Raises UnavailableError."""
        await self._forget_replaced()
        return {account: _first(one.error) for account, one in self._refused.items()}

    async def resting(self) -> Collection[str]:
        """The accounts whose refusal still stands, so that what is of theirs need not be tried. Raises
        UnavailableError."""
        await self._forget_replaced()
        now = time.monotonic()
        return [account for account, one in self._refused.items() if now < one.until]

    async def _forget_replaced(self) -> None:
        """Another process may have put another version in force meanwhile."""
        for account, one in tuple(self._refused.items()):
            in_force = await self._database.glance(playbooks.active_version, account)
            if in_force != one.version and self._refused.get(account) is one:
                del self._refused[account]

    async def version(self, account: str, version: str) -> Playbook:
        """Raises MissingError, RefusedError for one that only an older program took."""
        if (account, version) not in self._parsed:
            self._parsed[account, version] = await self._in_use(account, version)
        return self._parsed[account, version]

    async def _in_use(self, account: str, version: str) -> Playbook:
        files = await self.export(account, version)
        known = _IN_USE.get((self._parse, account, version))
        if known is None:
            known = _IN_USE[self._parse, account, version] = self._parsed_again(account, version, files)
        return known

    def _parsed_again(self, account: str, version: str, files: Files) -> Playbook:
        """What an older program took in, this one may refuse."""
        try:
            return self._parse(files)
        except RefusedError as error:
            told = f"This program does not take the playbook {version} of the account {account}. {MEND}"
            raise RefusedError(told, error.problems) from error

    async def read(self, files: Files) -> Playbook:
        """The playbook in these files, which are kept nowhere; the last few that were read are at hand. Raises
        RefusedError that names every mistake."""
        told = "\0".join(f"{name}\0{files[name]}" for name in sorted(files))
        key = sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
        if key not in self._read:
            self._read[key] = await asyncio.to_thread(self._parse, files)
            for old in list(self._read)[:-AT_HAND]:
                del self._read[old]
        return self._read[key]

    async def version_of(self, files: Files) -> str | None:
        """What they would be; None while they cannot be read."""
        try:
            return (await self.read(files)).version
        except RefusedError:
            return None

    async def export(self, account: str, version: str | None = None) -> dict[str, str]:
        """The files of a version, or of the one in force. Raises MissingError."""
        return await self._database.read(_files, account, version)

    async def list(self, account: str) -> Sequence[PlaybookVersion]:
        """Newest first."""
        return await self._database.read(playbooks.versions, account)

    async def diff(self, account: str, before: str, after: str) -> Sequence[str]:
        """What changed, a sentence each; empty where nothing did. Raises MissingError."""
        return diff(await self.version(account, before), await self.version(account, after))

    async def activate(self, account: str, version: str, by: str, why: str = "") -> None:
        """Raises MissingError, RefusedError for one that could not be used."""
        await self.version(account, version)
        await self._database.write(_activate, account, version, by, self._clock(), why)


def _unreadable(error: RefusedError) -> UnreadableError:
    cure = FieldProblem("playbook", MEND, "unreadable_playbook")
    return UnreadableError(error.detail, REFUSED_S, (cure, *error.problems))


def _first(error: RefusedError) -> FieldProblem:
    return error.problems[0] if error.problems else FieldProblem("playbook", error.detail)


def keep_playbook(transaction: Transaction, playbook: Playbook, files: Files, by: str, now: datetime) -> None:
    accounts.ensure(transaction, playbook.account, playbook.label, by, now)
    playbooks.add(transaction, playbook.account, playbook.version, files, by, now)
    playbooks.activate(transaction, playbook.account, playbook.version, by, now)


def _keep_aside(transaction: Transaction, playbook: Playbook, files: Files, by: str, now: datetime) -> None:
    playbooks.add(transaction, playbook.account, playbook.version, files, by, now)


def _files(transaction: Transaction, account: str, version: str | None) -> dict[str, str]:
    version = version or playbooks.active_version(transaction, account)
    files = playbooks.files(transaction, account, version) if version else None
    if files is None:
        raise MissingError(f"The account {account} has no playbook {version or ''}".rstrip() + ".")
    return files


def _activate(transaction: Transaction, account: str, version: str, by: str, now: datetime, why: str) -> None:
    if playbooks.files(transaction, account, version) is None:
        raise MissingError(f"The account {account} has no playbook {version!r}.")
    playbooks.activate(transaction, account, version, by, now)
    if why:
        playbooks.note(transaction, account, version, why)
