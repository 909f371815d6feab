"""Trials of editions: done once, by whoever is there, and kept without what was erased; on either database."""

from datetime import timedelta

import pytest

from service.desk.playbooks.trials import LEASE, MOST_ATTEMPTS
from service.errors import ConflictError
from service.storage import privacy_remove
from service.storage.database import Database
from service.storage.events import history
from tests.service.desk.editing_stage import ACCOUNT, COUNT, GOOD, QUEUE, Stage, stage
from tests.service.samples import NOW

__all__ = ["stage"]


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
