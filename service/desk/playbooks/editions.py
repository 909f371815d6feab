"""Editions: playbooks that leads work on beside the one in force, merged, and published once they are proven."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from service.desk.clock import Clock, utc_now
from service.desk.playbooks.trials import Trials, changed
from service.desk.playbooks.versions import Playbooks
from service.domain.edition import Edited, Edition
from service.domain.proof import Trial
from service.errors import ConflictError, FieldProblem, MissingError, RefusedError
from service.playbooks.merge import Choices, Merged, merge
from service.storage import editions, playbooks
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record
from service.storage.ids import new_id
from service.storage.trials import Changes

Files = Mapping[str, str | None]
"""By name; None: the edition has no such file."""


class Editions:
    """Nothing in force changes before `publish`."""

    def __init__(self, database: Database, playbooks: Playbooks, trials: Trials, clock: Clock = utc_now) -> None:
        self._database = database
        self._playbooks = playbooks
        self._trials = trials
        self._clock = clock

    async def begin(self, account: str, title: str, by: str, base: str | None = None) -> Edition:
        """Of the playbook in force, or of another version of the account. Raises MissingError."""
        found = base or (await self._playbooks.active(account)).version
        await self._playbooks.export(account, found)
        now = self._clock()
        edition = Edition(
            id=new_id(),
            account=account,
            title=title,
            author=by,
            base=found,
            changes={},
            created_at=now,
            updated_at=now,
            updated_by=by,
        )
        await self._database.write(_begin, edition, by)
        return edition

    async def list(self, account: str) -> Sequence[Edition]:
        """Those that are open, the last worked on first."""
        return await self._database.glance(editions.listed, account)

    async def find(self, edition_id: str, among: Sequence[str] | None = None) -> Edition:
        """Of one of those accounts (None: of any). Raises MissingError."""
        edition = await self._database.glance(editions.find, edition_id)
        if edition is None or (among is not None and edition.account not in among):
            raise MissingError("There is no such edition.")
        return edition

    async def files(self, edition: Edition) -> Edited:
        """All of its files, and the version that they would be."""
        found = await self.texts(edition)
        return found.model_copy(update={"version": await self._playbooks.version_of(found.files)})

    async def texts(self, edition: Edition) -> Edited:
        """All of its files, without reading them for their version, which takes longer."""
        base = await self._playbooks.export(edition.account, edition.base)
        return Edited(edition=edition, base_files=base, files=changed(base, edition.changes), version=None)

    async def save(self, edition_id: str, files: Files, by: str) -> Edition:
        """Keeps these files of the edition, whatever mistakes are in them; the rest stays. Raises ConflictError for
        one that is not open any more."""
        edition = await self.find(edition_id)
        base = await self._playbooks.export(edition.account, edition.base)
        return await self._database.write(_save, edition_id, files, base, by, self._clock())

    async def rename(self, edition_id: str, title: str) -> None:
        await self._database.write(editions.change, edition_id, title=title)

    async def drop(self, edition_id: str, by: str) -> None:
        """Raises ConflictError for one that is not open any more."""
        await self._database.write(_drop, edition_id, by, self._clock())

    async def merged(self, edition_id: str, other: str | None = None, choices: Choices | None = None) -> Merged:
        """What comes of the edition and another one, or the version in force, which neither loses a change of;
        changes nothing. Where both change the same, `choices` say whose is taken."""
        edited = await self.files(await self.find(edition_id))
        theirs, base = await self._theirs(edited, other)
        return await asyncio.to_thread(merge, base, edited.files, theirs, choices or {})

    async def join(self, edition_id: str, by: str, other: str | None = None, choices: Choices | None = None) -> Merged:
        """As `merged`; kept, and moved onto the version in force, unless something is still to be chosen. Another
        edition that was joined is dropped: all of it is in this one."""
        edition = await self.find(edition_id)
        found = await self.merged(edition_id, other, choices)
        if found.conflicts:
            return found
        active = (await self._playbooks.active(edition.account)).version
        base = active if other is None else edition.base
        files = await self._playbooks.export(edition.account, base)
        await self._database.write(_join, edition, base, _differing(files, found.files), other, by, self._clock())
        return found

    async def _theirs(self, edited: Edited, other: str | None) -> tuple[dict[str, str], dict[str, str]]:
        """The other side's files, and those that both come from."""
        edition = edited.edition
        if other is None:
            return await self._playbooks.export(edition.account), edited.base_files
        joined = await self.files(await self.find(other, (edition.account,)))
        if joined.edition.base == edition.base:
            return joined.files, edited.base_files
        problem = FieldProblem("other", "merge each with the version in force first", "other_base")
        raise ConflictError("The editions start from different versions.", (problem,))

    async def prove(self, edition_id: str, by: str) -> Trial:
        """Asks for a trial. Raises RefusedError while there are mistakes, ConflictError where its base is not in force
        any more, or nothing is changed."""
        edited = await self.files(await self.find(edition_id))
        edition = _open(edited.edition)
        version = (await self._playbooks.read(edited.files)).version
        return await self._trials.ask(edition.account, Changes(version, edition.base, edition.changes, edition.id), by)

    async def trial(self, edited: Edited) -> Trial | None:
        """The newest of exactly these contents against the version in force; None: to be proven."""
        edition = edited.edition
        if edited.version is None:
            return None
        found = await self._trials.of(edition.account, edited.version)
        return next((one for one in found if one.against == edition.base), None)

    async def publish(self, edition_id: str, by: str, why: str, anyway: bool = False) -> str:
        """Puts the edition in force: the version. Raises ConflictError unless a trial of exactly these contents,
        against the version in force, has passed; `anyway`: although it did not, for a reason that is recorded."""
        edited = await self.files(await self.find(edition_id))
        edition = _open(edited.edition)
        trial = await self.trial(edited)
        if trial is None or trial.proof is None:
            problem = FieldProblem("trial", "prove it first", "not_proven")
            raise ConflictError("Exactly this content has not been proven.", (problem,))
        if not trial.proof.passed and not anyway:
            problem = FieldProblem("trial", "mend what it breaks, or ask an admin", "not_passed")
            raise ConflictError("The trial was not passed.", (problem,))
        if not trial.proof.passed and not why.strip():
            raise RefusedError("There is no reason.", (FieldProblem("why", "say why", "no_reason"),))
        playbook = await self._playbooks.read(edited.files)
        await self._database.write(_publish, edition, playbook.version, edited.files, trial, by, why, self._clock())
        return playbook.version


