"""Corrections one by one: contested and decided about, undone, and what is learned from them."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from service.desk.board.review import Review
from service.desk.intake.triage import TriageDesk
from service.desk.learning.contested import Corrections
from service.desk.learning.versions import Learning
from service.desk.messages import Messages
from service.desk.playbooks.versions import Playbooks
from service.domain.collections import confirmed_of
from service.domain.correction import Objection
from service.errors import ConflictError, MissingError, RefusedError
from service.storage import confirmed
from service.storage.database import Database
from service.storage.passages import Passages
from tests.service.samples import CountingPipeline, a_message, playbook_files, prepare

AGAINST = Objection(kind="neighbours", queue="facture", refs=("c-1", "c-2", "c-3"))


class Contrary:
    """Objects to whatever goes to `sinistre`."""

    async def __call__(self, redacted: Any, playbook: Any, queue: str, by: str, own_id: str) -> tuple[Objection, ...]:
        return (AGAINST,) if queue == "sinistre" else ()


@pytest.fixture
def review(database: Database, playbooks: Playbooks) -> Review:
    return Review(database, playbooks, prepare, object_=Contrary())


@pytest.fixture
def corrections(database: Database, playbooks: Playbooks) -> Corrections:
    return Corrections(database, playbooks, prepare)


@pytest.fixture
async def message_id(triage_desk: TriageDesk) -> str:
    """A message that was routed to `facture`."""
    return (await triage_desk.triage(a_message())).id


def taught(database: Database) -> dict[str, str]:
    """Queue by message, as confirmed; what search has is checked to be the same."""
    with database.reading() as transaction:
        lessons = {one.id: one.confirmed.queue for one in confirmed.lessons(transaction, "club")}
    stored = Passages(database).read(confirmed_of("club"), "any")
    assert {one.passage.id: one.passage.metadata["queue"] for one in stored} == lessons
    return lessons


async def kinds(messages: Messages, message_id: str) -> Sequence[str]:
    return [event.kind for event in await messages.history(message_id)][2:]


async def test_a_contested_correction_moves_the_message_and_teaches_nothing_yet(
    message_id: str, review: Review, corrections: Corrections, messages: Messages, database: Database
) -> None:
    case = await review.correct(message_id, "sinistre", "lea", "Un choc")
    assert (case.queue, case.corrected_by) == ("sinistre", "lea")
    assert case.correction is not None
    assert (case.correction.state, case.correction.objections) == ("contested", (AGAINST,))
    assert taught(database) == {}
    (waiting,) = (await corrections.list("club", "contested")).items
    assert waiting == case.correction
    last = (await messages.history(message_id))[-1]
    assert (last.kind, last.actor) == ("correction_contested", "lea")
    assert "Un choc" not in last.model_dump_json()


async def test_what_was_learned_of_a_message_stays_while_its_correction_is_contested(
    message_id: str, review: Review, database: Database
) -> None:
    await review.correct(message_id, "resiliation", "lea")
    await review.correct(message_id, "sinistre", "sam")
    assert taught(database) == {"m-1": "resiliation"}


async def test_a_lead_who_accepts_makes_it_a_lesson_in_the_advisors_name(
    message_id: str, review: Review, corrections: Corrections, messages: Messages, database: Database
) -> None:
    entry = (await review.correct(message_id, "sinistre", "lea", "Un choc")).correction
    assert entry is not None
    decided = await corrections.decide(entry.id, "accepted", "claire", "vu")
    assert (decided.state, decided.decided_by, decided.decision_comment) == ("accepted", "claire", "vu")
    assert taught(database) == {"m-1": "sinistre"}
    with database.reading() as transaction:
        (lesson,) = confirmed.lessons(transaction, "club")
    assert (lesson.by, lesson.comment, lesson.source) == ("lea", "Un choc", "correction")
    assert (await corrections.list("club", "contested")).items == ()
    assert await corrections.decide(entry.id, "accepted", "claire") == decided
    assert (await kinds(messages, message_id))[-1] == "lesson_accepted"
    with pytest.raises(ConflictError):
        await corrections.decide(entry.id, "refused", "claire")


async def test_a_lead_who_refuses_leaves_the_message_where_it_is_and_nothing_is_learned(
    message_id: str, review: Review, corrections: Corrections, messages: Messages, database: Database
) -> None:
    entry = (await review.correct(message_id, "sinistre", "lea")).correction
    assert entry is not None
    assert (await corrections.decide(entry.id, "refused", "claire")).state == "refused"
    assert (await messages.get(message_id)).queue == "sinistre"
    await review.record_reply(message_id, "Voici.", "lea")
    assert taught(database) == {}
    assert "lesson_refused" in await kinds(messages, message_id)


async def test_a_reply_to_a_contested_message_confirms_nothing(
    message_id: str, review: Review, database: Database
) -> None:
    await review.correct(message_id, "sinistre", "lea")
    await review.record_reply(message_id, "Voici.", "lea")
    assert taught(database) == {}


async def test_the_last_correction_wins_and_an_older_one_waits_no_longer(
    message_id: str, review: Review, corrections: Corrections, database: Database
) -> None:
    entry = (await review.correct(message_id, "sinistre", "lea")).correction
    await review.correct(message_id, "resiliation", "sam")
    assert taught(database) == {"m-1": "resiliation"}
    assert (await corrections.list("club", "contested")).items == ()
    assert entry is not None
    with pytest.raises(ConflictError):
        await corrections.decide(entry.id, "accepted", "claire")


async def test_an_undone_correction_leaves_message_and_lessons_as_they_were_before(
    message_id: str, review: Review, messages: Messages, database: Database
) -> None:
    first = await review.correct(message_id, "resiliation", "lea")
    second = await review.correct(message_id, "facture", "sam")
    assert first.correction is not None
    assert second.correction is not None
    with pytest.raises(ConflictError):
        await review.undo(first.correction.id, "sam")
    back = await review.undo(second.correction.id, "sam")
    assert (back.queue, back.corrected_by, back.correction) == ("resiliation", "lea", first.correction)
    assert taught(database) == {"m-1": "resiliation"}
    assert await review.undo(second.correction.id, "sam") == back
    routed = await review.undo(first.correction.id, "lea")
    assert (routed.queue, routed.corrected_by, routed.correction) == ("facture", None, None)
    assert taught(database) == {}
    assert (await kinds(messages, message_id))[-2:] == ["correction_undone", "correction_undone"]


async def test_an_undone_correction_of_an_abstained_message_leaves_it_without_a_queue(
    triage_desk: TriageDesk, pipeline: CountingPipeline, review: Review
) -> None:
    pipeline.queue = None
    triage = await triage_desk.triage(a_message("m-2"))
    entry = (await review.correct(triage.id, "resiliation", "lea")).correction
    assert entry is not None
    assert (await review.undo(entry.id, "lea")).queue is None


async def test_undoing_a_contested_correction_takes_it_from_the_leads_list(
    message_id: str, review: Review, corrections: Corrections
) -> None:
    entry = (await review.correct(message_id, "sinistre", "lea")).correction
    assert entry is not None
    await review.undo(entry.id, "lea")
    assert (await corrections.list("club", "contested")).items == ()
    assert [one.id for one in (await corrections.list("club", "undone")).items] == [entry.id]


async def test_the_same_correction_twice_is_one(message_id: str, review: Review, corrections: Corrections) -> None:
    first = await review.correct(message_id, "resiliation", "lea")
    assert await review.correct(message_id, "resiliation", "lea") == first
    assert len((await corrections.list("club")).items) == 1


async def test_what_the_voters_thought_likeliest_themselves_is_not_contested_by_other_messages(
    triage_desk: TriageDesk, pipeline: CountingPipeline, review: Review
) -> None:
    pipeline.queue = "sinistre"
    triage = await triage_desk.triage(a_message("m-3"))
    case = await review.correct(triage.id, "sinistre", "lea")
    assert case.correction is not None
    assert case.correction.state == "learned"


async def test_each_change_of_what_is_confirmed_is_counted_for_the_next_refit(
    message_id: str, review: Review, database: Database, playbooks: Playbooks
) -> None:
    learning = Learning(database, playbooks, lambda *_: pytest.fail("nothing is fitted here"))
    assert (await learning.state("club")).changes == 0
    await review.correct(message_id, "resiliation", "lea")
    await review.correct(message_id, "resiliation", "lea")
    await review.correct(message_id, "sinistre", "lea")
    assert (await learning.state("club")).changes == 1
    entry = (await review.correct(message_id, "facture", "lea")).correction
    assert entry is not None
    await review.undo(entry.id, "lea")
    assert (await learning.state("club")).changes == 3


async def test_pages_of_corrections_give_each_once_newest_first(
    triage_desk: TriageDesk, review: Review, corrections: Corrections
) -> None:
    ids = []
    for number in range(5):
        triage = await triage_desk.triage(a_message(f"m-{number}"))
        entry = (await review.correct(triage.id, "resiliation", "lea")).correction
        assert entry is not None
        ids.append(entry.id)
    first = await corrections.list("club", limit=3)
    second = await corrections.list("club", limit=3, cursor=first.next_cursor)
    assert [one.id for one in (*first.items, *second.items)] == ids[::-1]
    assert second.next_cursor is None
    with pytest.raises(RefusedError):
        await corrections.list("club", cursor="nonsense")


async def test_a_lead_and_an_advisor_at_once_leave_one_answer(
    message_id: str, review: Review, corrections: Corrections, database: Database, messages: Messages
) -> None:
    entry = (await review.correct(message_id, "sinistre", "lea")).correction
    assert entry is not None
    await asyncio.gather(
        corrections.decide(entry.id, "accepted", "claire"),
        review.correct(message_id, "resiliation", "sam"),
        return_exceptions=True,
    )
    assert (await messages.get(message_id)).queue == "resiliation"
    assert taught(database) == {"m-1": "resiliation"}


async def test_a_correction_of_another_account_is_not_there(
    message_id: str, review: Review, corrections: Corrections
) -> None:
    entry = (await review.correct(message_id, "sinistre", "lea")).correction
    assert entry is not None
    with pytest.raises(MissingError):
        await corrections.decide(entry.id, "accepted", "claire", account="other")
    with pytest.raises(MissingError):
        await review.undo(entry.id, "claire", account="other")
    with pytest.raises(MissingError):
        await review.undo("no-such", "claire")


async def test_a_queue_that_the_playbook_lost_meanwhile_cannot_be_accepted(
    message_id: str, review: Review, corrections: Corrections, database: Database
) -> None:
    from service.desk.playbooks.versions import Playbooks as Fresh
    from tests.service.samples import parse

    entry = (await review.correct(message_id, "sinistre", "lea")).correction
    assert entry is not None
    smaller = Fresh(database, lambda files: parse(files).model_copy(update={"queues": parse(files).queues[:2]}))
    await smaller.import_(playbook_files(version="v2"), "lead")
    with pytest.raises(ConflictError):
        await Corrections(database, smaller, prepare).decide(entry.id, "accepted", "claire")
    assert (await Corrections(database, smaller, prepare).decide(entry.id, "refused", "claire")).state == "refused"


async def test_a_leads_word_can_be_taken_back(
    corrections: Corrections, review: Review, database: Database, messages: Messages, message_id: str
) -> None:
    undecided = await review.correct(message_id, "resiliation", "lea")
    assert undecided.correction
    with pytest.raises(ConflictError):
        await corrections.reopen(undecided.correction.id, "claire")
    again = await review.correct(message_id, "sinistre", "lea")
    assert again.correction
    entry = await corrections.decide(again.correction.id, "accepted", "claire")
    assert taught(database) == {"m-1": "sinistre"}
    waits = await corrections.reopen(entry.id, "claire")
    assert (waits.state, waits.decided_by, waits.decision_comment) == ("contested", None, "")
    assert taught(database) == {}
    assert await corrections.reopen(entry.id, "claire") == waits
    assert (await kinds(messages, message_id))[-1] == "lesson_reopened"
