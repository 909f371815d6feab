"""What was concluded about messages, with the case and the events that come of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from service.domain.message import Message
from service.domain.moment import after
from service.domain.triage import Triage, Usage
from service.storage import bursts, flags, messages, model_answers, replies, standings, webhooks
from service.storage.database import Transaction
from service.storage.events import new_event, received, record
from service.storage.ids import new_id
from service.storage.insert import add_row
from service.storage.prepared import Prepared, in_one_go
from service.storage.schema import cases, triages

_ADD = Prepared(lambda _: insert(triages), triages.c.keys())
_LATEST = Prepared(
    lambda _: (
        select(triages.c.content)
        .where(triages.c.message_id == bindparam("wanted"))
        .order_by(triages.c.id.desc())
        .limit(1)
    )
)


@dataclass(frozen=True, slots=True)
class Concluded:
    """A message with its triage, whose `id` is the message's."""

    message: Message
    triage: Triage
    body_hash: str


def store_new(transaction: Transaction, one: Concluded, at: datetime) -> bool:
    """Message, triage, case and events; False, and nothing stored, where its external id is known."""
    message, triage = one.message, one.triage
    with in_one_go(transaction):
        if not messages.add(transaction, triage.id, message, one.body_hash, "triaged", at):
            return False
        came_in = received(triage.id, message, at)
        _store(transaction, message, triage, at)
        record(transaction, came_in, _event(triage, at))
    return True


def store_result(
    transaction: Transaction, message: Message, triage: Triage, at: datetime, holder: str | None = None
) -> bool:
    """Triage, case, event and deliveries of a message that was stored before; False where it was triaged meanwhile, or
    is no longer leased to that `holder`."""
    if not messages.settle(transaction, triage.id, holder):
        return False
    with in_one_go(transaction):
        _store(transaction, message, triage, at)
        record(transaction, _event(triage, at))
    ids = (triage.id, message.external_id)
    webhooks.announce(transaction, "message.triaged", triage.account, ids, triage, at)
    return True


def latest(transaction: Transaction, message_id: str) -> Triage | None:
    found = _LATEST.rows(transaction, {"wanted": message_id})
    return Triage.model_validate_json(found[0][0]) if found else None


def _store(transaction: Transaction, message: Message, triage: Triage, at: datetime) -> None:
    concluded = {
        "outcome": triage.outcome,
        "queue": triage.queue.id if triage.queue else None,
        "confidence": triage.confidence,
    }
    result = {
        "id": new_id(),
        "message_id": triage.id,
        "content": triage.model_dump_json(),
        "created_at": triage.created_at,
        "playbook_version": triage.playbook_version,
        "engine": triage.engine,
        "degraded": triage.degraded,
        "duration_ms": triage.duration_ms,
        "cost_usd": triage.usage.cost_usd,
        "prompt_tokens": triage.usage.prompt_tokens,
        "cached_tokens": triage.usage.cached_tokens,
        "completion_tokens": triage.usage.completion_tokens,
    }
    _ADD.run(transaction, concluded | result)
    standings.note(transaction, triage)
    if triage.usage.calls:  # what the model said is in the triage now
        model_answers.forget(transaction, model_answers.asked_for(message, triage.id))
    if triage.draft is not None:
        replies.note_uses(transaction, triage.id, triage.account, triage.draft.answers, at)
    due_at = _due_at(message, triage, at)
    leader = bursts.open_case(transaction, triage, message)
    case = {"message_id": triage.id, "account": triage.account, "state": "open", "due_at": due_at, "updated_at": at}
    case["language"] = triage.language
    together = {"joined_to": leader, "joins_until": triage.joins_until}
    new = add_row(transaction, cases, concluded | case | together)
    flags.note(transaction, triage.id, triage.flags, anew=not new)
    if new:
        bursts.file(transaction, triage)
        if leader:
            bursts.joined(transaction, triage, leader, at)
        return
    untouched = (cases.c.message_id == triage.id) & cases.c.corrected_at.is_(None)
    transaction.execute(update(cases).where(untouched).values(concluded | {"due_at": due_at, "updated_at": at}))


def _due_at(message: Message, triage: Triage, at: datetime) -> datetime | None:
    """A time to come at which it is said to have come counts as now: else it would never be late."""
    return after(min(message.received_at, at), triage.queue.sla_hours) if triage.queue else None


def open_without(transaction: Transaction, message_id: str, account: str, at: datetime) -> None:
    """A case for a message whose triage failed for good: a person will see to it."""
    unknown = {"outcome": "abstained", "queue": None, "confidence": 0.0, "state": "open", "due_at": None}
    add_row(transaction, cases, unknown | {"message_id": message_id, "account": account, "updated_at": at})


def spent(usage: Usage) -> dict[str, object]:
    """What an event says of a model's work; nothing where none was asked."""
    if not usage.calls:
        return {}
    return usage.model_dump(include={"calls", "prompt_tokens", "completion_tokens", "cost_usd"})


def _event(triage: Triage, at: datetime) -> dict[str, object]:
    concluded = {
        "outcome": triage.outcome,
        "queue": triage.queue.id if triage.queue else None,
        "confidence": round(triage.confidence, 4),
        "playbook": triage.playbook_version,
        "engine": triage.engine,
        "best": triage.alternatives[0].queue if triage.alternatives else None,
        "flags": list(triage.flags),
        **spent(triage.usage),
    }
    return new_event("message_triaged", triage.id, at, triage.account, after=concluded)
