"""Audit samples: drawn at random, labelled blind by two people, settled by a third, learned from if a lead says so."""

import asyncio
import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.desk.clock import utc_now
from service.desk.people.people import find_person
from service.desk.playbooks.versions import Playbooks
from service.desk.quality.result import result_of
from service.domain.audited import NO_QUEUE, AuditItem, AuditReport, AuditSample, Method, Seat
from service.domain.event import EventKind
from service.errors import ConflictError, FieldProblem, MissingError, RefusedError
from service.learning.agreement import allotted
from service.storage import audits, triages
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record
from service.storage.ids import new_id

LISTED = 50
FEWEST, MOST = 2, 2_000
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """A sample as it is asked for: `wanted` messages that came in from `since` until before `until`."""

    name: str
    readers: tuple[str, str]
    wanted: int
    method: Method = "stratified"
    since: datetime | None = None
    until: datetime | None = None
    seed: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A sample with its messages in the order in which they are labelled."""

    audit: AuditSample
    items: Sequence[AuditItem]

    @property
    def finished(self) -> bool:
        """Both readers have labelled everything."""
        return all(one.labels.keys() >= {1, 2} for one in self.items)

    def open_to(self, person: str) -> bool:
        """Whether a person may see labels: a reader only once both are done."""
        return self.audit.seat_of(person) is None or self.finished

    def left_for(self, seat: Seat) -> list[AuditItem]:
        return [one for one in self.items if seat not in one.labels]


class Auditing:
    def __init__(self, database: Database, playbooks: Playbooks) -> None:
        self._database = database
        self._playbooks = playbooks

    async def draw(self, account: str, asked: Asked, by: str) -> AuditSample:
        """Without a seed a new one is drawn; it is kept, and with it the same messages are found again. Raises
        RefusedError, MissingError for readers who are not there."""
        checked = _checked(asked)
        return await self._database.write(_draw, account, checked, by, utc_now())

    async def list(self, account: str) -> tuple[list[AuditSample], dict[str, dict[int, int]]]:
        """Newest first, with how many messages have a label by seat; seat 0: how many there are."""
        return await self._database.read(_listed, account)

    async def open(self, account: str | None, audit_id: str) -> Opened:
        """Raises MissingError."""
        return await self._database.read(_opened, account, audit_id)

    async def report(self, account: str | None, audit_id: str) -> AuditReport:
        """What the sample says so far. Raises MissingError."""
        found = await self.open(account, audit_id)
        return AuditReport(audit=found.audit, result=await asyncio.to_thread(result_of, found.audit, found.items))

    async def label(self, account: str, audit_id: str, message_id: str, queue: str, by: str) -> None:
        """A reader's label, in place of what he said before; "" where no queue fits. Raises MissingError, RefusedError
        for who is no reader or a queue that is not there, ConflictError once both are done."""
        await self._known(account, queue)
        await self._database.write(_label, account, audit_id, message_id, queue, by, utc_now())

    async def unlabel(self, account: str, audit_id: str, message_id: str, by: str) -> None:
        """Takes a reader's label back. Raises as `label`."""
        await self._database.write(_label, account, audit_id, message_id, None, by, utc_now())

    async def settle(self, account: str, audit_id: str, message_id: str, queue: str, by: str) -> None:
        """What counts where the readers disagree, said by a third person. Raises MissingError, RefusedError for a
        reader, ConflictError where they do not disagree."""
        await self._known(account, queue)
        await self._database.write(_settle, account, audit_id, message_id, queue, by, utc_now())

    async def remove(self, account: str, audit_id: str, by: str) -> None:
        """With its labels; what was learned from it stays learned. Raises MissingError."""
        await self._database.write(_remove, account, audit_id, by, utc_now())

    async def _known(self, account: str, queue: str) -> None:
        if queue != NO_QUEUE and queue not in (await self._playbooks.active(account)).queue_ids:
            raise RefusedError("There is no such queue.", (FieldProblem("queue", "choose one of them", "choice"),))


def _checked(asked: Asked) -> Asked:
    wrong = {
        "audit_name": not 0 < len(asked.name.strip()) <= LONGEST_NAME,
        "audit_size": not FEWEST <= asked.wanted <= MOST,
        "audit_period": bool(asked.since and asked.until and asked.since >= asked.until),
        "audit_readers": len({one.strip().casefold() for one in asked.readers if one.strip()}) < len(asked.readers),
    }
    problems = tuple(
        FieldProblem(code.removeprefix("audit_"), "look at it", code) for code, bad in wrong.items() if bad
    )
    if problems:
        raise RefusedError("The sample cannot be drawn as it is asked for.", problems)
    return asked


def _draw(transaction: Transaction, account: str, asked: Asked, by: str, now: datetime) -> AuditSample:
    people = [find_person(transaction, name) for name in asked.readers]
    if any(not one.sees(account) or one.disabled_at is not None for one in people):
        problem = FieldProblem("readers", "choose people who see the account", "audit_readers")
        raise RefusedError("A reader cannot read the account's messages.", (problem,))
    known = audits.population(transaction, account, asked.since, asked.until)
    seed = asked.seed.strip()[:32] or secrets.token_hex(8)
    strata, drawn = drawn_from(known, asked.wanted, asked.method, seed)
    if not drawn:
        raise RefusedError("There is nothing to draw.", (FieldProblem("since", "widen the period", "audit_empty"),))
    audit = AuditSample(
        id=new_id(),
        account=account,
        name=" ".join(asked.name.split()),
        seed=seed,
        method=asked.method,
        wanted=asked.wanted,
        since=asked.since,
        until=asked.until,
        strata=strata,
        readers=tuple(one.name for one in people),
        by=by,
        at=now,
    )
    audits.add(transaction, audit, [_item(transaction, id_, place, known[id_]) for place, id_ in enumerate(drawn)])
    after = {"drawn": len(drawn), "of": len(known), "method": asked.method, "seed": seed, "readers": audit.readers}
    _tell(transaction, "audit_drawn", audit, by, now, after=after)
    return audit


