"""Whose corrections and words others take up, on either database."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from service.desk.answers.proposals import AnswerProposals
from service.desk.board.review import Review
from service.desk.intake.triage import TriageDesk
from service.desk.oversight.reuse import site_reuse
from service.desk.oversight.reusing import Reusing
from service.desk.oversight.tallying import Tallying
from service.desk.people.people import People
from service.desk.people.teams import Teams
from service.desk.playbooks.versions import Playbooks
from service.domain.answers import CannedAnswer
from service.domain.draft import Draft, Paragraph
from service.domain.oversight import Share, SiteReuse
from service.domain.person import Person
from service.domain.reuse import PersonReuse
from service.domain.team import TeamPlan
from service.domain.votes import Evidence
from service.storage import answers, privacy_remove, reuses
from service.storage.database import Database
from service.storage.reuses import Taken
from service.storage.schema import reuse_days
from tests.service.desk.drafted import FACTURE, SENT, THANKS
from tests.service.samples import ACCOUNT, NOW, a_message, a_triage

TODAY = NOW.date()
ALWAYS = (TODAY - timedelta(days=400), TODAY + timedelta(days=400))


class Office:
    """Messages that cite confirmed ones and rest on a canned answer, and the people who handle them."""

    def __init__(self, database: Database, desk: TriageDesk, review: Review, people: People) -> None:
        self.database, self.review, self.people = database, review, people
        self._desk = desk
        self.tallying = Tallying(database)
        self.reusing = Reusing(database, lambda: NOW + timedelta(days=1))
        self._number = 0

    async def message(self, cites: Sequence[str] = (), queue: str = "facture") -> str:
        self._number += 1
        message = a_message(f"m-{self._number}", f"Bonjour, une question, numéro {self._number}.", received_at=NOW)
        parts = tuple(Paragraph(text=text, sources=(FACTURE.id,)) for text in (SENT, THANKS))
        body = "\n\n".join(part.text for part in parts)
        draft = Draft(language="fr", subject="", body=body, paragraphs=parts, answers=(FACTURE.id,))
        evidence = [Evidence(voter="neighbours", kind="example", text="…", queue="facture", ref=ref) for ref in cites]
        triage = a_triage(message, f"t-{self._number:02d}", queue, draft=draft, evidence=tuple(evidence))
        await self._desk.keep([(message, triage)])
        return triage.id

    async def own(self, name: str) -> tuple[int, int]:
        """Corrections and answers of that person's that others took up."""
        await self.tallying.count()
        found = await self.reusing.own(await self.person(name))
        return found.corrections_ever, found.answers_ever

    async def taken(self) -> list[Taken]:
        return await self.database.read(reuses.taken, ACCOUNT, *ALWAYS)

    async def person(self, name: str) -> Person:
        return next(one for one in await self.people.list() if one.name == name)


@pytest.fixture
async def office(database: Database, triage_desk: TriageDesk, review: Review, club: str) -> Office:
    people = People(database)
    for name, role in (("Léa", "advisor"), ("Sam", "advisor"), ("Ada", "lead")):
        await people.add(name, role, "test")  # type: ignore[arg-type]
    await database.write(answers.replace, ACCOUNT, [FACTURE], "lead", NOW)
    return Office(database, triage_desk, review, people)


async def test_a_correction_counts_where_somebody_else_keeps_a_triage_that_cites_it(office: Office) -> None:
    await office.review.correct(await office.message(), "facture", "Léa")
    kept, own, moved, unread = [await office.message(["m-1", "m-1"]) for _ in range(4)]
    await office.review.correct(kept, "facture", "Sam")
    await office.review.record_reply(own, "Bonjour, voici.", "léa")
    await office.review.correct(moved, "sinistre", "Sam")
    assert unread
    assert await office.own("Léa") == (1, 0)
    assert await office.own("Sam") == (0, 0)
    case = await office.review.record_reply(unread, "Bonjour, voici.", "a program of the customer's")
    assert await office.own("Léa") == (2, 0)
    undone = await office.review.correct(kept, "sinistre", "Sam")
    assert await office.own("Léa") == (1, 0)
    assert undone.correction is not None
    await office.review.undo(undone.correction.id, "Sam")
    assert await office.own("Léa") == (2, 0)
    with office.database.writing() as transaction:
        privacy_remove.remove_messages(transaction, [case.id])
    assert await office.own("Léa") == (1, 0)
    assert await office.taken() == [Taken("Léa", "Sam", "lesson", 1)]
    with office.database.writing() as transaction:  # as an older program leaves it
        transaction.execute(reuse_days.delete())
    await office.tallying.rebuild()
    assert await office.own("Léa") == (1, 0)
    assert await office.taken() == [Taken("Léa", "Sam", "lesson", 1)]


