"""Accounts: taken in whole, with playbook, canned answers and confirmed messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from service.desk.answers import keep_answers
from service.desk.clock import Clock, utc_now
from service.desk.confirmed import ConfirmedMessages, keep_lessons
from service.desk.playbooks import keep_playbook
from service.domain.answers import CannedAnswer
from service.domain.confirmed import Confirmed
from service.domain.playbook import Playbook
from service.playbooks.canned import parse_answers
from service.playbooks.history import parse_confirmed
from service.playbooks.reading import parse, read_folder
from service.playbooks.sheets import ANSWERS
from service.storage import accounts
from service.storage.answers import Changes
from service.storage.confirmed import Lesson
from service.storage.database import Database, Transaction
from service.storage.playbooks import Files


@dataclass(frozen=True, slots=True)
class AccountContent:
    """All that an account's folder holds; `files` are those of the playbook. Answers that are None stay
    as they are."""

    files: Files
    playbook: Playbook
    answers: Sequence[CannedAnswer] | None = None
    confirmed: Sequence[Confirmed] = ()


def read_account(files: Files) -> AccountContent:
    """Everything in an account's files: its YAML, and confirmed/*.jsonl. Raises RefusedError that names
    file, line and cure of every mistake in the first of the three that has any."""
    written = {name: text for name, text in files.items() if not name.endswith(".jsonl") and name != ANSWERS}
    playbook = parse(written)
    answers = parse_answers(files[ANSWERS], playbook.queue_ids) if ANSWERS in files else None
    lines = {name: text.split("\n") for name, text in sorted(files.items()) if name.endswith(".jsonl")}
    confirmed = [one for name, text in lines.items() for one in parse_confirmed(text, name, playbook.queue_ids)]
    return AccountContent(written, playbook, answers, confirmed)


def read_account_folder(folder: Path) -> AccountContent:
    """As `read_account`. Raises MissingError where there is no such folder."""
    lines = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.glob("confirmed/*.jsonl")}
    return read_account(read_folder(folder) | lines)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed. `confirmed`: how many were new or changed."""

    account: str
    playbook_version: str
    answers: Changes
    confirmed: int


class Accounts:
    def __init__(self, database: Database, confirmed_messages: ConfirmedMessages, clock: Clock = utc_now) -> None:
        self._database = database
        self._confirmed = confirmed_messages
        self._clock = clock

    async def list(self) -> list[str]:
        return await self._database.read(accounts.ids)

    async def import_(self, content: AccountContent, by: str) -> Imported:
        """All of it in one transaction. What is there unchanged costs nothing."""
        playbook = content.playbook
        lessons = await self._confirmed.unknown(playbook, content.confirmed, by)
        return await self._database.write(_import, content, lessons, by, self._clock())


def _import(
    transaction: Transaction, content: AccountContent, lessons: Sequence[Lesson], by: str, now: datetime
) -> Imported:
    account = content.playbook.account
    keep_playbook(transaction, content.playbook, content.files, by, now)
    library = content.answers
    changes = Changes() if library is None else keep_answers(transaction, account, library, by, now)
    keep_lessons(transaction, account, lessons, by, now)
    return Imported(account, content.playbook.version, changes, len(lessons))
