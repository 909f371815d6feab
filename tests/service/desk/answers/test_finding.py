"""Canned answers found while one types: those of today, whatever was found before."""

import pytest

from service.desk.answers.finding import Asked, FindingAnswers, Found
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


async def ids(finding: FindingAnswers, text: str, *likely: str, queue: str | None = None, best: str = "") -> list[str]:
    asked = Asked(queue, best.split(), likely)
    return [one.id for one in (await finding.find("club", text, asked)).answers]


async def test_words_in_the_title_come_first_then_the_queue_that_the_message_is_in(
    database: Database, answers: Answers
) -> None:
    finding = FindingAnswers(database)
    assert await ids(finding, "remboursements") == ["delai", "depart"]
    assert await ids(finding, "votre", "facture") == ["sinistre", "depart"]
    assert await ids(finding, "rembou*") == ["delai", "depart"]
    assert await ids(finding, "zorglub") == []


async def test_without_a_word_answers_of_the_likely_queues_come_first_then_all(
    database: Database, answers: Answers
) -> None:
    finding = FindingAnswers(database)
    assert await ids(finding, "", "depart") == ["depart", "delai", "sinistre"]
    assert await ids(finding, " ", "unknown", "depart", "facture") == ["depart", "delai", "sinistre"]
    assert await ids(finding, "votre", "depart", "facture") == ["depart", "sinistre"]
    assert await ids(finding, "") == ["delai", "depart", "sinistre"]


async def test_without_a_word_those_of_its_queue_come_first_and_of_these_the_ones_that_fit_best(
    database: Database, answers: Answers
) -> None:
    finding = FindingAnswers(database)
    assert await ids(finding, "", "depart", best="sinistre depart") == ["sinistre", "depart", "delai"]
    assert await ids(finding, "", "depart", queue="facture", best="depart sinistre") == ["sinistre", "delai", "depart"]
    assert await ids(finding, "votre", best="depart") == ["depart", "sinistre"]


async def test_what_is_not_shown_of_many_is_counted(database: Database, club: str) -> None:
    finding = FindingAnswers(database)
    assert await finding.find("club", "") == Found((), of=0, named=False)
    many = [answer(f"a{number:02}", f"Retard {number}", "Un retard.") for number in range(30)]
    await Answers(database).import_(club, many, "lead")
    every, some = await finding.find("club", ""), await finding.find("club", "retard")
    assert (len(every.answers), every.of, every.named) == (20, 30, False)
    assert (len(some.answers), some.of, some.named) == (8, 30, True)


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
