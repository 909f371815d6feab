"""An advisor's word about flags counts at once, the triage stays what it was, and what nobody looked at teaches
nothing."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select

from retrieval.hashed import HashedEmbedder
from service.desk.board.board import Board, Look
from service.desk.board.flagging import Flagged
from service.desk.board.review import Review
from service.desk.drafts.versions import ground_of
from service.desk.intake.triage import TriageDesk
from service.desk.learning.contested import Corrections
from service.desk.learning.fitting import Fitting
from service.desk.messages import Messages
from service.desk.oversight.tallying import Tallying
from service.desk.playbooks.versions import Playbooks
from service.desk.webhooks.subscriptions import Webhooks
from service.domain.correction import Objection
from service.domain.message import Message
from service.domain.moment import day_of
from service.domain.playbook import Flag, Playbook
from service.domain.triage import Triage
from service.domain.webhook import Answer, Parcel
from service.errors import ConflictError, MissingError, RefusedError
from service.learning.examples import Example
from service.storage import confirmed, figures, flags, refits
from service.storage import messages as stored
from service.storage.confirmed import Lesson
from service.storage.database import Database
from service.storage.schema import deliveries
from tests.service.samples import NOW, CountingPipeline, a_confirmed, a_message, parse, playbook_files, prepare

FLAGS = ("chaser", "urgent", "sensitive")
FILES = playbook_files()
NOT_YET = "019a9f4e-8c1b-7d02-b1a4-5f0d3c2e9a77"


class Raising(CountingPipeline):
    """Finds every message urgent."""

    async def __call__(self, message: Message, triage_id: str) -> Triage:
        return (await super().__call__(message, triage_id)).model_copy(update={"flags": ("urgent",)})


def flagged_playbook(files: Mapping[str, str]) -> Playbook:
    return parse(files).model_copy(update={"flags": tuple(Flag(id=one, definition="Signal.") for one in FLAGS)})


@pytest.fixture
def pipeline() -> CountingPipeline:
    return Raising()


@pytest.fixture
def playbooks(database: Database) -> Playbooks:
    return Playbooks(database, flagged_playbook)


@pytest.fixture
async def message_id(triage_desk: TriageDesk) -> str:
    """Routed to `facture`, and taken for urgent."""
    return (await triage_desk.triage(a_message())).id


def lessons(database: Database) -> list[Lesson]:
    with database.reading() as transaction:
        return confirmed.lessons(transaction, "club")


def examples(database: Database) -> list[Example]:
    """What the next fit learns from."""
    return Fitting(HashedEmbedder()).read("club", lessons(database))[0]


async def test_what_a_person_says_is_in_force_at_once_and_the_triage_stays_as_it_was(
    review: Review, messages: Messages, message_id: str
) -> None:
    before = await messages.get(message_id)
    assert (before.flags, before.flagged_by, before.flagged_at) == (("urgent",), None, None)
    case = await review.flag(message_id, Flagged(("sensitive", "chaser", "chaser")), "lea")
    assert (case.flags, case.flagged_by) == (("chaser", "sensitive"), "lea")
    assert case.triage == before.triage
    assert (case.queue, case.correction, case.corrected_by) == ("facture", None, None)
    last = (await messages.history(message_id))[-1]
    assert (last.kind, last.actor, last.before, last.after) == (
        "flags_corrected", "lea", {"flags": ["urgent"]}, {"flags": ["chaser", "sensitive"]},
    )  # fmt: skip


async def test_the_desk_finds_a_message_by_the_flags_that_are_right(
    review: Review, database: Database, message_id: str
) -> None:
    board = Board(database)

    async def found(flag: str) -> list[str]:
        return [row.case.id for row in (await board.page(Look(flag=flag), 10)).items]

    assert (await found("urgent"), await found("chaser")) == ([message_id], [])
    await review.flag(message_id, Flagged(up=("chaser",), down=("urgent",)), "lea")
    assert (await found("urgent"), await found("chaser")) == ([], [message_id])


async def test_one_flag_more_or_less_leaves_the_others_as_they_are_whoever_said_so(
    review: Review, message_id: str
) -> None:
    assert (await review.flag(message_id, Flagged(up=("chaser",)), "lea")).flags == ("chaser", "urgent")
    assert (await review.flag(message_id, Flagged(up=("sensitive",)), "sam")).flags == ("chaser", "sensitive", "urgent")
    case = await review.flag(message_id, Flagged(down=("urgent",)), "lea")
    assert (case.flags, case.flagged_by) == (("chaser", "sensitive"), "lea")


async def test_the_same_word_of_the_same_person_is_one_and_another_person_confirms_it(
    review: Review, messages: Messages, message_id: str
) -> None:
    for by in ("lea", "lea", "sam"):
        await review.flag(message_id, Flagged(()), by)
    await review.flag(message_id, Flagged(down=("urgent",)), "sam")
    kinds = [event.kind for event in await messages.history(message_id)][2:]
    assert kinds == ["flags_corrected", "flags_confirmed"]


async def test_a_flag_that_the_playbook_does_not_have_is_refused_with_its_cure(
    review: Review, messages: Messages, message_id: str
) -> None:
    for said in (Flagged(("urgent", "loud")), Flagged(up=("loud",)), Flagged(down=("loud",))):
        with pytest.raises(RefusedError, match="loud") as refused:
            await review.flag(message_id, said, "lea")
        assert [one.field for one in refused.value.problems] == ["flags"]
        assert "chaser, urgent, sensitive" in refused.value.problems[0].message
    with pytest.raises(RefusedError):
        await review.correct(message_id, "sinistre", "lea", flags=("loud",))
    assert (await messages.get(message_id)).queue == "facture"


async def test_flags_of_what_is_not_there_or_waits_are_not_said(
    review: Review, triage_desk: TriageDesk, database: Database, message_id: str
) -> None:
    for unknown, account in (("nowhere", None), (message_id, "other")):
        with pytest.raises(MissingError):
            await review.flag(unknown, Flagged(()), "lea", account)
    with database.writing() as transaction:
        stored.add(transaction, NOT_YET, a_message("m-9", account="club"), "hash", "received", NOW)
    with pytest.raises(ConflictError):
        await review.flag(NOT_YET, Flagged(()), "lea")


async def test_who_corrects_a_queue_alone_says_nothing_of_flags(
    review: Review, database: Database, message_id: str
) -> None:
    case = await review.correct(message_id, "sinistre", "lea")
    assert (case.flags, case.flagged_by) == (("urgent",), None)
    (example,) = examples(database)
    assert (example.queue, example.flags_told) == ("sinistre", False)


@pytest.mark.parametrize("right", [(), ("chaser",), ("urgent",)])
async def test_flags_that_are_told_with_a_queue_are_learned_and_other_asks_are_not(
    review: Review, database: Database, message_id: str, right: tuple[str, ...]
) -> None:
    case = await review.correct(message_id, "sinistre", "lea", flags=right)
    assert (case.queue, case.flags, case.flagged_by) == ("sinistre", right, "lea")
    (example,) = examples(database)
    assert (example.flags, example.flags_told, example.asks_told) == (right, True, False)


async def test_flags_wait_until_somebody_says_the_queue_and_no_longer(
    review: Review, database: Database, message_id: str
) -> None:
    await review.flag(message_id, Flagged(("chaser",)), "lea")
    assert lessons(database) == []
    await review.correct(message_id, "facture", "sam")
    (example,) = examples(database)
    assert (example.flags, example.flags_told) == (("chaser",), True)


async def test_a_reply_confirms_the_queue_of_a_message_whose_flags_were_told(
    review: Review, database: Database, message_id: str
) -> None:
    await review.flag(message_id, Flagged(()), "lea")
    await review.record_reply(message_id, "Voici votre facture.", "lea")
    (lesson,) = lessons(database)
    assert (lesson.source, lesson.confirmed.flags, lesson.flags_told) == ("reply", (), True)


async def test_flags_told_after_the_queue_are_learned_the_latest_word_counts_and_the_next_fit_is_told(
    review: Review, database: Database, message_id: str
) -> None:
    await review.correct(message_id, "sinistre", "lea", "Un choc")
    with database.reading() as transaction:
        waiting = refits.state(transaction, "club").changes
    await review.flag(message_id, Flagged(("chaser",)), "sam")
    await review.flag(message_id, Flagged(("sensitive",)), "lea")
    await review.flag(message_id, Flagged(("sensitive",)), "lea")
    (lesson,) = lessons(database)
    assert (lesson.confirmed.queue, lesson.confirmed.flags, lesson.flags_told) == ("sinistre", ("sensitive",), True)
    assert (lesson.source, lesson.by, lesson.comment) == ("correction", "lea", "Un choc")
    with database.reading() as transaction:
        assert refits.state(transaction, "club").changes == waiting + 2


async def test_a_correction_taken_back_leaves_the_flags_as_they_were_told(
    review: Review, database: Database, message_id: str
) -> None:
    case = await review.correct(message_id, "sinistre", "lea", flags=("chaser",))
    assert case.correction
    back = await review.undo(case.correction.id, "lea")
    assert (back.queue, back.flags, lessons(database)) == ("facture", ("chaser",), [])


class Contrary:
    async def __call__(self, redacted: Any, playbook: Any, queue: str, by: str, own_id: str) -> tuple[Objection, ...]:
        return (Objection(kind="neighbours", queue="facture", refs=("c-1",)),)


async def test_flags_of_a_contested_correction_are_in_force_and_learned_when_a_lead_accepts_it(
    database: Database, playbooks: Playbooks, message_id: str
) -> None:
    review = Review(database, playbooks, prepare, object_=Contrary())
    case = await review.correct(message_id, "sinistre", "lea", flags=("chaser",))
    assert (case.flags, lessons(database)) == (("chaser",), [])
    assert case.correction
    await Corrections(database, playbooks, prepare).decide(case.correction.id, "accepted", "claire")
    assert [(one.confirmed.flags, one.flags_told) for one in lessons(database)] == [(("chaser",), True)]


async def test_what_was_imported_is_told_anew_by_who_looks_at_it(
    review: Review, database: Database, message_id: str
) -> None:
    imported = a_confirmed("m-1", flags=("urgent",))
    with database.writing() as transaction:
        confirmed.put(transaction, "club", [Lesson(imported, prepare(imported.message, flagged_playbook(FILES)))], NOW)
    await review.flag(message_id, Flagged(()), "lea")
    (lesson,) = lessons(database)
    assert (lesson.source, lesson.confirmed.flags) == ("import", ())


async def test_neither_another_triage_nor_the_index_overwrites_what_a_person_said(
    review: Review, messages: Messages, database: Database, message_id: str
) -> None:
    await review.flag(message_id, Flagged(("chaser",)), "lea")
    with database.writing() as transaction:
        flags.note(transaction, message_id, ("urgent", "sensitive"), anew=True)
    assert (await messages.get(message_id)).flags == ("chaser",)


async def test_the_next_draft_that_is_asked_for_goes_by_the_flags_in_force(
    review: Review, database: Database, message_id: str
) -> None:
    await review.flag(message_id, Flagged(("sensitive",)), "lea")
    ground = await database.read(ground_of, message_id, None)
    assert ground.triage.flags == ("sensitive",)
    assert ground.case.triage is not None
    assert ground.case.triage.flags == ("urgent",)


async def test_a_webhook_that_wants_it_hears_which_flags_are_right_and_not_who_said_so(
    review: Review, database: Database, message_id: str
) -> None:
    async def refuse(parcel: Parcel) -> Answer:
        raise AssertionError(parcel)

    webhooks = Webhooks(database, lambda _: None, lambda: "whsec_c2VjcmV0", refuse)
    await webhooks.add("club", "https://crm.example.com/hook", ("message.flagged",))
    await review.correct(message_id, "sinistre", "Nadia", flags=("chaser",))
    with database.reading() as transaction:
        (payload,) = transaction.execute(select(deliveries.c.payload)).scalars()
    told = json.loads(payload)
    assert (told["type"], told["data"]["flags"], told["data"]["before"]) == ("message.flagged", ["chaser"], ["urgent"])
    assert (told["data"]["id"], told["data"]["external_id"]) == (message_id, "m-1")
    assert "Nadia" not in payload


async def test_figures_count_the_chasers_that_are_right(review: Review, database: Database, message_id: str) -> None:
    await review.flag(message_id, Flagged(up=("chaser",)), "lea")
    await Tallying(database).count()
    with database.reading() as transaction:
        day = day_of((await Messages(database).get(message_id)).received_at)
        counted = figures.by_day(transaction, "club", ("chaser",), day, day)
    assert [amount for *_, amount in counted] == [1]
