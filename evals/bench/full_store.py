"""A store that has been at work for months: a hundred thousand messages, in about a minute."""

import json
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from itertools import islice
from typing import Any

from service.desk.search.indexing import words_of
from service.desk.search.seeking import stemmed
from service.domain.message import Message
from service.settings import PROMPTS, REFERENCE
from service.storage.database import Database
from service.storage.privacy_lookup import TRACE_DIGITS, kept_address
from service.storage.schema import cases, events, findable, flagged, messages, replies, traces, triages, unindexed

LASTING = timedelta(days=180)
OPEN_SHARE = 0.03
"""Of the messages nobody has answered yet."""

FORM = "formulaire@club-horizon.example"
FORM_SHARE = 0.1
"""Of the messages that all come from one address, as those of a form on a web site do."""

BATCH = 1_000
NAMES = ("Martin", "Bernard", "Dubois", "Thomas", "Robert", "Petit", "Durand", "Leroy", "Moreau", "Simon", "Laurent")
FIRST = ("Camille", "Noé", "Iris", "Jeanne", "Hugo", "Léa", "Zoé", "Paul", "Nadia", "Yanis", "Solène", "Omar")
REPLY = (
    "Bonjour,\n\nVotre demande {number} est traitée : vous recevrez la confirmation sous 5 jours.\n\nBien cordialement"
)


def fill(database: Database, account: str, count: int, first: int = 0) -> None:
    """Confirmed messages of the reference account over and over, each with a sender and a file number of its own, the
    triage of `prompts/examples`, and mostly a reply; indexed as the service would.

    `first`: so many are there already."""
    now, chance = datetime.now(UTC), random.Random(7 + first)
    templates = _templates(account)
    triage = json.loads((PROMPTS / "examples" / "triage.json").read_text("utf-8")) | {"account": account}
    moments = (now - LASTING + LASTING * number / count for number in range(first, count))
    numbered = enumerate(moments, first)
    while part := list(islice(numbered, BATCH)):
        rows: dict[str, list[dict[str, Any]]] = {table.name: [] for table in TABLES}
        with database.writing() as transaction:
            for number, at in part:
                message, queue, words = chance.choice(templates)
                personal = f"client{chance.randrange(count // 3)}@example.org"
                address = FORM if chance.random() < FORM_SHARE else personal
                sender = {"name": f"{chance.choice(FIRST)} {chance.choice(NAMES)}", "address": address}
                one = message | {"external_id": f"CRM-{number:07}", "sender": sender, "received_at": at.isoformat()}
                one["body"] = f"{message['body']}\nDossier HX-{number:07}"
                _add(rows, (number, at, queue), one, triage, kept_address(transaction, address), words, chance)
            for table in TABLES:
                if rows[table.name]:
                    transaction.execute(table.insert(), rows[table.name])
            transaction.execute(unindexed.delete())


TABLES = (messages, triages, cases, findable, flagged, replies, traces, events)


def _add(
    rows: dict[str, list[dict[str, Any]]],
    about: tuple[int, datetime, str],
    message: dict[str, Any],
    triage: dict[str, Any],
    address: str,
    words: Sequence[str],
    chance: random.Random,
) -> None:
    number, at, queue = about
    account, id_ = message["account"], id_at(at, number)
    waits = chance.random() < OPEN_SHARE
    flag = chance.choices(["urgent", "chaser", "sensitive", ""], [4, 6, 3, 87])[0]
    concluded = {"outcome": "routed", "queue": queue, "confidence": round(chance.betavariate(6, 1), 3)}
    own = [*words, *stemmed(f"{message['sender']['name']} {message['sender']['address']} {message['external_id']}")]
    rows["messages"].append(
        {"id": id_, "account": account, "external_id": message["external_id"], "body_hash": id_}
        | {"content": json.dumps(message), "channel": message["channel"], "sender": address, "received_at": at}
        | {"arrived_at": at, "state": "triaged", "attempts": 0, "error": "", "due_by": at}
    )
    rows["triages"].append(concluded | _triage(about, message["external_id"], triage))
    rows["cases"].append(
        concluded
        | {"message_id": id_, "account": account, "state": "open", "due_at": at + timedelta(days=2), "language": "fr"}
        | {"replied_at": None if waits else at + timedelta(hours=9), "updated_at": at}
    )
    if flag:
        rows["flagged"].append({"message_id": id_, "flag": flag})
    if not waits:
        text = REPLY.format(number=message["external_id"])
        own += stemmed(text)
        said = {"sent_by": "Léa", "sent_at": at, "recorded_at": at}
        rows["replies"].append({"id": id_at(at, number, 2), "message_id": id_, "text": text} | said)
    trace = sha256(message["external_id"].encode()).hexdigest()[:TRACE_DIGITS]
    rows["traces"].append({"account": account, "trace": trace, "message_id": id_})
    rows["findable"].append({"message_id": id_, "words": own})
    event = {"at": at, "account": account, "kind": "message_triaged", "actor": "", "subject": id_, "before": None}
    rows["events"].append(event | {"id": id_at(at, number, 3), "after": {"queue": queue}})


def _triage(about: tuple[int, datetime, str], external_id: str, triage: dict[str, Any]) -> dict[str, Any]:
    number, at, queue = about
    id_, routed = id_at(at, number), triage["queue"] | {"id": queue}
    full = triage | {"id": id_, "external_id": external_id, "created_at": at.isoformat(), "queue": routed}
    return (
        {"id": id_at(at, number, 1), "message_id": id_, "content": json.dumps(full), "created_at": at}
        | {"playbook_version": triage["playbook_version"], "engine": "local", "degraded": False, "duration_ms": 20.0}
        | {"cost_usd": 0.0, "prompt_tokens": 0, "cached_tokens": 0, "completion_tokens": 0}
    )


def id_at(at: datetime, number: int, kind: int = 0) -> str:
    """An id as the service makes them (UUIDv7) that sorts by that time."""
    stamp = int(at.timestamp() * 1000)
    return f"{stamp >> 16:08x}-{stamp & 0xFFFF:04x}-7{number % 4096:03x}-8{kind:03x}-{number:012x}"


@cache
def _templates(account: str) -> list[tuple[dict[str, Any], str, Sequence[str]]]:
    """Messages as they are stored, with their queue and the words that they are found by."""
    return list(_read(account))


def _read(account: str) -> Iterator[tuple[dict[str, Any], str, Sequence[str]]]:
    for path in sorted((REFERENCE / "confirmed").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            told = json.loads(line)
            body = {"subject": told.get("subject", ""), "body": told["text"], "channel": told["channel"]}
            message = Message(account=account, **body)
            queue = told["queue"]
            yield message.model_dump(mode="json"), queue, words_of(message)
