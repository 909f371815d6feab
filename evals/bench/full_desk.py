"""What leads and quality find in a store that has been at work for months: beside a hundred thousand messages, what
became of their drafts, corrections that wait, figures by day and who took up what of whom."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from evals.bench.full_store import BATCH, LASTING, id_at
from service.desk.oversight.counting import VERDICTS
from service.desk.oversight.reading import NAMES
from service.storage.database import Database, Transaction
from service.storage.reuses import recount
from service.storage.schema import answer_uses, answers, comparisons, corrections, figures, people, replies, reuses

FATES = ("kept", "edited", "rewritten", "dropped")
CONTESTED, DECIDED = 300, 3_000
"""Corrections that wait for a lead, and those that were learned from."""

FLOWS = ("received", "answered", "handled", "within_24", "within_48")
"""What is counted along each queue and channel."""

Replied = tuple[str, str, datetime]
"""Message, reply, when."""


def work(database: Database, account: str, queues: Sequence[str], seed: int = 11) -> None:
    """On what `full_store.fill` made, with the account's library and the people that are there."""
    chance = random.Random(seed)
    with database.reading() as transaction:
        replied = [(row.message_id, row.id, row.sent_at) for row in transaction.execute(replies.select())]
        library = [row.id for row in transaction.execute(answers.select().where(answers.c.account == account))]
        persons = [row.id for row in transaction.execute(people.select())]
    said = iter(replied)
    while part := list(islice(said, BATCH)):
        with database.writing() as transaction:
            _put(transaction, answer_uses, _uses(part, account, library, chance))
            _put(transaction, comparisons, _comparisons(part, account, queues, chance))
            _put(transaction, reuses, _reuses(part, account, library, persons, chance))
    with database.writing() as transaction:
        recount(transaction)
        _put(transaction, corrections, _corrections(replied, account, queues, chance))
        _put(transaction, figures, _figures(account, queues, chance))


def _put(transaction: Transaction, table: Any, rows: Iterator[dict[str, Any]]) -> None:
    if found := list(rows):
        transaction.execute(table.insert(), found)


def _uses(
    part: Sequence[Replied], account: str, library: Sequence[str], chance: random.Random
) -> Iterator[dict[str, Any]]:
    for message_id, _, at in part:
        for answer in chance.sample(library, 2):
            yield {"message_id": message_id, "answer": answer, "account": account, "at": at, "replied_at": at} | {
                "fate": chance.choice(FATES), "kept": chance.random(),
            }  # fmt: skip


def _comparisons(
    part: Sequence[Replied], account: str, queues: Sequence[str], chance: random.Random
) -> Iterator[dict[str, Any]]:
    drafted = VERDICTS[:3]
    for message_id, reply_id, at in part:
        yield {"reply_id": reply_id, "message_id": message_id, "account": account, "sent_by": "Léa", "sent_at": at} | {
            "queue": chance.choice(queues), "verdict": chance.choice(drafted), "content": None, "redacted": "Bonjour.",
        }  # fmt: skip


def _reuses(
    part: Sequence[Replied], account: str, library: Sequence[str], persons: Sequence[str], chance: random.Random
) -> Iterator[dict[str, Any]]:
    for message_id, _, at in part if len(persons) > 1 else ():
        giver, taker = chance.sample(persons, 2)
        yield {"message_id": message_id, "account": account, "at": at, "person_id": giver, "by_id": taker} | {
            "kind": "answer", "source": chance.choice(library),
        }  # fmt: skip


def _corrections(
    replied: Sequence[Replied], account: str, queues: Sequence[str], chance: random.Random
) -> Iterator[dict[str, Any]]:
    against = [{"kind": "policy", "queue": queues[0], "refs": ["facture"]}]
    for place, (message_id, _, at) in enumerate(chance.sample(list(replied), min(CONTESTED + DECIDED, len(replied)))):
        state = "contested" if place < CONTESTED else "learned"
        yield {"id": id_at(at, place, 4), "account": account, "message_id": message_id, "by": "Léa", "at": at} | {
            "queue": chance.choice(queues), "before": queues[0], "comment": "", "state": state, "current": True,
            "objections": against if state == "contested" else [], "decision_comment": "",
        }  # fmt: skip


def _figures(account: str, queues: Sequence[str], chance: random.Random) -> Iterator[dict[str, Any]]:
    today = datetime.now(UTC).date()
    along = [("total", "")] + [("queue", queue) for queue in queues] + [("channel", one) for one in ("email", "chat")]
    for back in range(LASTING.days):
        for kind, value in along:
            for name in NAMES if kind == "total" else FLOWS:
                about = {"account": account, "kind": kind, "day": today - timedelta(days=back), "name": name}
                yield about | {"value": value, "amount": float(chance.randrange(600))}
