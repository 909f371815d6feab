"""Once a day what is older than its account's terms is removed, by the same way as an erasure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import get_args

from service.desk.answers.passages import lesson_passages
from service.desk.clock import Clock, utc_now
from service.desk.playbooks.versions import Playbooks
from service.desk.privacy.rights import remove
from service.domain.collections import confirmed_of
from service.domain.message import Channel
from service.domain.playbook import Playbook
from service.domain.privacy import Erasure, Todo
from service.domain.retention import Retention
from service.log import Said, code, code_of, log
from service.storage import accounts, confirmed, passages, privacy_records, privacy_remove, privacy_terms
from service.storage.database import Database, Transaction
from service.storage.privacy_find import Held

CHORE = "purge"
EVERY = timedelta(days=1)
LEASE = timedelta(minutes=5)
"""Renewed after each batch; after it, whoever held it is taken for dead."""

CHANNELS: tuple[Channel, ...] = get_args(Channel)


@dataclass(frozen=True, slots=True)
class Due:
    """What of an account is older than its terms: messages by channel, lessons that go, and lessons of which only the
    redacted text stays."""

    account: str
    messages: dict[str, int]
    lessons: int = 0
    reduced: int = 0


@dataclass(slots=True)
class Purged:
    """What a purge did: the record of it, None where nothing was past its term or another process is at it. `failed`:
    of these accounts it could not remove everything; the log has told each."""

    record: Erasure | None = None
    failed: dict[str, Exception] = field(default_factory=dict)


class Purging:
    """`holder` names whoever purges: one at a time, however many processes there are."""

    def __init__(self, database: Database, playbooks: Playbooks, clock: Clock = utc_now) -> None:
        self._database = database
        self._playbooks = playbooks
        self._clock = clock

    async def due(self) -> bool:
        """Whether a day has passed since the last purge. A day of before the clock was set back counts too: what a
        wrong clock did is not waited for."""
        done, now = await self._database.glance(privacy_records.chore_done, CHORE), self._clock()
        return done is None or abs(now - done) >= EVERY

    async def purge(self, by: str, holder: str, scheduled: bool = False) -> Purged:
        """Removes what is older than its term, batch by batch; a `scheduled` one only where no process has done it
        today. An account that fails keeps nothing of the others, and leaves the purge due. Raises UnavailableError."""
        now, purged = self._clock(), Purged()
        every = EVERY if scheduled else None
        if not await self._database.write(privacy_records.take_chore, CHORE, holder, now, LEASE, every):
            return purged
        done = None
        try:
            for account in await self._database.read(accounts.ids):
                await self._purge(account, by, holder, purged)
            done = None if purged.failed else now
        finally:
            await self._database.write(privacy_records.end_chore, CHORE, holder, done)
        if purged.record is not None:
            purged.record = await self._database.write(_rows_done, purged.record.id)
        return purged

    async def plan(self) -> list[Due]:
        """What a purge would do now, by account; changes nothing. Without those whose playbook this program does not
        take."""
        now, found = self._clock(), []
        readable = await self._playbooks.readable(await self._database.read(accounts.ids))
        for account, playbook in readable.items():
            terms = _terms(playbook)
            if terms:
                found.append(await self._database.read(_count_due, account, terms, now))
        return found

    async def _purge(self, account: str, by: str, holder: str, purged: Purged) -> None:
        try:
            terms = _terms(await self._playbooks.active(account))
            if terms is not None:
                await self._purge_messages(account, terms, by, holder, purged)
                await self._purge_lessons(account, terms, by, purged)
        except Exception as error:
            log(Said.PURGE_FAILED, account=code(account), cause=code_of(error))
            purged.failed[account] = error

    async def _purge_messages(self, account: str, terms: Retention, by: str, holder: str, purged: Purged) -> None:
        for channel in CHANNELS:
            term = terms.of(channel)
            while term is not None:
                now = self._clock()
                found = await self._database.read(
                    privacy_terms.expired, account, channel, now - term, now, privacy_remove.BATCH
                )
                if not found:
                    break
                purged.record = purged.record or await self._begun(by)
                ids = tuple(id_ for id_, _ in found)
                await self._database.write(remove, purged.record.id, Held(ids), True, now)
                await self._database.write(privacy_records.keep_chore, CHORE, holder, now + LEASE)

    async def _purge_lessons(self, account: str, terms: Retention, by: str, purged: Purged) -> None:
        after: str | None = ""
        while after is not None:
            now = self._clock()
            gone, bare, after = await self._database.read(_older, account, terms, now, after)
            if gone or bare:
                purged.record = purged.record or await self._begun(by)
                await self._database.write(_settle_lessons, purged.record.id, account, gone, bare, now)

    async def _begun(self, by: str) -> Erasure:
        return await self._database.write(privacy_records.begin, "purge", None, by, self._clock())


def _terms(playbook: Playbook) -> Retention | None:
    terms = playbook.retention
    return terms if terms is not None and terms.bounded else None


def _older(
    transaction: Transaction, account: str, terms: Retention, now: datetime, after: str
) -> tuple[list[str], list[str], str | None]:
    """Lessons past their term, lessons of which only the redacted text may stay, and where to go on."""
    lasting = [term for channel in CHANNELS for term in (terms.of(channel), terms.of_lesson(channel)) if term]
    if not lasting:
        return [], [], None
    rows, following = privacy_terms.older_lessons(transaction, account, now - min(lasting), after)
    gone, bare = [], []
    for one, since, reduced in rows:
        name, channel = one.message.external_id or "", one.message.channel
        term, whole = terms.of_lesson(channel), terms.of(channel)
        if term is not None and since < now - term:
            gone.append(name)
        elif whole is not None and since < now - whole and not reduced:
            bare.append(name)
    return gone, bare, following


def _settle_lessons(
    transaction: Transaction, record_id: str, account: str, gone: list[str], bare: list[str], now: datetime
) -> None:
    if bare:
        count = privacy_terms.reduce_lessons(transaction, account, bare, now)
        found = lesson_passages(confirmed.lessons(transaction, account, bare))
        passages.put(transaction, confirmed_of(account), found)
        privacy_records.note(transaction, record_id, {"reduced": count}, Todo(wipe=True))
    if gone:
        remove(transaction, record_id, Held((), tuple((account, name) for name in gone)), True, now)


def _count_due(transaction: Transaction, account: str, terms: Retention, now: datetime) -> Due:
    counts: dict[str, int] = {}
    for channel in CHANNELS:
        term = terms.of(channel)
        if term is not None:
            counts[channel] = len(privacy_terms.expired(transaction, account, channel, now - term, now, None))
    lessons, reduced = 0, 0
    after: str | None = ""
    while after is not None:
        gone, bare, after = _older(transaction, account, terms, now, after)
        lessons, reduced = lessons + len(gone), reduced + len(bare)
    return Due(account, counts, lessons, reduced)


def _rows_done(transaction: Transaction, erasure_id: str) -> Erasure:
    privacy_records.settle(transaction, erasure_id, rows_done=True)
    return privacy_records.find(transaction, erasure_id)
