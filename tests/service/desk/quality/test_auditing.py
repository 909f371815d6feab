"""Audit samples: drawn the same again, labelled blind, settled by a third, learned from and unlearned."""

import pytest

from service.desk.board.review import Review
from service.desk.intake.triage import TriageDesk
from service.desk.people.people import People
from service.desk.playbooks.versions import Playbooks
from service.desk.quality.auditing import Asked, Auditing, drawn_from
from service.desk.quality.teaching import AuditTeaching, Taught
from service.errors import ConflictError, MissingError, RefusedError
from service.storage import confirmed, privacy_remove
from service.storage.database import Database
from service.storage.events import history
from tests.service.samples import CountingPipeline, a_message, prepare

READERS = ("Ada", "Bob")


@pytest.fixture
async def auditing(database: Database, playbooks: Playbooks, club: str) -> Auditing:
    assert club
    people = People(database)
    for name in (*READERS, "Eve"):
        await people.add(name, "quality", by="test")
    return Auditing(database, playbooks)


@pytest.fixture
async def ids(triage_desk: TriageDesk, pipeline: CountingPipeline) -> list[str]:
    """Five messages that were routed to `facture`, one that was left to a person."""
    found = [(await triage_desk.triage(a_message(f"m-{row}"))).id for row in range(5)]
    pipeline.queue = None
    return [*found, (await triage_desk.triage(a_message("m-6"))).id]


def asked(wanted: int = 6, seed: str = "7") -> Asked:
    return Asked("Novembre", READERS, wanted, seed=seed)


async def labelled(auditing: Auditing, audit_id: str, other: str = "sinistre") -> list[str]:
    """Ada says `facture` of everything; Bob too, but of the last two something else. In order of the sample."""
    found = await auditing.open("club", audit_id)
    names = [one.message_id for one in found.items]
    for at, name in enumerate(names):
        await auditing.label("club", audit_id, name, "facture", "Ada")
        await auditing.label("club", audit_id, name, "facture" if at < len(names) - 2 else other, "Bob")
    return names


def test_the_same_seed_draws_the_same_and_every_stratum_is_seen() -> None:
    known = {f"m{row:03}": "rare" if row < 3 else "often" for row in range(400)}
    sizes, drawn = drawn_from(known, 40, "stratified", "s")
    assert sizes == {"often": 397, "rare": 3}
    assert drawn == drawn_from(dict(reversed(known.items())), 40, "stratified", "s")[1]
    assert len(set(drawn)) == len(drawn) == 40
    assert sum(known[one] == "rare" for one in drawn) >= 2
    assert drawn != drawn_from(known, 40, "stratified", "t")[1]
    assert len(set(drawn_from(known, 40, "simple", "s")[1])) == 40


async def test_a_sample_keeps_what_the_program_said_and_tells_who_drew_it(
    auditing: Auditing, ids: list[str], database: Database
) -> None:
    audit = await auditing.draw("club", asked(), "Eve")
    found = await auditing.open("club", audit.id)
    assert {one.message_id for one in found.items} == set(ids)
    assert audit.strata == {"": 1, "facture": 5}
    assert {(one.outcome, one.queue) for one in found.items} == {("routed", "facture"), ("abstained", "facture")}
    (event,) = await database.read(history, audit.id)
    assert (event.kind, event.actor, (event.after or {})["seed"]) == ("audit_drawn", "Eve", "7")
    samples, progress = await auditing.list("club")
    assert (samples, progress) == ([audit], {audit.id: {0: 6}})


async def test_accuracy_and_agreement_are_what_the_labels_say(auditing: Auditing, ids: list[str]) -> None:
    audit = await auditing.draw("club", asked(), "Eve")
    names = await labelled(auditing, audit.id)
    told = (await auditing.report("club", audit.id)).result
    assert (told.both, told.disputed, told.settled, told.known, told.provisional) == (6, 2, 0, 4, True)
    assert told.same == pytest.approx(4 / 6)
    await auditing.settle("club", audit.id, names[-1], "sinistre", "Eve")
    await auditing.settle("club", audit.id, names[-2], "facture", "Eve")
    told = (await auditing.report("club", audit.id)).result
    assert (told.known, told.provisional) == (6, False)
    assert told.accuracy is not None
    assert told.accuracy.share == pytest.approx(5 / 6)
    assert told.routed is not None
    assert told.routed.n == 5


async def test_a_reader_sees_no_labels_before_both_are_done_and_changes_none_after(
    auditing: Auditing, ids: list[str]
) -> None:
    audit = await auditing.draw("club", asked(), "Eve")
    found = await auditing.open("club", audit.id)
    assert not found.open_to("Ada")
    assert found.open_to("Eve")
    first = found.items[0].message_id
    await auditing.label("club", audit.id, first, "sinistre", "Ada")
    await auditing.unlabel("club", audit.id, first, "Ada")
    names = await labelled(auditing, audit.id)
    assert (await auditing.open("club", audit.id)).open_to("Ada")
    with pytest.raises(ConflictError):
        await auditing.label("club", audit.id, names[0], "sinistre", "Ada")
    with pytest.raises(RefusedError):
        await auditing.settle("club", audit.id, names[-1], "facture", "Bob")
    with pytest.raises(ConflictError):
        await auditing.settle("club", audit.id, names[0], "facture", "Eve")
    with pytest.raises(RefusedError):
        await auditing.label("club", audit.id, names[0], "facture", "Eve")


async def test_what_cannot_be_drawn_is_refused_with_every_reason(auditing: Auditing, ids: list[str]) -> None:
    with pytest.raises(RefusedError) as refused:
        await auditing.draw("club", Asked(" ", ("Ada", "ada"), 1), "Eve")
    assert {one.code for one in refused.value.problems} == {"audit_name", "audit_size", "audit_readers"}
    with pytest.raises(MissingError):
        await auditing.draw("club", Asked("x", ("Ada", "Nobody"), 5), "Eve")
    with pytest.raises(MissingError):
        await auditing.open("club", "nothing")


async def test_what_a_sample_found_is_learned_but_for_what_is_confirmed_already(
    auditing: Auditing, database: Database, playbooks: Playbooks, review: Review, ids: list[str]
) -> None:
    teaching = AuditTeaching(database, auditing, playbooks, prepare)
    audit = await auditing.draw("club", asked(), "Eve")
    with pytest.raises(ConflictError):
        await teaching.teach("club", audit.id, "Eve")
    names = await labelled(auditing, audit.id)
    await review.correct(names[0], "sinistre", "Léa")
    assert await teaching.teach("club", audit.id, "Eve") == Taught(taught=3, known=1)

    def taught() -> list[tuple[str, str]]:
        with database.reading() as transaction:
            return sorted((one.confirmed.queue, one.source) for one in confirmed.lessons(transaction, "club"))

    assert taught() == [("facture", "audit")] * 3 + [("sinistre", "correction")]
    await teaching.unteach("club", audit.id, "Eve")
    assert taught() == [("sinistre", "correction")]


async def test_a_message_that_is_erased_leaves_its_samples(
    auditing: Auditing, database: Database, ids: list[str]
) -> None:
    audit = await auditing.draw("club", asked(), "Eve")
    await labelled(auditing, audit.id)
    gone = await database.write(privacy_remove.remove_messages, ids[:1])
    assert (gone["audit_items"], gone["audit_labels"]) == (1, 2)
    assert len((await auditing.open("club", audit.id)).items) == 5
    await auditing.remove("club", audit.id, "Eve")
    with pytest.raises(MissingError):
        await auditing.open("club", audit.id)
