"""An advisor's word counts at once, for the case and for the next message."""

import asyncio

import pytest

from service.desk.board.review import Review
from service.desk.intake.triage import TriageDesk
from service.desk.messages import Messages
from service.desk.playbooks.versions import Playbooks
from service.domain.collections import confirmed_of
from service.domain.draft import Draft, Paragraph
from service.errors import ConflictError, MissingError, RefusedError
from service.storage import confirmed
from service.storage.cases import Filter
from service.storage.database import Database
from service.storage.passages import Passages
from service.wiring import prepare
from tests.service.samples import CountingPipeline, a_message, a_triage


async def test_a_correction_moves_the_case_and_says_who_and_what_before(
    triage_desk: TriageDesk, review: Review, messages: Messages
) -> None:
    triage = await triage_desk.triage(a_message(body="Je pars, Dupont"))
    case = await review.correct(triage.id, "resiliation", "lea", "Il part, c'est une résiliation")
    assert (case.queue, case.corrected_by, case.triage) == ("resiliation", "lea", triage)
    last = (await messages.history(triage.id))[-1]
    assert (last.kind, last.actor, last.before, last.after) == (
        "queue_corrected", "lea", {"queue": "facture"}, {"queue": "resiliation"},
    )  # fmt: skip
    assert [one.id for one in (await messages.list(Filter(queue="resiliation"))).items] == [triage.id]
    assert (await messages.list(Filter(queue="facture"))).items == ()


async def test_the_next_message_finds_the_corrected_one_redacted_among_its_neighbours(
    triage_desk: TriageDesk, review: Review, database: Database
) -> None:
    store = Passages(database)
    before = store.revision(confirmed_of("club"))
    triage = await triage_desk.triage(a_message(body="Je pars, Dupont"))
    await review.correct(triage.id, "resiliation", "lea", "parce que")
    assert store.revision(confirmed_of("club")) > before
    (passage,) = (stored.passage for stored in store.read(confirmed_of("club"), "any"))
    assert (passage.id, passage.text) == ("m-1", "Je pars, [[PERSONNE_1]]")
    assert passage.metadata["queue"] == "resiliation"
    with database.reading() as transaction:
        (lesson,) = confirmed.lessons(transaction, "club")
    assert (lesson.source, lesson.by, lesson.comment) == ("correction", "lea", "parce que")
    assert lesson.redacted.own == "Je pars, [[PERSONNE_1]]"


async def test_a_correction_can_be_corrected_and_a_repeated_one_changes_nothing(
    triage_desk: TriageDesk, review: Review, messages: Messages, database: Database
) -> None:
    triage = await triage_desk.triage(a_message(None))
    await review.correct(triage.id, "resiliation", "lea")
    await review.correct(triage.id, "resiliation", "lea")
    await review.correct(triage.id, "facture", "sam")
    await review.correct(triage.id, "facture", "lea")
    kinds = [event.kind for event in await messages.history(triage.id)]
    assert kinds[2:] == ["queue_corrected", "queue_corrected", "queue_confirmed"]
    with database.reading() as transaction:
        (lesson,) = confirmed.lessons(transaction, "club")
    assert (lesson.id, lesson.confirmed.queue) == (triage.id, "facture")


async def test_what_is_counted_is_who_moves_a_message_and_whether_the_program_had_routed_it_there(
    triage_desk: TriageDesk, pipeline: CountingPipeline, database: Database, playbooks: Playbooks
) -> None:
    counted: list[tuple[str, str, bool]] = []
    review = Review(database, playbooks, prepare, observe=lambda *told: counted.append(told))
    routed = await triage_desk.triage(a_message(None))
    await review.correct(routed.id, "facture", "lea")
    assert counted == []
    await review.correct(routed.id, "resiliation", "lea")
    await review.correct(routed.id, "resiliation", "lea")
    await review.correct(routed.id, "sinistre", "sam")
    assert counted == [("club", "learned", True), ("club", "learned", False)]
    pipeline.queue = None
    left = await triage_desk.triage(a_message(None))
    await review.correct(left.id, "facture", "lea")
    assert counted[2:] == [("club", "learned", False)]