def _differing(base: Mapping[str, str], files: Mapping[str, str]) -> dict[str, str | None]:
    names = [name for name in {**base, **files} if base.get(name) != files.get(name)]
    return {name: files.get(name) for name in names}


def _begin(transaction: Transaction, edition: Edition, by: str) -> None:
    editions.add(transaction, edition)
    said = {"base": edition.base}
    record(transaction, new_event("edition_begun", edition.id, edition.created_at, edition.account, by, after=said))


def _open(edition: Edition | None) -> Edition:
    if edition is None:
        raise MissingError("There is no such edition.")
    if edition.state != "open":
        problem = FieldProblem("edition", "begin another one", "edition_closed")
        raise ConflictError(f"The edition was {edition.state}.", (problem,))
    return edition


def _save(
    transaction: Transaction, edition_id: str, files: Files, base: Mapping[str, str], by: str, now: datetime
) -> Edition:
    edition = _open(editions.lock(transaction, edition_id))
    changes = _differing(base, changed(base, {**edition.changes, **files}))
    if changes != edition.changes:
        editions.change(transaction, edition_id, changes=changes, updated_at=now, updated_by=by)
    return _open(editions.find(transaction, edition_id))


def _drop(transaction: Transaction, edition_id: str, by: str, now: datetime) -> None:
    edition = _open(editions.lock(transaction, edition_id))
    editions.change(transaction, edition_id, state="dropped", updated_at=now, updated_by=by)
    record(transaction, new_event("edition_dropped", edition_id, now, edition.account, by))


def _join(
    transaction: Transaction,
    edition: Edition,
    base: str,
    changes: dict[str, str | None],
    other: str | None,
    by: str,
    now: datetime,
) -> None:
    if _open(editions.lock(transaction, edition.id)).changes != edition.changes:
        problem = FieldProblem("edition", "look at it again", "edited_meanwhile")
        raise ConflictError("Somebody has changed the edition meanwhile.", (problem,))
    editions.change(transaction, edition.id, base=base, changes=changes, updated_at=now, updated_by=by)
    said = {"base": base} | ({"edition": other} if other else {})
    record(transaction, new_event("edition_merged", edition.id, now, edition.account, by, after=said))
    if other is not None:
        _drop(transaction, other, by, now)


def _publish(
    transaction: Transaction,
    edition: Edition,
    version: str,
    files: Mapping[str, str],
    trial: Trial,
    by: str,
    why: str,
    now: datetime,
) -> None:
    if _open(editions.lock(transaction, edition.id)).changes != edition.changes:
        problem = FieldProblem("edition", "look at it again, and prove it", "edited_meanwhile")
        raise ConflictError("Somebody has changed the edition meanwhile.", (problem,))
    if playbooks.active_version(transaction, edition.account) != trial.against:
        problem = FieldProblem("against", "merge what is in force by now, and prove again", "not_in_force")
        raise ConflictError("Another version has been put in force.", (problem,))
    playbooks.add(transaction, edition.account, version, files, by, now)
    playbooks.activate(transaction, edition.account, version, by, now)
    playbooks.note(transaction, edition.account, version, why, trial.id)
    editions.change(transaction, edition.id, state="published", published=version, updated_at=now, updated_by=by)
    passed = trial.proof is not None and trial.proof.passed
    said = {"version": version, "trial": trial.id, "passed": passed}
    record(transaction, new_event("edition_published", edition.id, now, edition.account, by, after=said))
