"""Learning: the voters fitted anew from what people confirmed, compared, every version kept."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from service.desk.clock import Clock, utc_now
from service.desk.learning.bound import let_go
from service.desk.learning.exam import Compared, Exam, compare_exams, figures
from service.desk.playbooks.versions import Playbooks
from service.domain.answers import CannedAnswer
from service.domain.playbook import Playbook
from service.errors import ConflictError, FieldProblem, MissingError
from service.learning.split import is_locked
from service.learning.trust import Trust
from service.storage import accounts, answers, confirmed, learned, refits, standings
from service.storage.confirmed import Lesson
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record
from service.storage.learned import BundleVersion
from service.storage.refits import RefitState

WORSE = "worse"
"""The one verdict that keeps a version from being put in force."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A bundle as bytes; `version` is the hash of its content, `metrics` what is said about it."""

    version: str
    content: bytes
    metrics: dict[str, Any]


Fit = Callable[[Playbook, Sequence[Lesson], Sequence[CannedAnswer]], Fitted]
"""Fits the learned voters (`service.learning`); run in a thread."""

Examine = Callable[[Playbook, Sequence[Lesson], Sequence[CannedAnswer]], Exam]
"""What twins of such a fit say of messages that they have not learned from."""


@dataclass(frozen=True, slots=True)
class Material:
    """What there was to learn from at `at`, when `seen` lessons waited, and the version that was in force."""

    lessons: Sequence[Lesson]
    library: Sequence[CannedAnswer]
    at: datetime
    seen: int
    incumbent: BundleVersion | None
    exam: Exam | None


@dataclass(frozen=True, slots=True)
class Trial:
    """A fit and how it did. `incumbent_exam` is set where the version in force had to be examined for it."""

    material: Material
    bundle: BundleVersion
    content: bytes
    compared: Compared
    exam: Exam | None = None
    incumbent_exam: Exam | None = None


class Learning:
    """Without `examine`, versions are not compared. `most`: so many confirmed messages are learned from, and more where
    people themselves confirmed more."""

    def __init__(
        self,
        database: Database,
        playbooks: Playbooks,
        fit: Fit,
        clock: Clock = utc_now,
        examine: Examine | None = None,
        most: int = 10_000,
    ) -> None:
        self._database = database
        self._playbooks = playbooks
        self._fit = fit
        self._clock = clock
        self._examine = examine
        self._most = most

    async def learn(self, account: str, by: str, anyway: bool = False) -> BundleVersion:
        """Fits anew because a person wants it, which ends a hold, and puts the result in force unless it did worse
        than the version there is; `anyway`: without a comparison. The version that is returned says whether it is
        `active`, and in its metrics why. The same data give the version that is there. Raises MissingError."""
        await self.let_go(account)
        trial = await self.try_(account, compared=not anyway)
        good = trial.compared.verdict != WORSE
        return await self._database.write(_settle, account, trial, by, self._clock(), good)

    async def try_(self, account: str, compared: bool = True) -> Trial:
        """Fits, and compares with the version in force, which takes longer. Changes nothing. Raises MissingError."""
        playbook = await self._playbooks.active(account)
        material = await self._database.read(_material, account, self._clock())
        return await asyncio.to_thread(self._tried, playbook, material, self._examine if compared else None)

    async def let_go(self, account: str) -> int:
        """No longer learns from the oldest of what replies confirmed, where it is too much; how many
        (`service.desk.learning.bound`)."""
        return await self._database.write(let_go, account, self._most, self._clock())

    async def active(self, account: str) -> tuple[str, bytes] | None:
        """Version and bytes of the bundle in force, or None where nothing was learned."""
        return await self._database.read(_active, account)

    async def active_version(self, account: str) -> str | None:
        return await self._database.glance(learned.active_version, account)

    async def trust(self, account: str) -> dict[str, Trust]:
        """What each model's word has earned so far, by the model's name."""
        tally = await self._database.read(standings.tally, account)
        return {model: Trust(counts) for model, counts in tally.items()}

    async def list(self, account: str) -> list[BundleVersion]:
        """Newest first."""
        return await self._database.read(learned.versions, account)

    async def state(self, account: str) -> RefitState:
        """What waits, who holds the version in force, and what came of the last refit."""
        return await self._database.glance(refits.state, account)

    async def activate(self, account: str, version: str, by: str) -> None:
        """Brings a version back, and holds it until somebody learns on purpose.

        Raises MissingError, ConflictError where it knows other queues than the playbook in force.
        """
        await self._fits(account, version)
        await self._database.write(_activate, account, version, by, self._clock())

    async def want(self, account: str, by: str) -> RefitState:
        """Asks for a refit in the background now; it ends a hold."""
        return await self._database.write(_want, account, by)

    async def _fits(self, account: str, version: str) -> None:
        bundle = await self._database.read(_known, account, version)
        queues = (await self._playbooks.version(account, bundle.playbook_version)).queue_ids
        if queues != (await self._playbooks.active(account)).queue_ids:
            problem = FieldProblem("version", f"activate the playbook {bundle.playbook_version}, or learn anew")
            raise ConflictError(f"{version} was learned for other queues than those of today's playbook.", (problem,))

    def _tried(self, playbook: Playbook, material: Material, examine: Examine | None) -> Trial:
        fitted = self._fit(playbook, material.lessons, material.library)
        bundle = BundleVersion(fitted.version, material.at, False, playbook.version, fitted.metrics)
        incumbent = material.incumbent
        against = incumbent.version if incumbent else ""
        untested = _untested(incumbent, bundle)
        if incumbent is None or untested or examine is None:
            verdict = untested or "not compared"
            return _concluded(Trial(material, bundle, fitted.content, Compared(verdict, against)))
        exam = examine(playbook, material.lessons, material.library)
        before = None
        if material.exam is None:
            known = [one for one in material.lessons if one.at is None or one.at <= incumbent.created_at]
            before = examine(playbook, known, material.library)
        senders = {one.id: one.confirmed.message.sender.address.casefold() for one in material.lessons}
        compared = compare_exams(material.exam or before or {}, exam, senders, against)
        return _concluded(Trial(material, bundle, fitted.content, compared, exam, before))