async def test_unknown_queues_and_messages_are_named(triage_desk: TriageDesk, review: Review) -> None:
    triage = await triage_desk.triage(a_message())
    with pytest.raises(RefusedError) as refused:
        await review.correct(triage.id, "nowhere", "lea")
    assert refused.value.problems[0].field == "queue"
    for unknown, account in (("no-such-id", None), (triage.id, "other")):
        with pytest.raises(MissingError):
            await review.correct(unknown, "facture", "lea", account=account)


async def test_advisors_who_correct_at_once_leave_one_answer_and_every_event(
    triage_desk: TriageDesk, review: Review, messages: Messages
) -> None:
    triage = await triage_desk.triage(a_message())
    queues = ["resiliation", "sinistre"] * 4
    await asyncio.gather(*(review.correct(triage.id, queue, f"a{n}") for n, queue in enumerate(queues)))
    events = (await messages.history(triage.id))[2:]
    assert len(events) == 8
    assert (await messages.get(triage.id)).queue == (events[-1].after or {})["queue"]
    assert [event.before for event in events[1:]] == [event.after for event in events[:-1]]


async def test_a_message_without_a_triage_cannot_be_corrected_yet(
    review: Review, database: Database, club: str
) -> None:
    from service.desk.intake.receiving import Intake

    receipt = await Intake(database, lambda: None).receive(a_message())
    with pytest.raises(ConflictError):
        await review.correct(receipt.id, "facture", "lea")


async def test_a_reply_is_kept_once_and_confirms_the_queue_it_was_answered_in(
    triage_desk: TriageDesk, review: Review, messages: Messages, database: Database
) -> None:
    triage = await triage_desk.triage(a_message())
    for text in ("Voici votre facture.", "Voici votre facture.", "Voici votre facture, Madame."):
        case = await review.record_reply(triage.id, text, "lea")
    assert case.replied_at is not None
    kinds = [event.kind for event in await messages.history(triage.id)]
    assert kinds[2:] == ["reply_recorded", "reply_recorded"]
    with database.reading() as transaction:
        (lesson,) = confirmed.lessons(transaction, "club")
    assert (lesson.source, lesson.confirmed.queue, lesson.confirmed.answers) == ("reply", "facture", ())


async def test_a_reply_does_not_weaken_what_was_corrected(
    triage_desk: TriageDesk, review: Review, database: Database
) -> None:
    triage = await triage_desk.triage(a_message())
    await review.correct(triage.id, "sinistre", "lea")
    await review.record_reply(triage.id, "Voici.", "sam")
    with database.reading() as transaction:
        (lesson,) = confirmed.lessons(transaction, "club")
    assert (lesson.source, lesson.by, lesson.confirmed.queue) == ("correction", "lea", "sinistre")


async def test_a_reply_to_an_abstained_message_confirms_no_queue(
    triage_desk: TriageDesk, review: Review, pipeline: CountingPipeline, database: Database
) -> None:
    pipeline.queue = None
    triage = await triage_desk.triage(a_message())
    await review.record_reply(triage.id, "Voici.", "sam")
    with database.reading() as transaction:
        assert confirmed.lessons(transaction, "club") == []


async def test_a_draft_that_was_sent_as_it_stood_teaches_its_canned_answers(
    triage_desk: TriageDesk, review: Review, database: Database
) -> None:
    message = a_message()
    paragraphs = (Paragraph(text="Voici.", sources=("facture_envoi",)),)
    draft = Draft(
        language="fr", subject="", body="Voici.\n\nLe club", paragraphs=paragraphs, answers=("facture_envoi",)
    )
    await triage_desk.keep([(message, a_triage(message, "t-1", draft=draft))])
    await review.record_reply("t-1", "Voici.\nLe club\n", "lea")
    with database.reading() as transaction:
        (lesson,) = confirmed.lessons(transaction, "club")
    assert lesson.confirmed.answers == ("facture_envoi",)