async def test_what_a_file_confirmed_or_nobody_of_here_said_counts_for_nobody(office: Office) -> None:
    await office.review.correct(await office.message(), "facture", "a program of the customer's")
    await office.review.correct(await office.message(["m-1", "unknown"]), "facture", "Sam")
    await office.tallying.count()
    assert await office.taken() == []


async def test_an_answer_counts_for_whoever_proposed_it_once_others_send_its_words(office: Office) -> None:
    proposals = AnswerProposals(office.database, lambda: NOW)
    better = CannedAnswer(**FACTURE.model_dump() | {"title": "Facture, plus clair"})
    await office.review.record_reply(await office.message(), f"{SENT}\n\n{THANKS}", "Sam", NOW - timedelta(hours=1))
    made = await proposals.propose(ACCOUNT, better, "Léa", edits=FACTURE.id)
    await proposals.accept(ACCOUNT, made.id, "Ada")
    sent, own, other = [await office.message() for _ in range(3)]
    await office.review.record_reply(sent, f"{SENT}\n\n{THANKS}", "Sam")
    await office.review.record_reply(own, f"{SENT}\n\n{THANKS}", "Léa")
    await office.review.record_reply(other, "Non, appelez plutôt l'agence de Tours demain matin.", "Sam")
    assert await office.own("Léa") == (0, 1)
    (written,) = (await office.reusing.own(await office.person("Léa"))).written
    assert (written.title, written.messages) == ("Facture, plus clair", 1)
    assert not (await office.reusing.own(await office.person("Sam"))).anything


async def test_a_lead_reads_of_the_own_teams_by_name_and_without_teams_of_all(
    office: Office, playbooks: Playbooks
) -> None:
    for name in ("Sam", "Léa", "Ada"):
        await office.review.correct(await office.message(), "facture", name)
    for by in ("Léa", "Sam"):
        await office.review.correct(await office.message(["m-1", "m-2", "m-3"]), "facture", by)
    await office.tallying.count()

    async def read() -> list[PersonReuse]:
        return [*await office.reusing.of_team(await office.person("Ada"), ACCOUNT, *ALWAYS)]

    by_name = [("Ada", 2), ("Léa", 1), ("Sam", 1)]
    assert [(one.person, one.corrections) for one in await read()] == by_name
    teams = Teams(office.database, playbooks)
    await teams.add(TeamPlan(name="Accueil", levels=(1,)), "test", ["Léa", "Ada"])
    await teams.add(TeamPlan(name="Autre", levels=(1,)), "test", ["Sam"])
    assert [one.person for one in await read()] == ["Ada", "Léa"]
    before = date(2020, 1, 1)
    assert not await office.reusing.of_team(await office.person("Ada"), ACCOUNT, before, before)


async def test_sites_are_compared_unless_one_is_so_small_that_it_is_a_person(
    office: Office, playbooks: Playbooks
) -> None:
    teams = Teams(office.database, playbooks)
    await teams.add(TeamPlan(name="A", site="Tours", levels=(1,)), "test", ["Léa", "Ada"])
    await teams.add(TeamPlan(name="B", site="Lille", levels=(1,)), "test", ["Sam"])
    taken = [Taken("Léa", "Sam", "lesson", 3), Taken("Léa", "Ada", "answer", 1), Taken("Sam", None, "lesson", 2)]
    every = await teams.list()
    assert site_reuse(taken, every, ACCOUNT, 1) == (
        SiteReuse(site="Lille", people=1, corrections=2, answers=0, elsewhere=Share(n=0, of=2, share=0.0)),
        SiteReuse(site="Tours", people=2, corrections=3, answers=1, elsewhere=Share(n=3, of=4, share=0.75)),
    )
    assert [(one.site, one.people, one.corrections) for one in site_reuse(taken, every, ACCOUNT, 2)] == [
        ("Tours", 2, 3), ("", 1, 2),
    ]  # fmt: skip
    assert [one.site for one in site_reuse(taken, every, ACCOUNT, 3)] == [""]
