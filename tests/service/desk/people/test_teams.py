"""Teams: who can answer what, and when; levels, up and back down; on either database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from service.desk.board.board import Board, Look
from service.desk.board.claiming import Claiming
from service.desk.board.levels import Levels
from service.desk.board.review import Review
from service.desk.messages import Messages
from service.desk.people.people import People
from service.desk.people.team_hours import opens
from service.desk.people.teams import Answerable, Competence, Teams
from service.desk.playbooks.versions import Playbooks
from service.domain.team import TeamPlan
from service.errors import ConflictError, MissingError, RefusedError
from service.storage import audit, cases
from service.storage.audit import Asked
from service.storage.database import Database
from tests.service.desk.board.test_board import stored
from tests.service.samples import ACCOUNT, NOW

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WEEK = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), ("09:00-12:00", "13:30-18:00"))


def plan(name: str = "Niveau 1", levels: tuple[int, ...] = (1,), **fields: Any) -> TeamPlan:
    return TeamPlan.model_validate({"name": name, "levels": levels} | fields)


def in_spanish(database: Database) -> str:
    found = stored(database, "facture")
    with database.writing() as transaction:
        cases.change(transaction, found, language="es")
    return found


@pytest.fixture
def teams(database: Database, playbooks: Playbooks, club: str) -> Teams:
    return Teams(database, playbooks, lambda: MONDAY)


@pytest.fixture
async def people(database: Database, club: str) -> People:
    found = People(database)
    for name in ("Ada", "Bob", "Éva"):
        await found.add(name, "advisor", "test")
    return found


@pytest.fixture
def levels(database: Database, playbooks: Playbooks, club: str) -> Levels:
    return Levels(database, playbooks, lambda: NOW + timedelta(hours=1))


async def test_without_a_team_nobody_is_limited(teams: Teams, people: People) -> None:
    assert await teams.competence(await people.get("Ada")) == Competence()


async def test_a_person_sees_first_what_their_teams_can_answer(
    teams: Teams, people: People, database: Database
) -> None:
    french, spanish = stored(database, "facture"), in_spanish(database)
    await teams.add(plan(languages=["fr"]), "Lea", ["Ada"])
    await teams.add(plan("Espagne", (2, 3), languages=["es"]), "Lea", ["ada", "Bob"])
    mine = (await teams.competence(await people.get("ADA"))).mine
    assert mine is not None
    assert len(mine) == 2
    assert [one.levels for one in (await teams.competence(await people.get("Bob"))).mine or ()] == [{2, 3}]
    assert (await teams.competence(await people.get("Éva"))).mine is None
    row = (await Board(database).page(Look(reach=mine))).items
    assert [one.case.id for one in row] == [french]
    stranded = Look(out_of_reach=(await teams.competence(await people.get("Bob"))).every)
    assert [one.case.id for one in (await Board(database).page(stranded)).items] == [spanish]


async def test_a_team_without_anybody_who_may_sign_in_can_answer_nothing(
    teams: Teams, people: People, database: Database, messages: Messages
) -> None:
    case = await messages.get(stored(database, "facture"))
    assert await teams.answerable(case) == Answerable(anybody=True)
    await teams.add(plan(), "Lea")
    assert await teams.answerable(case) == Answerable()
    await teams.people("niveau 1", ["Ada"], "Lea")
    assert await teams.answerable(case) == Answerable(("Niveau 1",), MONDAY)
    await people.disable("Ada", "Lea")
    assert await teams.answerable(case) == Answerable()
    assert (await teams.competence(await people.get("Bob"))).every == ()


async def test_who_can_answer_later_is_told_with_the_next_opening(
    teams: Teams, people: People, database: Database, messages: Messages
) -> None:
    case = await messages.get(stored(database, "facture"))
    await teams.add(plan(hours={"tuesday": ["09:00-17:00"]}), "Lea", ["Ada"])
    assert (await teams.answerable(case)).opens_at == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-23T08:00", "2026-11-23T08:00"),  # Monday, nine in Paris
        ("2026-11-23T11:30", "2026-11-23T12:30"),  # lunch
        ("2026-11-20T17:00", "2026-11-23T08:00"),  # Friday evening
        ("2026-12-24T17:00", "2026-12-28T08:00"),  # Christmas is a holiday, then a weekend
        ("2026-11-24T07:00", "2026-11-25T08:00"),  # a closed day
        ("2027-03-26T17:00", "2027-03-30T07:00"),  # Easter Monday, and clocks were set forward
    ],
)
def test_opening_hours_are_by_the_teams_clock_holidays_and_closed_days(now: str, expected: str) -> None:
    team = plan(hours=WEEK, holidays="FR", closed=[date(2026, 11, 24)])
    assert opens(team, datetime.fromisoformat(f"{now}+00:00")) == datetime.fromisoformat(f"{expected}+00:00")


def test_a_team_without_hours_never_closes_but_on_its_closed_days() -> None:
    assert opens(plan(), NOW) == NOW
    shut = plan(closed=["2026-11-23"], timezone="America/Montreal")
    assert opens(shut, MONDAY) == datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    assert opens(plan(hours={"monday": ["09:00-10:00"]}, closed=[MONDAY.date() + timedelta(d) for d in range(90)]),
                 MONDAY) is None  # fmt: skip


async def test_what_cannot_be_is_refused(teams: Teams, people: People) -> None:
    await teams.add(plan(), "Lea")
    for field, value in (("accounts", "nobody"), ("queues", "nowhere")):
        with pytest.raises(RefusedError):
            await teams.add(plan("Autre", (1,), **{field: [value]}), "Lea")
    with pytest.raises(ConflictError):
        await teams.add(plan("NIVEAU 1"), "Lea")
    with pytest.raises(MissingError):
        await teams.add(plan("Autre"), "Lea", ["Nobody"])
    await teams.add(plan("Autre"), "Lea")
    with pytest.raises(ConflictError):
        await teams.change("Autre", plan("niveau 1"), "Lea")
    with pytest.raises(MissingError):
        await teams.remove("Nulle part", "Lea")
    bad: list[dict[str, Any]] = [
        {"levels": []}, {"levels": [4]}, {"hours": {"monday": ["18:00-09:00"]}}, {"timezone": "Mars/Base"},
    ]  # fmt: skip
    for one in bad:
        with pytest.raises(ValueError, match="validation error"):
            TeamPlan.model_validate({"name": "Autre", "levels": [1]} | one)


async def test_each_change_is_an_event_with_before_and_after(teams: Teams, people: People, database: Database) -> None:
    await teams.add(plan(site="Lille"), "Lea", ["Ada"])
    await teams.change("Niveau 1", plan("Accueil", site="Nantes"), "Lea")
    await teams.change("Accueil", plan("Accueil", site="Nantes"), "Lea")
    await teams.people("Accueil", ["Bob", "Ada"], "Lea")
    await teams.remove("accueil", "Lea")
    with database.reading() as transaction:
        events = audit.page(transaction, Asked(actor="Lea"), 50)[::-1]
    assert [event.kind for event in events] == ["team_added", "team_changed", "team_changed", "team_removed"]
    assert events[1].before == {"name": "Niveau 1", "site": "Lille"}
    assert events[1].after == {"name": "Accueil", "site": "Nantes"}
    assert events[2].after == {"name": "Accueil", "members": ["Ada", "Bob"]}
    assert events[3].before is not None
    assert (await teams.list()) == []
    assert (await teams.add(plan("Accueil"), "Lea")).members == ()


async def test_a_message_goes_up_and_comes_back_with_its_history(
    levels: Levels, database: Database, messages: Messages
) -> None:
    found = stored(database, "facture")
    await Claiming(database).claim(found, "Ada")
    with pytest.raises(RefusedError):
        await levels.move(found, 2, "Ada", "  ")
    with pytest.raises(RefusedError):
        await levels.move(found, 4, "Ada", "trop haut")
    raised = await levels.move(found.upper(), 2, "Ada", "contrat à vérifier", (ACCOUNT,))
    assert (raised.raised, raised.claimed_by, await levels.level(raised)) == (2, None, (2, 1))
    await levels.move(found, 3, "Bob", "juridique")
    assert await levels.move(found, 3, "Bob", "encore") == await messages.get(found)
    back = await levels.move(found, 1, "Éva", "réponse type suffit")
    assert (back.raised, back.due_at) == (None, raised.due_at)
    told = [(one.before, one.after, one.by, one.comment) for one in await levels.history(found)]
    assert told == [
        (1, 2, "Ada", "contrat à vérifier"), (2, 3, "Bob", "juridique"), (3, 1, "Éva", "réponse type suffit"),
    ]  # fmt: skip
    events = [event for event in await messages.history(found) if "level" in (event.after or {})]
    assert [event.kind for event in events] == ["case_escalated", "case_escalated", "case_handed_back"]
    assert events[0].before == {"level": 1, "claimed_by": "Ada"}
    assert "contrat" not in str([event.after for event in events])


async def test_what_is_answered_or_of_another_account_is_not_moved(
    levels: Levels, database: Database, review: Review
) -> None:
    found = stored(database, "facture")
    with pytest.raises(MissingError):
        await levels.move(found, 2, "Eve", "x", ("other",))
    await review.record_reply(found, "Bonjour", "Ada")
    with pytest.raises(ConflictError):
        await levels.move(found, 2, "Ada", "trop tard")


async def test_a_claim_tells_of_which_team_it_is(
    teams: Teams, people: People, database: Database, messages: Messages
) -> None:
    made = await teams.add(plan(accounts=[ACCOUNT]), "Lea", ["Ada"])
    found = stored(database, "facture")
    await Claiming(database).claim(found, "ada")
    assert (await messages.history(found))[-1].after == {"claimed_by": "ada", "team": made.id}
