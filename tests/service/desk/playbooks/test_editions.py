"""Editions and their trials: nothing in force changes unproven, and two leads lose nothing; on either database."""

import asyncio

import pytest

from service.errors import ConflictError, MissingError, RefusedError
from service.storage.database import Database
from service.storage.events import history
from tests.service.desk.editing_stage import ACCOUNT, GOOD, OTHER, QUEUE, Stage, stage

__all__ = ["stage"]


async def test_nothing_in_force_changes_while_an_edition_is_worked_on(stage: Stage) -> None:
    before = await stage.active()
    edition = await stage.begun(GOOD)
    found = await stage.editions.files(await stage.editions.find(edition.id))
    assert await stage.active() == before == edition.base
    assert found.version not in {None, before}
    assert found.edition.changes.keys() == {QUEUE}
    assert [one.id for one in await stage.editions.list(ACCOUNT)] == [edition.id]


async def test_what_is_wrong_is_kept_and_named_beside_its_field(stage: Stage) -> None:
    edition = await stage.editions.begin(ACCOUNT, "", "léa")
    form = {"keywords": "résilier ^3\nmettre fin\n", "sla_hours": "vite", "definition": ""}
    kept = await stage.editing.keep(edition.id, QUEUE, form, {}, "léa", "fr")
    found = {(one.field, one.line, one.mistake.code) for one in kept.sheet.mistakes}
    assert {("keywords", 2, "words_not_joined"), ("sla_hours", 0, "not_integer")} <= found
    assert any(field == "definition" or code == "missing_field" for field, _, code in found)
    assert kept.sheet.form["keywords"] == "résilier ^3\nmettre fin"
    with pytest.raises(RefusedError):
        await stage.editions.prove(edition.id, "léa")


async def test_a_trial_is_good_for_exactly_its_content(stage: Stage) -> None:
    edition = await stage.begun(GOOD)
    await stage.proven(edition)
    await stage.add(edition, "adieu")
    with pytest.raises(ConflictError, match="not been proven"):
        await stage.editions.publish(edition.id, "léa", "")


async def test_an_edition_that_does_worse_is_put_in_force_by_nobody_without_a_reason(stage: Stage) -> None:
    edition = await stage.begun("gâté")
    trial = await stage.proven(edition)
    assert trial.proof is not None
    assert not trial.proof.passed
    assert {gate.gate for gate in trial.proof.gates if gate.passed is False} >= {"history", "recall"}
    with pytest.raises(ConflictError, match="not passed"):
        await stage.editions.publish(edition.id, "léa", "il le faut")
    with pytest.raises(RefusedError, match="no reason"):
        await stage.editions.publish(edition.id, "ada", " ", anyway=True)
    assert await stage.editions.publish(edition.id, "ada", "décision du siège", anyway=True) == trial.version
    assert [one.why for one in await stage.playbooks.list(ACCOUNT) if one.active] == ["décision du siège"]


async def test_an_old_version_is_brought_back(stage: Stage, database: Database) -> None:
    before = await stage.active()
    edition = await stage.begun(GOOD)
    await stage.proven(edition)
    await stage.editions.publish(edition.id, "léa", "")
    await stage.playbooks.activate(ACCOUNT, before, "noé", "trop de départs")
    assert await stage.active() == before
    event = (await database.read(history, before))[-1]
    assert (event.kind, event.actor) == ("playbook_activated", "noé")
    assert [one.why for one in await stage.playbooks.list(ACCOUNT) if one.version == before] == ["trop de départs"]
    for unknown in ("", "nothing"):
        with pytest.raises(MissingError):
            await stage.playbooks.activate(ACCOUNT, unknown, "noé")
    assert await stage.active() == before


async def test_what_is_in_force_is_not_replayed_twice_on_the_same_messages(stage: Stage) -> None:
    edition = await stage.begun(GOOD)
    await stage.proven(edition)
    await stage.add(edition, "adieu")
    await stage.proven(edition)
    assert stage.replaying.asked.count(edition.base) == 1


async def test_two_who_write_in_one_form_at_once_lose_nothing(stage: Stage) -> None:
    edition = await stage.editions.begin(ACCOUNT, "", "léa")
    edited = await stage.editions.files(edition)
    was = (await stage.editing.sheet(edited, QUEUE, "fr")).form
    lea = {**was, "keywords": was["keywords"] + "\nadieu ^2", "label": "Départ"}
    noe = {**was, "keywords": was["keywords"] + '\n"je pars"', "level": "3", "label": "Résiliations"}
    await stage.editing.keep(edition.id, QUEUE, lea, was, "léa", "fr")
    kept = await stage.editing.keep(edition.id, QUEUE, noe, was, "noé", "fr")
    form = kept.sheet.form
    assert {"adieu ^2", '"je pars"'} <= set(form["keywords"].splitlines())
    assert (form["level"], form["label"]) == ("3", "Départ")
    (conflict,) = kept.conflicts
    assert (conflict.field, conflict.ours, conflict.theirs) == ("label.1", "Résiliations", "Départ")


