"""One message as an advisor reads it: what came in, cut into its parts, and what was made of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from service.desk.board.board import Row, row_of
from service.desk.messages import find_case
from service.domain.case import Case
from service.domain.cleaned import Cleaned
from service.domain.event import Event
from service.domain.message import Message
from service.errors import MissingError
from service.pipeline.clean import clean, opened
from service.storage import earlier, events, messages, replies
from service.storage.database import Database, Transaction

OTHERS = 6
"""Messages of the same sender that are shown."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """`message` has what its headers say; evidence is found in its `body`, and `cleaned` maps back to it. `reply` is
    what a person sent last; `history` is oldest first."""

    case: Case
    message: Message
    cleaned: Cleaned
    reply: str | None
    history: Sequence[Event]


class Reading:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def sheet(self, message_id: str, accounts: Sequence[str] | None = None) -> Sheet:
        """The message, of one of those accounts (None: of any). Raises MissingError."""
        case, message, reply, history = await self._database.read(_stored, message_id, accounts)
        message = opened(message)
        return Sheet(case, message, await asyncio.to_thread(clean, message), reply, history)

    async def others(self, sheet: Sheet) -> Sequence[Row]:
        """What the same sender, by his address, wrote to the account besides: the newest first."""
        return await self._database.read(_others, sheet.case, sheet.message.sender.address)


def _stored(
    transaction: Transaction, message_id: str, accounts: Sequence[str] | None
) -> tuple[Case, Message, str | None, Sequence[Event]]:
    case = find_case(transaction, message_id)
    if accounts is not None and case.account not in accounts:
        raise MissingError("There is no such message.")
    message = messages.load(transaction, case.id)
    if message is None:
        raise MissingError("There is no such message.")
    return case, message, replies.latest(transaction, case.id), events.history(transaction, case.id)


def _others(transaction: Transaction, case: Case, address: str) -> list[Row]:
    found = earlier.of_sender(transaction, case.account, address, case.id, OTHERS)
    return [row_of(other, message) for other, message in found]