def _untested(incumbent: BundleVersion | None, bundle: BundleVersion) -> str:
    """Why there is nothing to compare, or an empty string."""
    if incumbent is None:
        return "first"
    if incumbent.version == bundle.version:
        return "unchanged"
    return "" if incumbent.playbook_version == bundle.playbook_version else "another playbook"


def _concluded(trial: Trial) -> Trial:
    """With what is known of the version said in its metrics; `locked`: lessons of the split kept for the last test,
    which an account at work learns from and a measurement may not."""
    said = trial.compared.as_metrics() | (figures(trial.exam) if trial.exam is not None else {})
    said["locked"] = sum(is_locked(one.confirmed.message) for one in trial.material.lessons)
    return replace(trial, bundle=replace(trial.bundle, metrics=trial.bundle.metrics | said))


def _material(transaction: Transaction, account: str, now: datetime) -> Material:
    active = learned.active_version(transaction, account)
    return Material(
        lessons=confirmed.lessons(transaction, account),
        library=answers.library(transaction, account),
        at=now,
        seen=refits.state(transaction, account).changes,
        incumbent=learned.find(transaction, account, active) if active else None,
        exam=learned.exam(transaction, account, active) if active else None,
    )


def keep(transaction: Transaction, account: str, trial: Trial, by: str) -> None:
    """Keeps the version with its exam and metrics, and the exam of the one that it was compared with; what is far too
    old to be brought back goes."""
    bundle, compared = trial.bundle, trial.compared
    new = learned.add(transaction, account, bundle, trial.content, by, trial.exam)
    if not new and compared.verdict != "unchanged":
        learned.note(transaction, account, bundle.version, trial.exam, bundle.metrics)
    if trial.incumbent_exam is not None:
        learned.note(transaction, account, compared.against, trial.incumbent_exam)
    learned.drop_old(transaction, account, bundle.version)


def _settle(transaction: Transaction, account: str, trial: Trial, by: str, now: datetime, good: bool) -> BundleVersion:
    accounts.lock(transaction, account)
    keep(transaction, account, trial, by)
    refits.tried(transaction, account, trial.compared.verdict, trial.material.seen, now)
    if good:
        learned.activate(transaction, account, trial.bundle.version, by, now)
        refits.let_go(transaction, account)
    return learned.find(transaction, account, trial.bundle.version) or trial.bundle


def _active(transaction: Transaction, account: str) -> tuple[str, bytes] | None:
    version = learned.active_version(transaction, account)
    content = learned.content(transaction, account, version) if version else None
    return (version, content) if version and content is not None else None


def _known(transaction: Transaction, account: str, version: str) -> BundleVersion:
    bundle = learned.find(transaction, account, version)
    if bundle is None:
        problem = FieldProblem("version", "name one of the list of learned versions")
        raise MissingError(f"The account {account} has no learned version {version}.", (problem,))
    return bundle


def _activate(transaction: Transaction, account: str, version: str, by: str, now: datetime) -> None:
    learned.activate(transaction, account, version, by, now)
    refits.hold(transaction, account, by, now)
    record(transaction, new_event("refit_held", version, now, account, by))


def _want(transaction: Transaction, account: str, by: str) -> RefitState:
    refits.want(transaction, account, by)
    return refits.state(transaction, account)