async def test_an_edition_is_merged_with_what_was_put_in_force_meanwhile(stage: Stage) -> None:
    first, second = await stage.begun(GOOD), await stage.editions.begin(ACCOUNT, "Autre", "noé")
    await stage.write(second, "noé", OTHER, level="2")
    await stage.add(second, '"je pars" ^1', by="noé")
    await stage.proven(first)
    await stage.editions.publish(first.id, "léa", "")
    with pytest.raises(ConflictError, match="Another version"):
        await stage.editions.prove(second.id, "noé")
    (conflict,) = (await stage.editions.join(second.id, "noé")).conflicts
    assert (conflict.ours, conflict.theirs) == ('"je pars" ^1', GOOD)
    assert (await stage.editions.join(second.id, "noé", choices={conflict.key: "ours"})).conflicts == ()
    merged = await stage.editions.files(await stage.editions.find(second.id))
    assert merged.edition.base == await stage.active()
    assert '"je pars" ^1' in merged.files[QUEUE]
    assert "level: 2" in merged.files[OTHER]
    assert (await stage.proven(second)).against == await stage.active()


async def test_two_editions_are_joined_in_one(stage: Stage) -> None:
    first, second = await stage.begun(GOOD), await stage.begun("adieu", by="noé")
    assert (await stage.editions.join(first.id, "léa", second.id)).conflicts == ()
    found = await stage.editions.files(await stage.editions.find(first.id))
    assert {GOOD, "adieu"} <= {line.strip() for line in found.files[QUEUE].splitlines()}
    assert [one.id for one in await stage.editions.list(ACCOUNT)] == [first.id]
    assert (await stage.editions.find(second.id)).state == "dropped"


async def test_editions_of_other_accounts_are_not_there(stage: Stage) -> None:
    edition = await stage.begun(GOOD)
    trial = await stage.editions.prove(edition.id, "léa")
    for asked in (stage.editions.find(edition.id, ("elsewhere",)), stage.trials.find(trial.id, ("elsewhere",))):
        with pytest.raises(MissingError):
            await asyncio.ensure_future(asked)


async def test_a_queue_is_added_and_taken_out_again(stage: Stage) -> None:
    edition = await stage.editions.begin(ACCOUNT, "", "léa")
    file = await stage.editing.add_queue(edition.id, "vol", "Vol", "léa")
    with pytest.raises(RefusedError):
        await stage.editing.add_queue(edition.id, "vol", "Vol", "léa")
    await stage.write(edition, "léa", file, definition="On a volé sa voiture.", instructions="Il parle d'un vol.")
    edited = await stage.editions.files(await stage.editions.find(edition.id))
    assert (await stage.playbooks.read(edited.files)).queue("vol").instructions == ("Il parle d'un vol.",)
    await stage.editing.remove_queue(edition.id, file, "léa")
    assert (await stage.editions.files(await stage.editions.find(edition.id))).version == edition.base


async def test_a_file_edited_as_it_stands_is_merged_by_lines_and_lets_one_take_back_what_he_wrote(stage: Stage) -> None:
    edition, file = await stage.editions.begin(ACCOUNT, "", "léa"), "examples/remboursement.txt"

    async def write(text: str, seen: str, by: str) -> tuple[str, str]:
        kept = await stage.editing.keep(edition.id, file, {"whole": text}, {}, by, "fr", seen)
        assert not kept.conflicts
        return kept.sheet.form["whole"], kept.sheet.seen

    first = await stage.editing.sheet(await stage.editions.texts(edition), file, "fr")
    text, seen = first.form["whole"], first.seen
    assert await write(text, seen, "léa") == (text, seen)
    longer, now = await write(text + "et mon argent ?\n", seen, "léa")
    both, last = await write("où est mon chèque ?\n" + text, seen, "noé")
    assert (longer in both, both.splitlines()[0]) == (True, "où est mon chèque ?")
    assert (await write("où est mon chèque ?\n" + text, last, "léa"))[0] == "où est mon chèque ?\n" + text
    assert now != last
