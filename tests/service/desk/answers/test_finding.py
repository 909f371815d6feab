"""Canned answers found while one types: those of today, whatever was found before."""

import pytest

from service.desk.answers.finding import FindingAnswers
from service.desk.answers.library import Answers
from service.domain.answers import CannedAnswer
from service.storage.database import Database


def answer(id_: str, title: str, body: str, queue: str = "facture") -> CannedAnswer:
    return CannedAnswer(id=id_, queue=queue, title=title, situation="Une question.", body=body)


LIBRARY = [
    answer("delai", "Délai de remboursement", "Vous serez remboursée sous 5 jours."),
    answer("depart", "Votre départ", "Le remboursement suit votre départ.", "depart"),
    answer("sinistre", "Votre sinistre", "Un expert vous appelle."),
]


@pytest.fixture
async def answers(database: Database, club: str) -> Answers:
    answers = Answers(database)
    await answers.import_(club, LIBRARY, "lead")
    return answers


async def ids(finding: FindingAnswers, text: str, queue: str | None = None) -> list[str]:
    return [one.id for one in await finding.find("club", text, queue)]


async def test_words_in_the_title_come_first_then_the_queue_that_the_message_is_in(
    database: Database, answers: Answers
) -> None:
    finding = FindingAnswers(database)
    assert await ids(finding, "remboursements") == ["delai", "depart"]
    assert await ids(finding, "votre", "facture") == ["sinistre", "depart"]
    assert await ids(finding, "rembou*") == ["delai", "depart"]
    assert await ids(finding, "", "depart") == ["depart"]
    assert await ids(finding, "zorglub") == []


async def test_what_was_changed_added_or_retired_meanwhile_is_found_as_it_is_now(
    database: Database, answers: Answers
) -> None:
    finding = FindingAnswers(database)
    assert await ids(finding, "expert") == ["sinistre"]
    changed = [
        LIBRARY[0],
        answer("sinistre", "Votre sinistre", "Un conseiller vous appelle."),
        answer("new", "Expert", "X"),
    ]
    await answers.import_("club", changed, "lead")
    assert await ids(finding, "expert") == ["new"]
    assert await ids(finding, "conseiller") == ["sinistre"]
    assert await ids(finding, "depart") == []
