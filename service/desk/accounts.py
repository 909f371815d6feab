"""Accounts: taken in whole, with playbook, canned answers and confirmed messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.desk.answers.library import keep_answers
from service.desk.clock import utc_now
from service.desk.learning.confirmed import ConfirmedMessages, keep_lessons
from service.desk.playbooks.versions import keep_playbook
from service.domain.answers import CannedAnswer
from service.domain.confirmed import Confirmed
from service.domain.playbook import Playbook
from service.errors import FieldProblem, RefusedError
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


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed. `confirmed`: how many were new or changed."""

    account: str
    playbook_version: str
    answers: Changes
    confirmed: int


class Accounts:
    def __init__(self, database: Database, confirmed_messages: ConfirmedMessages) -> None:
        self._database = database
        self._confirmed = confirmed_messages

    async def list(self) -> list[str]:
        return await self._database.read(accounts.ids)

    async def import_(self, content: AccountContent, by: str) -> Imported:
        """All of it in one transaction. What is there unchanged costs nothing."""
        playbook = content.playbook
        lessons = await self._confirmed.unknown(playbook, content.confirmed, by)
        return await self._database.write(_import, content, lessons, by, utc_now())


def _import(
    transaction: Transaction, content: AccountContent, lessons: Sequence[Lesson], by: str, now: datetime
) -> Imported:
    account = content.playbook.account
    keep_playbook(transaction, content.playbook, content.files, by, now)
    library = content.answers
    changes = Changes() if library is None else keep_answers(transaction, account, library, by, now)
    keep_lessons(transaction, account, lessons, by, now)
    return Imported(account, content.playbook.version, changes, len(lessons))


def no_such_account(named: str | None, known: Sequence[str]) -> RefusedError:
    """None: it is not said which, and there are several."""
    cure = FieldProblem("account", f"name one of: {', '.join(known)}")
    return RefusedError(f"There is no account {named!r}." if named else "Which account is not said.", (cure,))
