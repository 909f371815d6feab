"""Canned answers edited one by one, their history, and what advisors propose; on either database."""

from datetime import date

import pytest

from service.desk.answers.editing import AnswerEditing
from service.desk.answers.ordering import Shelf
from service.desk.answers.proposals import AnswerProposals
from service.desk.answers.typed import TypedAnswer, answer_of, typed_of
from service.desk.answers.usage import Tally
from service.desk.intake.triage import TriageDesk
from service.domain.answers import CannedAnswer
from service.domain.collections import answers_of
from service.errors import ConflictError, MissingError, RefusedError
from service.storage import privacy_remove
from service.storage.database import Database
from service.storage.events import history
from service.storage.passages import Passages
from tests.service.samples import a_message

COPY = CannedAnswer(id="copie", queue="facture", title="Copie", situation="Une copie.", body="Bonjour {nom},\n\nVoici.")
SHORT = COPY.model_copy(update={"body": "Voici, {nom}."})
LONG = COPY.model_copy(update={"body": "Voici votre copie, {nom}."})


@pytest.fixture
def editing(database: Database, club: str) -> AnswerEditing:
    assert club
    return AnswerEditing(database)


@pytest.fixture
def proposals(database: Database, club: str) -> AnswerProposals:
    assert club
    return AnswerProposals(database)


def searched(database: Database) -> list[str]:
    return [one.passage.text for one in Passages(database).read(answers_of("club"), "any")]


async def test_each_state_is_kept_and_can_be_brought_back(editing: AnswerEditing, database: Database) -> None:
    added = await editing.add("club", COPY, "claire")
    changed = await editing.save("club", SHORT, added.revision, "nadia")
    assert searched(database) == [SHORT.searched]
    assert await editing.save("club", SHORT, changed.revision, "nadia") == changed
    retired = await editing.retire("club", "copie", changed.revision, "claire")
    assert (retired.revision, searched(database)) == (3, [])
    back = await editing.restore("club", "copie", 1, retired.revision, "claire")
    assert (back.answer, back.retired_at, back.revision) == (COPY, None, 4)
    assert searched(database) == [COPY.searched]
    assert [(one.revision, one.action, one.by) for one in await editing.history("club", "copie")] == [
        (4, "added", "claire"),
        (3, "retired", "claire"),
        (2, "changed", "nadia"),
        (1, "added", "claire"),
    ]
    told = await database.read(history, "copie")
    assert [one.kind for one in told] == ["answer_added", "answer_changed", "answer_retired", "answer_restored"]
    assert (told[1].before, told[1].after) == (
        {"revision": 1, "retired": False},
        {"revision": 2, "retired": False, "fields": ["body"]},
    )


async def test_of_two_who_edit_at_once_the_second_is_told(editing: AnswerEditing) -> None:
    seen = await editing.add("club", COPY, "claire")
    await editing.save("club", SHORT, seen.revision, "nadia")
    for late in (
        editing.save("club", LONG, seen.revision, "claire"),
        editing.retire("club", "copie", seen.revision, "claire"),
        editing.restore("club", "copie", 1, seen.revision, "claire"),
    ):
        with pytest.raises(ConflictError, match="nadia"):
            await late
    now = await editing.get("club", "copie")
    assert (await editing.save("club", LONG, now.revision, "claire")).answer == LONG


async def test_a_name_is_taken_once_and_what_is_not_there_is_missing(editing: AnswerEditing) -> None:
    await editing.add("club", COPY, "claire")
    with pytest.raises(ConflictError):
        await editing.add("club", LONG, "claire")
    with pytest.raises(MissingError):
        await editing.get("club", "autre")
    with pytest.raises(MissingError):
        await editing.restore("club", "copie", 9, 1, "claire")


async def test_an_accepted_proposal_is_in_the_library_and_a_refused_one_may_come_back(
    editing: AnswerEditing, proposals: AnswerProposals, triage_desk: TriageDesk
) -> None:
    message = (await triage_desk.triage(a_message())).id
    new = await proposals.propose("club", COPY, "lea", message_id=message, note="souvent demandée")
    refused = await proposals.refuse("club", new.id, "claire", "déjà là")
    assert (refused.state, refused.decision_comment, await proposals.waiting("club")) == ("refused", "déjà là", 0)
    assert (await proposals.reopen("club", new.id, "claire")).state == "open"
    assert (await proposals.accept("club", new.id, "claire")).state == "accepted"
    assert (await editing.get("club", "copie")).answer == COPY
    with pytest.raises(ConflictError):
        await proposals.refuse("club", new.id, "claire")


async def test_a_proposed_edit_of_an_answer_that_changed_since_is_looked_at_first(
    editing: AnswerEditing, proposals: AnswerProposals
) -> None:
    seen = await editing.add("club", COPY, "claire")
    edit = await proposals.propose("club", SHORT, "lea", edits="copie")
    now = await editing.save("club", LONG, seen.revision, "nadia")
    with pytest.raises(ConflictError):
        await proposals.accept("club", edit.id, "claire")
    assert (await proposals.list("club"))[0].state == "open"
    await proposals.accept("club", edit.id, "claire", revision=now.revision)
    assert (await editing.get("club", "copie")).answer == SHORT


async def test_a_proposal_goes_with_the_message_that_it_was_made_at(
    proposals: AnswerProposals, triage_desk: TriageDesk, database: Database
) -> None:
    message = (await triage_desk.triage(a_message())).id
    await proposals.propose("club", COPY, "lea", message_id=message)
    gone = await database.write(privacy_remove.remove_messages, [message])
    assert gone["answer_proposals"] == 1
    assert await proposals.list("club") == []
    with pytest.raises(MissingError):
        await proposals.propose("club", COPY, "lea", message_id=message)


def test_what_is_typed_is_what_was_shown() -> None:
    given = COPY.model_copy(update={"placeholders": ("nom",), "facts": ("48 h",), "valid_until": date(2027, 1, 1)})
    assert answer_of(typed_of(given), ("facture",)) == given


def test_every_mistake_of_a_form_is_named() -> None:
    wrong = TypedAnswer(title=" ", body="", queue="autre", language="français", valid_from="2027-02-30")
    with pytest.raises(RefusedError) as refused:
        answer_of(wrong, ("facture",))
    assert {one.code for one in refused.value.problems} == {
        "answer_title", "answer_situation", "answer_body", "answer_queue", "answer_language", "answer_days",
    }  # fmt: skip
    named = TypedAnswer(title="Été : 2 mois offerts !", situation="x", body="y", queue="facture")
    assert answer_of(named, ("facture",)).id == "ete_2_mois_offerts"


async def test_the_list_finds_words_without_their_accents_and_what_is_expired(editing: AnswerEditing) -> None:
    await editing.add("club", COPY, "claire")
    past = LONG.model_copy(update={"id": "ete", "title": "Été dernier", "valid_until": date(2020, 1, 1)})
    await editing.add("club", past, "claire")
    shelf = Shelf(await editing.all("club"), {"copie": Tally(drafts=3, sent=2, kept=1, words=0.8)})
    assert [row.state.answer.id for row in shelf.rows("ete")] == ["ete"]
    assert [(row.state.answer.id, row.kept) for row in shelf.rows(order="used")] == [("copie", 0.5), ("ete", None)]
    assert [row.state.answer.id for row in shelf.rows(standing="expired")] == ["ete"]
