"""Teams: made, changed and removed; and what they say about who can answer a message."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.desk.clock import Clock, utc_now
from service.desk.people.people import find_person
from service.desk.people.team_hours import opens
from service.desk.playbooks.versions import Playbooks
from service.domain.case import Case
from service.domain.event import EventKind
from service.domain.person import Person, login_of
from service.domain.playbook import Playbook
from service.domain.team import Reach, Team, TeamPlan
from service.errors import ConflictError, FieldProblem, MissingError, RefusedError
from service.storage import accounts, teams
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record
from service.storage.ids import new_id

Only = Sequence[str] | None

NO_SUCH_TEAM = FieldProblem("team", "give a name of the list of teams", "no_such_team")


@dataclass(frozen=True, slots=True)
class Competence:
    """`mine`: what a person's teams cover, None where it is everything; `every`: what all teams cover together, None
    where there are no teams, and everybody can answer everything."""

    mine: tuple[Reach, ...] | None = None
    every: tuple[Reach, ...] | None = None


@dataclass(frozen=True, slots=True)
class Answerable:
    """Who can answer a message: the teams' names, and when the first of them opens (now, where one is open). None
    where no team opens; `anybody`: there are no teams."""

    teams: tuple[str, ...] = ()
    opens_at: datetime | None = None
    anybody: bool = False


class Teams:
    """`by` is who asks for a change. Teams are found by name, whatever its case. `only`: whoever asks sees and makes
    teams of those accounts alone; None: of all."""

    def __init__(self, database: Database, playbooks: Playbooks, clock: Clock = utc_now) -> None:
        self._database = database
        self._playbooks = playbooks
        self._clock = clock

    async def list(self, only: Only = None) -> Sequence[Team]:
        """By name."""
        return [team for team in await self._database.read(teams.all_teams) if _within(team, only)]

    async def get(self, name: str, only: Only = None) -> Team:
        """Raises MissingError."""
        return await self._database.read(find_team, name, only)

    async def add(self, plan: TeamPlan, by: str, members: Sequence[str] = (), only: Only = None) -> Team:
        """Raises RefusedError (accounts or queues that are not there), MissingError (nobody of that name),
        ConflictError (the team's name is taken)."""
        await self._check(plan, only)
        return await self._database.write(_add, plan, members, by, self._clock())

    async def change(
        self, name: str, plan: TeamPlan, by: str, members: Sequence[str] | None = None, only: Only = None
    ) -> Team:
        """The team with that plan, and with those people where some are given. Raises as `add`, and MissingError."""
        await self._check(plan, only)
        return await self._database.write(_change, name, plan, members, by, only, self._clock())

    async def remove(self, name: str, by: str, only: Only = None) -> Team:
        """What it did stays. Raises MissingError."""
        return await self._database.write(_remove, name, by, only, self._clock())

    async def people(self, name: str, members: Sequence[str], by: str, only: Only = None) -> Team:
        """The team of these people and nobody else. Raises MissingError."""
        return await self._database.write(_people, name, members, by, only, self._clock())

    async def competence(self, person: Person) -> Competence:
        """What that person's desk shows first. Who is of no team is not limited."""
        found = await self.list()
        if not found:
            return Competence()
        playbooks = await self._playbooks_in_force(person)
        own = [team for team in found if person.login in map(login_of, team.members)]
        mine = tuple(_reaches(own, playbooks)) if own else None
        return Competence(mine, tuple(_reaches([team for team in found if team.able], playbooks)))

    async def answerable(self, case: Case) -> Answerable:
        """Teams that could answer the message now or later."""
        found = await self.list()
        if not found:
            return Answerable(anybody=True)
        playbook = await self._playbooks.active(case.account)
        language = case.triage.language if case.triage else None
        able = [
            team
            for team in found
            if team.able
            and any(
                reach.covers(case.account, case.queue, language, case.raised) for reach in _reaches([team], [playbook])
            )
        ]
        moments = [at for at in (opens(team, self._clock()) for team in able) if at is not None]
        return Answerable(tuple(team.name for team in able), min(moments, default=None))

    async def _playbooks_in_force(self, person: Person) -> Sequence[Playbook]:
        known = await self._database.read(accounts.ids)
        return tuple((await self._playbooks.readable(filter(person.sees, known))).values())

    async def _check(self, plan: TeamPlan, only: Only) -> None:
        known = [account for account in await self._database.read(accounts.ids) if only is None or account in only]
        if plan.accounts is None and only is not None:
            problem = FieldProblem("accounts", "name some of: " + ", ".join(known), "no_such_account")
            raise RefusedError("You cannot make a team of every account.", (problem,))
        if plan.accounts is not None and not set(plan.accounts) <= set(known):
            problem = FieldProblem("accounts", "name some of: " + ", ".join(known), "no_such_account")
            raise RefusedError("There is no such account.", (problem,))
        books = await self._playbooks.readable(plan.accounts or known)
        queues = {queue for book in books.values() for queue in book.queue_ids}
        if unknown := set(plan.queues) - queues:
            problem = FieldProblem("queues", "is in no playbook: " + ", ".join(sorted(unknown)), "no_such_queue")
            raise RefusedError("There is no such queue.", (problem,))


def _reaches(found: Sequence[Team], playbooks: Sequence[Playbook]) -> list[Reach]:
    return [reach_of(team, playbook) for team in found for playbook in playbooks if team.serves(playbook.account)]


def reach_of(plan: TeamPlan, playbook: Playbook) -> Reach:
    """What the team can answer of that playbook's account."""
    harder = {queue.id: queue.level for queue in playbook.queues if queue.level > 1}
    levels, languages, queues = frozenset(plan.levels), frozenset(plan.languages), frozenset(plan.queues)
    return Reach(playbook.account, levels, languages, queues, harder)


def _within(team: Team, only: Only) -> bool:
    return only is None or (team.accounts is not None and set(team.accounts) <= set(only))


def find_team(transaction: Transaction, name: str, only: Only = None) -> Team:
    """By name, or by id. Raises MissingError."""
    wanted = login_of(name)
    for team in teams.all_teams(transaction):
        if wanted in {login_of(team.name), team.id} and _within(team, only):
            return team
    raise MissingError("There is no team of that name.", (NO_SUCH_TEAM,))


def _add(transaction: Transaction, plan: TeamPlan, members: Sequence[str], by: str, at: datetime) -> Team:
    teams.lock(transaction)
    team_id = new_id()
    if not teams.add(transaction, team_id, plan, at):
        raise _taken()
    _seat(transaction, team_id, members)
    made = find_team(transaction, plan.name)
    _tell(transaction, "team_added", made, by, at, None, _told(made))
    return made


def _change(
    transaction: Transaction,
    name: str,
    plan: TeamPlan,
    members: Sequence[str] | None,
    by: str,
    only: Only,
    at: datetime,
) -> Team:
    teams.lock(transaction)
    before = find_team(transaction, name, only)
    if not teams.change(transaction, before.id, plan):
        raise _taken()
    if members is not None:
        _seat(transaction, before.id, members)
    after = find_team(transaction, plan.name)
    was, now = _told(before), _told(after)
    changed = {field for field in was if was[field] != now[field]}
    if changed:
        told = [{"name": before.name} | {field: one[field] for field in sorted(changed)} for one in (was, now)]
        _tell(transaction, "team_changed", after, by, at, *told)
    return after


def _people(transaction: Transaction, name: str, members: Sequence[str], by: str, only: Only, at: datetime) -> Team:
    return _change(transaction, name, find_team(transaction, name, only).plan, members, by, only, at)


def _remove(transaction: Transaction, name: str, by: str, only: Only, at: datetime) -> Team:
    teams.lock(transaction)
    gone = find_team(transaction, name, only)
    teams.remove(transaction, gone.id, at)
    _tell(transaction, "team_removed", gone, by, at, _told(gone), None)
    return gone


def _seat(transaction: Transaction, team_id: str, members: Sequence[str]) -> None:
    """Raises MissingError for somebody who is not there."""
    found = {find_person(transaction, member).id for member in members}
    teams.put_members(transaction, team_id, sorted(found))


def _told(team: Team) -> dict[str, Any]:
    return team.model_dump(mode="json", exclude={"id", "able", "created_at"})


def _tell(
    transaction: Transaction,
    kind: EventKind,
    team: Team,
    by: str,
    at: datetime,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    record(transaction, new_event(kind, team.id, at, None, by, before, after))


def _taken() -> ConflictError:
    return ConflictError(
        "A team has that name already.", (FieldProblem("name", "choose another name", "team_name_taken"),)
    )
