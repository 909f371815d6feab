"""What models answered and were paid for, kept until the message's triage is stored."""

import hashlib
from datetime import datetime

from sqlalchemy import bindparam, delete, select

from service.domain.message import Message
from service.storage.database import Transaction
from service.storage.insert import add_row
from service.storage.prepared import Prepared
from service.storage.schema import messages, model_answers

_FIND = Prepared(lambda _: select(model_answers.c.content).where(model_answers.c.id == bindparam("wanted")))
_THERE = Prepared(lambda _: select(messages.c.id).where(messages.c.id == bindparam("wanted")).with_for_update())
_FORGET = Prepared(lambda _: delete(model_answers).where(model_answers.c.asked_for == bindparam("done")))


def hash_of(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "replace")).hexdigest()


def asked_for(message: Message, message_id: str) -> str:
    """The same when the same message is triaged again after a crash: by its external id, since the id of one that is
    stored only with its triage is a new one each time."""
    if message.external_id is None:
        return message_id
    return hash_of(message.account or "", message.external_id, message.fingerprint)


def find(transaction: Transaction, answer_id: str) -> str | None:
    found = _FIND.rows(transaction, {"wanted": answer_id})
    return found[0][0] if found else None


def keep(transaction: Transaction, answer_id: str, message_id: str, asked_for: str, content: str, at: datetime) -> None:
    """Goes with its message, where that is stored already. One that nobody could ask for again is not kept."""
    there = bool(_THERE.rows(transaction, {"wanted": message_id}))
    if not there and asked_for == message_id:
        return
    row = {"message_id": message_id if there else None, "asked_for": asked_for, "content": content, "created_at": at}
    add_row(transaction, model_answers, {"id": answer_id, **row})


def forget(transaction: Transaction, asked_for: str) -> None:
    _FORGET.run(transaction, {"done": asked_for})


def sweep(transaction: Transaction, before: datetime) -> int:
    """Those that nobody came back for; how many."""
    return transaction.execute(delete(model_answers).where(model_answers.c.created_at < before)).rowcount
