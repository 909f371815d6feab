"""Playbooks: taken in as files, kept in every version, one of them in force."""

from collections.abc import Callable, Mapping
from datetime import datetime
from difflib import unified_diff

from service.desk.clock import Clock, utc_now
from service.domain.playbook import Playbook
from service.errors import MissingError
from service.storage import accounts, playbooks
from service.storage.database import Database, Transaction
from service.storage.playbooks import Files, PlaybookVersion

Parse = Callable[[Files], Playbook]
"""Files to a playbook; raises RefusedError that names every mistake (`service.playbooks`)."""


class Playbooks:
    """Parsed playbooks are remembered by version, which is the hash of their content."""

    def __init__(self, database: Database, parse: Parse, clock: Clock = utc_now) -> None:
        self._database = database
        self._parse = parse
        self._clock = clock
        self._parsed: dict[tuple[str, str], Playbook] = {}

    async def import_(self, files: Files, by: str) -> Playbook:
        """Keeps this version and puts it in force; makes the account where there is none. Raises RefusedError."""
        playbook = self._parse(files)
        await self._database.write(keep_playbook, playbook, files, by, self._clock())
        return playbook

    async def active(self, account: str) -> Playbook:
        """The one in force. Raises MissingError."""
        version = await self._database.read(playbooks.active_version, account)
        if version is None:
            raise MissingError(f"The account {account} has no playbook.")
        return await self.version(account, version)

    async def version(self, account: str, version: str) -> Playbook:
        """Raises MissingError."""
        if (account, version) not in self._parsed:
            self._parsed[account, version] = self._parse(await self.export(account, version))
        return self._parsed[account, version]

    async def export(self, account: str, version: str | None = None) -> dict[str, str]:
        """The files of a version, or of the one in force. Raises MissingError."""
        return await self._database.read(_files, account, version)

    async def list(self, account: str) -> list[PlaybookVersion]:
        """Newest first."""
        return await self._database.read(playbooks.versions, account)

    async def diff(self, account: str, before: str, after: str) -> str:
        """A unified diff of the files, empty where they are equal. Raises MissingError."""
        return _diff(await self.export(account, before), await self.export(account, after))

    async def activate(self, account: str, version: str, by: str) -> None:
        """Raises MissingError."""
        await self._database.write(_activate, account, version, by, self._clock())


def keep_playbook(transaction: Transaction, playbook: Playbook, files: Files, by: str, now: datetime) -> None:
    accounts.ensure(transaction, playbook.account, playbook.label, by, now)
    playbooks.add(transaction, playbook.account, playbook.version, files, by, now)
    playbooks.activate(transaction, playbook.account, playbook.version, by, now)


def _files(transaction: Transaction, account: str, version: str | None) -> dict[str, str]:
    version = version or playbooks.active_version(transaction, account)
    files = playbooks.files(transaction, account, version) if version else None
    if files is None:
        raise MissingError(f"The account {account} has no playbook {version or ''}".rstrip() + ".")
    return files


def _activate(transaction: Transaction, account: str, version: str, by: str, now: datetime) -> None:
    _files(transaction, account, version)
    playbooks.activate(transaction, account, version, by, now)


def _diff(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    changes: list[str] = []
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, ""), after.get(name, "")
        changes += unified_diff(old.splitlines(True), new.splitlines(True), f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in changes)
