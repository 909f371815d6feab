"""Refits that nobody waits for: due when enough was corrected, one at a time an account, whichever process does it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.desk.clock import Clock, utc_now
from service.desk.learning.versions import WORSE, Learning, Trial, keep
from service.storage import accounts, learned, playbooks, refits
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record
from service.storage.refits import RefitState

LEASE = timedelta(seconds=60)
"""Renewed while the fit runs; after it, whoever held it is taken for dead."""

FIRST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(hours=1)
"""After a failed refit the next one waits, each time twice as long."""


@dataclass(frozen=True, slots=True)
class Pace:
    """A refit is due after so many changes of what is confirmed (0: never by itself), or when the oldest has
    waited for so long."""

    after: int = 20
    wait: timedelta = timedelta(minutes=10)

    def due(self, state: RefitState, now: datetime) -> bool:
        if state.leased_until is not None and state.leased_until >= now:
            return False
        if state.wanted_by is not None:
            return True
        if state.held_by is not None or not state.changes or not self.after or _rests(state, now):
            return False
        waited = state.changed_at is not None and state.changed_at <= now - self.wait
        return waited or state.changes >= self.after


class Refits:
    """`holder` names whoever does a refit: what it finds counts only while the lease is its own."""

    def __init__(
        self, database: Database, learning: Learning, pace: Pace, clock: Clock = utc_now, lease: timedelta = LEASE
    ) -> None:
        self._database = database
        self._learning = learning
        self._pace = pace
        self._clock = clock
        self._lease = lease

    async def take(self, account: str, holder: str) -> bool:
        """Whether a refit is due, and now this holder's to do. Raises UnavailableError."""
        if not self._pace.due(await self._learning.state(account), self._clock()):
            return False
        return await self._database.write(_take, account, holder, self._clock(), self._lease, self._pace.due)

    async def renew(self, account: str, holder: str) -> bool:
        """False where the lease is somebody else's by now."""
        return await self._database.write(refits.renew, account, holder, self._clock() + self._lease)

    async def run(self, account: str, holder: str) -> str:
        """Fits and compares, and puts the result in force unless it did worse, or a person said otherwise meanwhile.
        What came of it: the verdict, `held` or `overtaken`."""
        await self._learning.let_go(account)
        trial = await self._learning.try_(account)
        return await self._database.write(_conclude, account, holder, trial, self._clock())

    async def fail(self, account: str, holder: str, why: str) -> None:
        """The version in force stays; its lessons wait for the next try. `why` is a code, no customer's words."""
        await self._database.write(_fail, account, holder, why, self._clock())

    async def give_back(self, account: str, holder: str) -> None:
        """Unfinished: another may take it at once."""
        await self._database.write(refits.give_back, account, holder)


def _rests(state: RefitState, now: datetime) -> bool:
    if not state.failures or state.tried_at is None:
        return False
    rest: timedelta = FIRST_REST * 2 ** min(state.failures - 1, 10)
    return now < state.tried_at + min(rest, LONGEST_REST)


def _take(
    transaction: Transaction,
    account: str,
    holder: str,
    now: datetime,
    lasting: timedelta,
    due: Callable[[RefitState, datetime], bool],
) -> bool:
    accounts.lock(transaction, account)
    if not due(refits.state(transaction, account), now):
        return False
    return refits.lease(transaction, account, holder, now, lasting)


def _conclude(transaction: Transaction, account: str, holder: str, trial: Trial, now: datetime) -> str:
    accounts.lock(transaction, account)
    state = refits.state(transaction, account)
    if state.leased_by != holder:
        return "overtaken"
    by = state.wanted_by or "refit"
    keep(transaction, account, trial, by)
    outcome = _outcome(transaction, account, state, trial)
    if outcome == trial.compared.verdict != WORSE:
        learned.activate(transaction, account, trial.bundle.version, by, now)
    seen = 0 if outcome == "overtaken" else trial.material.seen
    refits.tried(transaction, account, outcome, seen, now)
    refits.give_back(transaction, account, holder)
    return outcome


def _outcome(transaction: Transaction, account: str, state: RefitState, trial: Trial) -> str:
    """`held` and `overtaken` put nothing in force: a person has chosen a version, or a playbook, meanwhile."""
    if state.held_by is not None:
        return "held"
    incumbent = trial.material.incumbent.version if trial.material.incumbent else None
    there = (learned.active_version(transaction, account), playbooks.active_version(transaction, account))
    return trial.compared.verdict if there == (incumbent, trial.bundle.playbook_version) else "overtaken"


def _fail(transaction: Transaction, account: str, holder: str, why: str, now: datetime) -> None:
    if refits.state(transaction, account).leased_by != holder:
        return
    refits.failed(transaction, account, why, now)
    refits.give_back(transaction, account, holder)
    record(transaction, new_event("refit_failed", account, now, account, holder, after={"why": why}))
