"""Editions and their trials: nothing in force changes unproven, and two leads lose nothing; on either database."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from service.desk.accounts import AccountContent, Accounts
from service.desk.confirmed import ConfirmedMessages
from service.desk.editing import Editing
from service.desk.editions import Editions
from service.desk.playbooks import Playbooks
from service.desk.proving import Proving
from service.desk.trials import LEASE, MOST_ATTEMPTS, Trials
from service.domain.edition import Edition
from service.domain.playbook import Playbook
from service.domain.proof import Trial
from service.errors import ConflictError, MissingError, RefusedError
from service.learning.fit_weighed import STEPS, Step
from service.learning.replay import Replayed
from service.playbooks import parse
from service.settings import PROMPTS
from service.storage import privacy_remove
from service.storage.confirmed import Lesson
from service.storage.database import Database
from service.storage.events import history
from tests.service.playbooks.account import FILES
from tests.service.samples import NOW, a_confirmed, prepare

ACCOUNT, QUEUE, OTHER = "petit-club", "queues/resiliation.yaml", "queues/remboursement.yaml"
COUNT = 40
GOOD = '"je pars" ^2'


class Time:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Replaying:
    """Under a playbook whose keywords hold `GOOD` all messages find their queue, under one that is `spoiled` none do,
    and else every other one."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(
        self, playbook: Playbook, lessons: Sequence[Lesson], _library: object, step: Step
    ) -> Sequence[Replayed]:
        self.asked.append(playbook.version)
        said = {keyword.expression for keyword in playbook.queue("resiliation").keywords}
        for _ in STEPS:
            step()
        return [
            Replayed(one.id, one.confirmed.queue, self._guess(said, at), 0.9, routed=True)
            for at, one in enumerate(lessons)
        ]

    def _guess(self, said: set[str], at: int) -> str:
        right = '"je pars"' in said or (at % 2 == 0 and "gâté" not in said)
        return "resiliation" if right else "remboursement"


class Stage:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.time = Time()
        self.replaying = Replaying()
        self.playbooks = Playbooks(database, parse, self.time)
        self.trials = Trials(database, self.playbooks, Proving(self.replaying, PROMPTS), self.time)
        self.editions = Editions(database, self.playbooks, self.trials, self.time)
        self.editing = Editing(self.editions)

    async def write(self, edition: Edition, by: str, file: str = QUEUE, **fields: str) -> None:
        """As somebody who has just opened the form, which he changes in these fields."""
        edited = await self.editions.files(await self.editions.find(edition.id))
        was = (await self.editing.sheet(edited, file, "fr")).form
        kept = await self.editing.keep(edition.id, file, fields, was, by, "fr")
        assert not kept.conflicts

    async def begun(self, *lines: str, by: str = "léa") -> Edition:
        edition = await self.editions.begin(ACCOUNT, "Départs", by)
        await self.add(edition, *lines, by=by)
        return edition

    async def add(self, edition: Edition, *lines: str, by: str = "léa") -> None:
        edited = await self.editions.files(await self.editions.find(edition.id))
        keywords = (await self.editing.sheet(edited, QUEUE, "fr")).form["keywords"]
        await self.write(edition, by, keywords="\n".join([keywords.rstrip(), *lines]))

    async def proven(self, edition: Edition) -> Trial:
        trial = await self.editions.prove(edition.id, "léa")
        assert await self.trials.take("a") == trial.id
        assert await self.trials.run(trial.id, "a") == "done"
        return await self.trials.find(trial.id)

    async def active(self) -> str:
        return (await self.playbooks.active(ACCOUNT)).version


@pytest.fixture
async def stage(database: Database) -> Stage:
    stage = Stage(database)
    confirmed = [a_confirmed(f"m-{at:02}", "resiliation", f"Je pars, message {at}") for at in range(COUNT)]
    accounts = Accounts(database, ConfirmedMessages(database, prepare))
    files = {name: text for name, text in FILES.items() if name != "answers.yaml"}
    content = AccountContent(files, parse(files), (), tuple(confirmed))
    await accounts.import_(content, "import")
    return stage


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