def drawn_from(known: dict[str, str], wanted: int, method: Method, seed: str) -> tuple[dict[str, int], Sequence[str]]:
    """Sizes of the strata, and the ids drawn, in an order that tells nothing. The same seed draws the same."""
    by_stratum: dict[str, list[str]] = {}
    for id_ in sorted(known):
        by_stratum.setdefault(known[id_], []).append(id_)
    sizes = {name: len(ids) for name, ids in sorted(by_stratum.items())}
    chance = random.Random(seed)  # noqa: S311 - to be drawn again, not to be kept secret
    if method == "simple":
        return sizes, chance.sample(sorted(known), min(wanted, len(known)))
    drawn = [id_ for name, count in allotted(sizes, wanted).items() for id_ in chance.sample(by_stratum[name], count)]
    chance.shuffle(drawn)
    return sizes, drawn


def _item(transaction: Transaction, message_id: str, place: int, stratum: str) -> AuditItem:
    triage = triages.latest(transaction, message_id)
    guess = triage.alternatives[0] if triage and triage.alternatives else None
    return AuditItem(
        message_id=message_id,
        place=place,
        stratum=stratum,
        outcome=triage.outcome if triage else "abstained",
        queue=triage.queue.id if triage and triage.queue else guess.queue if guess else None,
        confidence=triage.confidence if triage else 0.0,
        sender="",
    )


def _listed(transaction: Transaction, account: str) -> tuple[list[AuditSample], dict[str, dict[int, int]]]:
    found = audits.entries(transaction, account, LISTED)
    return found, audits.progress(transaction, [one.id for one in found])


def _found(transaction: Transaction, account: str | None, audit_id: str) -> AuditSample:
    audit = audits.find(transaction, audit_id)
    if audit is None or account not in {None, audit.account}:
        problem = FieldProblem("id", "give the id of one of the list of samples", "no_such_audit")
        raise MissingError("There is no such audit sample.", (problem,))
    return audit


def _opened(transaction: Transaction, account: str | None, audit_id: str) -> Opened:
    audit = _found(transaction, account, audit_id)
    return Opened(audit, audits.items(transaction, audit.id))


def _drawn(found: Opened, message_id: str) -> AuditItem:
    item = next((one for one in found.items if one.message_id == message_id), None)
    if item is None:
        raise MissingError("The message is not in the sample.", (FieldProblem("message", "choose another"),))
    return item


def _label(
    transaction: Transaction,
    account: str,
    audit_id: str,
    message_id: str,
    queue: str | None,
    by: str,
    now: datetime,
) -> None:
    found = _opened(transaction, account, audit_id)
    item, seat = _drawn(found, message_id), found.audit.seat_of(by)
    if seat is None:
        raise RefusedError("Only its readers label a sample.", (FieldProblem("by", "ask a reader", "no_reader"),))
    if found.finished and item.labels.get(seat) != queue:
        problem = FieldProblem("id", "what differs is settled by somebody else", "audit_finished")
        raise ConflictError("Both readers are done: labels stay as they are.", (problem,))
    if queue is None:
        audits.unlabel(transaction, audit_id, message_id, seat)
    else:
        audits.label(transaction, audit_id, message_id, seat, queue, by, now)
    before = {"message": message_id, "queue": item.labels[seat]} if seat in item.labels else None
    after = {"message": message_id, "seat": seat} | ({} if queue is None else {"queue": queue})
    _tell(transaction, "audit_labelled", found.audit, by, now, before, after)


def _settle(
    transaction: Transaction, account: str, audit_id: str, message_id: str, queue: str, by: str, now: datetime
) -> None:
    found = _opened(transaction, account, audit_id)
    item = _drawn(found, message_id)
    if found.audit.seat_of(by) is not None:
        problem = FieldProblem("by", "somebody who did not label it settles it", "audit_reader")
        raise RefusedError("A reader does not settle what he disagreed on.", (problem,))
    if not item.disputed:
        raise ConflictError("The readers do not disagree.", (FieldProblem("id", "look again", "not_disputed"),))
    audits.label(transaction, audit_id, message_id, 3, queue, by, now)
    before = {"message": message_id, "labels": [item.labels[1], item.labels[2]], "queue": item.labels.get(3)}
    _tell(transaction, "audit_adjudicated", found.audit, by, now, before, {"message": message_id, "queue": queue})


def _remove(transaction: Transaction, account: str, audit_id: str, by: str, now: datetime) -> None:
    audit = _found(transaction, account, audit_id)
    audits.remove(transaction, audit_id)
    _tell(transaction, "audit_removed", audit, by, now, {"wanted": audit.wanted, "readers": list(audit.readers)})


def _tell(
    transaction: Transaction,
    kind: EventKind,
    audit: AuditSample,
    by: str,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """The name that a person gave a sample is not in it: it may hold anything."""
    record(transaction, new_event(kind, audit.id, now, audit.account, by, before, after))
