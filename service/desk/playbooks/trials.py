"""Trials: a changed playbook proven in the background before it is put in force, whichever process does it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.desk.clock import Clock, utc_now
from service.desk.playbooks.proving import Ground, Proven, Proving, Tell, ground_of
from service.desk.playbooks.versions import Playbooks
from service.domain.answers import CannedAnswer
from service.domain.playbook import Playbook
from service.domain.proof import Trial
from service.errors import ConflictError, FieldProblem, MissingError
from service.storage import accounts, answers, confirmed, messages, playbooks, trials
from service.storage.confirmed import Lesson
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record
from service.storage.ids import new_id
from service.storage.trials import Changes, Decided

LEASE = timedelta(seconds=60)
"""Renewed while the replay runs; after it, whoever held it is taken for dead."""
MOST_ATTEMPTS = 3
"""So often a trial is begun before it is given up: something in it may end whoever tries."""


@dataclass(frozen=True, slots=True)
class Quote:
    """`message_id` is set where the message itself can be opened."""

    subject: str
    text: str
    message_id: str | None


class Trials:
    """`holder` names whoever does a trial: what it finds counts only while the lease is its own."""

    def __init__(self, database: Database, playbooks: Playbooks, prove: Proving, clock: Clock = utc_now) -> None:
        self._database = database
        self._playbooks = playbooks
        self._prove = prove
        self._clock = clock

    async def ask(self, account: str, about: Changes, by: str) -> Trial:
        """A trial of that version, or the one that is under way. Raises ConflictError where `against` is not in force
        any more, or is that version."""
        return await self._database.write(_ask, account, about, by, self._clock())

    async def find(self, trial_id: str, among: Sequence[str] | None = None) -> Trial:
        """Of one of those accounts (None: of any). Raises MissingError."""
        trial = await self._database.glance(trials.find, trial_id)
        if trial is None or (among is not None and trial.account not in among):
            raise MissingError("There is no such trial.")
        return trial

    async def of(self, account: str, version: str) -> Sequence[Trial]:
        """Newest first."""
        return await self._database.glance(trials.of_version, account, version)

    async def quotes(self, account: str, ids: Sequence[str]) -> Mapping[str, Quote]:
        """What confirmed messages say, redacted, by external id; without those that are gone."""
        return await self._database.read(_quotes, account, ids)

    async def cancel(self, trial_id: str, by: str) -> Trial:
        """One that has ended stays as it is. Raises MissingError."""
        await self._database.write(_cancel, await self.find(trial_id), by, self._clock())
        return await self.find(trial_id)

    async def take(self, holder: str) -> str | None:
        """The id of a trial that is now this holder's to do."""
        return await self._database.write(_take, holder, self._clock(), LEASE)

    async def renew(self, trial_id: str, holder: str) -> bool:
        """False where it was cancelled, or is somebody else's by now."""
        return await self._database.write(trials.renew, trial_id, holder, self._clock() + LEASE)

    async def give_back(self, trial_id: str, holder: str) -> None:
        await self._database.write(trials.give_back, trial_id, holder)

    async def fail(self, trial_id: str, holder: str, why: str) -> None:
        """`why` is a code, no customer's words."""
        said = {"state": "failed", "failure": why}
        await self._database.write(trials.end, trial_id, holder, self._clock(), **said)

    async def run(self, trial_id: str, holder: str) -> str:
        """Replays, and keeps what it showed: its state, or `overtaken`. Blocks the loop while it thinks."""
        trial = await self.find(trial_id)
        about = await self._database.read(trials.changes, trial_id)
        before = await self._playbooks.version(trial.account, about.against)
        after = await self._playbooks.read(
            changed(await self._playbooks.export(trial.account, about.against), about.files)
        )
        lessons, library = await self._database.read(_material, trial.account)
        ground = ground_of(lessons, library)
        known = await self._database.read(trials.decided, trial.account, about.against, ground)
        proven = self._prove(Ground(before, after, lessons, library, known), self._teller(trial_id, holder))
        kept = await self._database.write(_end, trial, holder, ground, proven, self._clock())
        return "done" if kept else "overtaken"

    async def prove(self, playbook: Playbook, tell: Tell) -> Proven:
        """At once, and kept nowhere. Raises MissingError for an account without a playbook."""
        before = await self._playbooks.active(playbook.account)
        lessons, library = await self._database.read(_material, playbook.account)
        return await asyncio.to_thread(self._prove, Ground(before, playbook, lessons, library), tell)

    def _teller(self, trial_id: str, holder: str) -> Tell:
        def tell(percent: int) -> None:
            with self._database.writing() as transaction:
                trials.tell(transaction, trial_id, holder, percent)

        return tell