async def test_a_proven_edition_is_put_in_force_with_who_why_and_its_trial(stage: Stage, database: Database) -> None:
    edition = await stage.begun(GOOD)
    with pytest.raises(ConflictError, match="not been proven"):
        await stage.editions.publish(edition.id, "léa", "")
    trial = await stage.proven(edition)
    assert trial.proof is not None
    assert (trial.proof.history.verdict, trial.proof.passed) == ("improved", True)
    assert trial.proof.history.fixed + trial.proof.suite.fixed == COUNT // 2
    shown = {one.id for one in trial.proof.fixed}
    assert len(shown) == trial.proof.history.fixed
    version = await stage.editions.publish(edition.id, "léa", "les départs")
    newest = next(one for one in await stage.playbooks.list(ACCOUNT) if one.active)
    assert (newest.version, newest.active, newest.imported_by) == (version, True, "léa")
    assert (newest.why, newest.trial) == ("les départs", trial.id)
    assert await stage.active() == version == trial.version
    kinds = [event.kind for event in await database.read(history, edition.id)]
    assert kinds == ["edition_begun", "edition_published"]
    with pytest.raises(ConflictError):
        await stage.editions.save(edition.id, {QUEUE: "x"}, "léa")


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


async def test_one_who_asks_twice_gets_the_trial_that_is_under_way(stage: Stage) -> None:
    edition = await stage.begun(GOOD)
    first = await stage.editions.prove(edition.id, "léa")
    assert (await stage.editions.prove(edition.id, "noé")).id == first.id
    assert await stage.trials.take("a") == first.id
    assert await stage.trials.take("b") is None
    with pytest.raises(ConflictError):
        await stage.editions.prove((await stage.editions.begin(ACCOUNT, "", "léa")).id, "léa")


async def test_a_cancelled_trial_is_nobodys_and_keeps_nothing(stage: Stage) -> None:
    edition = await stage.begun(GOOD)
    trial = await stage.editions.prove(edition.id, "léa")
    await stage.trials.take("a")
    assert (await stage.trials.cancel(trial.id, "léa")).state == "cancelled"
    assert not await stage.trials.renew(trial.id, "a")
    assert await stage.trials.run(trial.id, "a") == "overtaken"
    assert (await stage.trials.find(trial.id)).proof is None
    with pytest.raises(ConflictError):
        await stage.editions.publish(edition.id, "léa", "")


async def test_a_trial_outlives_whoever_did_it(stage: Stage) -> None:
    trial = await stage.editions.prove((await stage.begun(GOOD)).id, "léa")
    assert await stage.trials.take("killed") == trial.id
    stage.time.now += LEASE / 2
    assert await stage.trials.take("b") is None
    stage.time.now += LEASE
    assert await stage.trials.take("b") == trial.id
    await stage.trials.give_back(trial.id, "b")
    assert await stage.trials.take("c") == trial.id
    assert await stage.trials.run(trial.id, "killed") == "overtaken"
    assert await stage.trials.run(trial.id, "c") == "done"


async def test_a_trial_that_ends_whoever_tries_it_is_given_up(stage: Stage) -> None:
    trial = await stage.editions.prove((await stage.begun(GOOD)).id, "léa")
    for _ in range(MOST_ATTEMPTS):
        assert await stage.trials.take("a") == trial.id
        stage.time.now += LEASE + timedelta(seconds=1)
    assert await stage.trials.take("a") is None
    assert ((await stage.trials.find(trial.id)).state, await stage.trials.take("b")) == ("failed", None)


async def test_an_erased_message_is_named_by_no_trial(stage: Stage, database: Database) -> None:
    edition = await stage.begun(GOOD)
    trial = await stage.proven(edition)
    assert trial.proof is not None
    gone = trial.proof.fixed[0].id
    assert gone in await stage.trials.quotes(ACCOUNT, [gone])
    await database.write(privacy_remove.remove_lessons, [(ACCOUNT, gone)], NOW)
    left = (await stage.trials.find(trial.id)).proof
    assert left is not None
    assert gone not in {one.id for one in left.fixed}
    assert await stage.trials.quotes(ACCOUNT, [gone]) == {}


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
