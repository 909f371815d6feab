"""What changed since a desk was looked at, cheap enough to be asked every few seconds."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.storage import accounts, news
from service.storage.board import Look
from service.storage.database import Database, Transaction


@dataclass(frozen=True, slots=True)
class Change:
    """`version` names how the desk stands now; `new`: messages of the look that came in since."""

    version: str
    new: int


class News:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def version(self, seen: Sequence[str] | None) -> str:
        """Of the desk of those accounts (None: of all): another one after each change of a list."""
        return await self._database.glance(_version, seen)

    async def since(self, look: Look, version: str) -> Change:
        return await self._database.read(_since, look, version)


def _known(transaction: Transaction, seen: Sequence[str] | None) -> Sequence[str]:
    return accounts.ids(transaction) if seen is None else seen


def _version(transaction: Transaction, seen: Sequence[str] | None) -> str:
    return news.newest(transaction, _known(transaction, seen))


def _since(transaction: Transaction, look: Look, version: str) -> Change:
    known = _known(transaction, look.accounts)
    return Change(news.newest(transaction, known), news.count_new(transaction, look, known, version))
