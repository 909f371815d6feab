"""Teams and who is of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from service.domain.person import login_of
from service.domain.team import Escalation, Team, TeamPlan
from service.storage.database import Transaction
from service.storage.insert import add_row
from service.storage.schema import escalations, people, team_members, teams

_PLAN = tuple(TeamPlan.model_fields)
_COLUMNS = tuple(teams.c[name] for name in (*_PLAN, "id", "created_at"))


def add(transaction: Transaction, team_id: str, plan: TeamPlan, at: datetime) -> bool:
    """False where a team has that name."""
    row = plan.model_dump(mode="json") | {"id": team_id, "login": login_of(plan.name), "created_at": at}
    return add_row(transaction, teams, row)


def change(transaction: Transaction, team_id: str, plan: TeamPlan) -> bool:
    """False where another team has that name."""
    taken = select(teams.c.id).where(teams.c.login == login_of(plan.name), teams.c.id != team_id)
    if transaction.execute(taken).first() is not None:
        return False
    row = plan.model_dump(mode="json") | {"login": login_of(plan.name)}
    transaction.execute(update(teams).where(teams.c.id == team_id).values(row))
    return True


def remove(transaction: Transaction, team_id: str, at: datetime) -> None:
    """Its name is free again, and nobody is of it any more."""
    transaction.execute(delete(team_members).where(team_members.c.team_id == team_id))
    transaction.execute(update(teams).where(teams.c.id == team_id).values(removed_at=at, login=team_id))


def put_members(transaction: Transaction, team_id: str, person_ids: Sequence[str]) -> None:
    """Those, and nobody else."""
    transaction.execute(delete(team_members).where(team_members.c.team_id == team_id))
    if person_ids:
        transaction.execute(insert(team_members), [{"team_id": team_id, "person_id": one} for one in person_ids])


def all_teams(transaction: Transaction) -> list[Team]:
    """By name, with their people."""
    members: dict[str, list[tuple[str, bool]]] = {}
    joined = team_members.join(people)
    wanted = select(team_members.c.team_id, people.c.name, people.c.disabled_at).select_from(joined)
    for team_id, name, disabled_at in transaction.execute(wanted.order_by(people.c.login)):
        members.setdefault(team_id, []).append((name, disabled_at is None))
    rows = transaction.execute(select(*_COLUMNS).where(teams.c.removed_at.is_(None)).order_by(teams.c.login))
    return [_team(row, members.get(row["id"], [])) for row in rows.mappings()]


def names(transaction: Transaction) -> dict[str, tuple[str, str]]:
    """Name and site by id, of removed teams too."""
    return {row.id: (row.name, row.site) for row in transaction.execute(select(teams.c.id, teams.c.name, teams.c.site))}


def id_of_person(transaction: Transaction, name: str, account: str) -> str | None:
    """The first of the person's teams, by name, that serves the account: the one that what they do counts for."""
    joined = team_members.join(people).join(teams, teams.c.id == team_members.c.team_id)
    wanted = select(teams.c.id, teams.c.accounts).select_from(joined).where(people.c.login == login_of(name))
    rows = transaction.execute(wanted.order_by(teams.c.login))
    return next((row.id for row in rows if row.accounts is None or account in row.accounts), None)


def lock(transaction: Transaction) -> None:
    """Whoever changes teams stands in line until the transaction ends."""
    transaction.execute(select(teams.c.id).with_for_update())


def note_escalation(transaction: Transaction, escalation_id: str, of: tuple[str, str], one: Escalation) -> None:
    """`of`: the message and its account."""
    row = one.model_dump() | {"id": escalation_id, "message_id": of[0], "account": of[1]}
    transaction.execute(insert(escalations), row)


def escalations_of(transaction: Transaction, message_id: str) -> list[Escalation]:
    """Oldest first."""
    told = [escalations.c[name] for name in Escalation.model_fields]
    rows = transaction.execute(select(*told).where(escalations.c.message_id == message_id).order_by(escalations.c.id))
    return [Escalation(**row) for row in rows.mappings()]


def _team(row: Any, members: Sequence[tuple[str, bool]]) -> Team:
    fields: dict[str, Any] = dict(row)
    return Team(**fields, members=tuple(name for name, _ in members), able=any(fine for _, fine in members))