def changed(files: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    """The files with the changes."""
    return {name: text for name, text in {**files, **changes}.items() if text is not None}


def _quotes(transaction: Transaction, account: str, ids: Sequence[str]) -> dict[str, Quote]:
    found = {}
    for lesson in confirmed.lessons(transaction, account, ids) if ids else ():
        filed = messages.find(transaction, account, lesson.id)
        found[lesson.id] = Quote(lesson.redacted.subject, lesson.redacted.text, filed.id if filed else None)
    return found


def _material(transaction: Transaction, account: str) -> tuple[Sequence[Lesson], Sequence[CannedAnswer]]:
    return confirmed.lessons(transaction, account), answers.library(transaction, account)


def _ask(transaction: Transaction, account: str, about: Changes, by: str, now: datetime) -> Trial:
    accounts.lock(transaction, account)
    if playbooks.active_version(transaction, account) != about.against:
        problem = FieldProblem("against", "merge what is in force by now, and prove again", "not_in_force")
        raise ConflictError("Another version has been put in force.", (problem,))
    if about.version == about.against:
        problem = FieldProblem("version", "change something first", "nothing_changed")
        raise ConflictError("This is the version in force.", (problem,))
    for known in trials.of_version(transaction, account, about.version):
        if known.against == about.against and not known.ended:
            return known
    trial_id = new_id()
    trials.add(transaction, trial_id, account, about, by, now)
    said = {"version": about.version, "against": about.against}
    record(transaction, new_event("trial_asked", trial_id, now, account, by, after=said))
    return _known(transaction, trial_id)


def _cancel(transaction: Transaction, trial: Trial, by: str, now: datetime) -> None:
    if trials.cancel(transaction, trial.id, now):
        record(transaction, new_event("trial_cancelled", trial.id, now, trial.account, by))


def _take(transaction: Transaction, holder: str, now: datetime, lasting: timedelta) -> str | None:
    trial_id = trials.take(transaction, holder, now, lasting)
    if trial_id is None:
        return None
    if _known(transaction, trial_id).attempts > MOST_ATTEMPTS:
        trials.end(transaction, trial_id, holder, now, state="failed", failure="given up")
        return None
    return trial_id


def _end(transaction: Transaction, trial: Trial, holder: str, ground: str, proven: Proven, now: datetime) -> bool:
    kept: dict[str, Decided | object] = {"before": proven.before, "after": proven.after}
    proof = proven.proof.model_dump(mode="json")
    said = {"state": "done", "percent": 100, "ground": ground, "proof": proof, **kept}
    if not trials.end(transaction, trial.id, holder, now, **said):
        return False
    verdict = {"history": proven.proof.history.verdict, "suite": proven.proof.suite.verdict}
    told = {"version": trial.version, "passed": proven.proof.passed, **verdict}
    record(transaction, new_event("trial_ended", trial.id, now, trial.account, holder, after=told))
    return True


def _known(transaction: Transaction, trial_id: str) -> Trial:
    trial = trials.find(transaction, trial_id)
    assert trial is not None  # noqa: S101 - asked for in the transaction that has it
    return trial
