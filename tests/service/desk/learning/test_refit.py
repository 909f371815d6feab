"""Refits that nobody waits for: when they are due, who does them, and what they may put in force."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from service.desk.learning.confirmed import ConfirmedMessages
from service.desk.learning.exam import Exam
from service.desk.learning.refit import LEASE, Pace, Refits
from service.desk.learning.versions import Fitted, Learning
from service.desk.playbooks.versions import Playbooks
from service.desk.upkeep.health import Health
from service.errors import MissingError
from service.storage.confirmed import Lesson
from service.storage.database import Database
from service.storage.refits import RefitState
from tests.service.samples import NOW, a_confirmed, a_playbook, playbook_files, prepare

PACE = Pace(after=3, wait=timedelta(minutes=10))


class Time:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Teacher:
    """Names a version after what it was fitted from, and knows which messages its twins are right about."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.meanwhile: Any = None
        self.right: set[str] = set()

    def fit(self, _playbook: Any, lessons: Sequence[Lesson], _library: Any) -> Fitted:
        if self.error is not None:
            raise self.error
        if self.meanwhile is not None:
            self.meanwhile()
        name = "-".join([str(len(lessons)), *sorted(self.right)[:1]])
        return Fitted(f"fit-{name}", b"\x00", {"examples": len(lessons)})

    def examine(self, _playbook: Any, lessons: Sequence[Lesson], _library: Any) -> Exam:
        known = [lesson for lesson in lessons if lesson.id.startswith("common")]
        return {one.id: ["facture", "facture" if one.id in self.right else "sinistre", 0.9, True] for one in known}


class Stage:
    """A club with confirmed messages, and a second process that shares nothing but the database."""

    def __init__(self, database: Database, playbooks: Playbooks) -> None:
        self.database = database
        self.playbooks = playbooks
        self.time = Time()
        self.teacher = Teacher()
        self.learning = Learning(database, playbooks, self.teacher.fit, self.time, self.teacher.examine)
        self.refits, self.others = (Refits(database, self.learning, PACE, self.time) for _ in range(2))

    async def confirm(self, *ids: str) -> None:
        new = [a_confirmed(one) for one in ids]
        await ConfirmedMessages(self.database, prepare, self.time).import_(a_playbook(), new, "lea")

    async def refit(self) -> str:
        assert await self.refits.take("club", "here")
        return await self.refits.run("club", "here")

    async def refit_once(self) -> None:
        """So that the version in force has sat its exam, and is not the only one."""
        await self.confirm("new-1", "new-2", "new-3")
        await self.refit()


@pytest.fixture
async def stage(database: Database, playbooks: Playbooks, club: str) -> Stage:
    """`common-0` to `common-59` are learned; the version in force is right about all of them."""
    stage = Stage(database, playbooks)
    await stage.confirm(*(f"common-{n}" for n in range(60)))
    stage.teacher.right = {f"common-{n}" for n in range(60)}
    await stage.learning.learn("club", "lead")
    stage.time.now += timedelta(hours=1)
    return stage


def waiting(changes: int, **known: Any) -> RefitState:
    return RefitState("club", changes, **{"changed_at": NOW} | known)


@pytest.mark.parametrize(
    ("state", "minutes", "due"),
    [
        (waiting(0, changed_at=None), 60, False),
        (waiting(2), 1, False),
        (waiting(3), 1, True),
        (waiting(1), 10, True),
        (waiting(3, held_by="lead"), 60, False),
        (waiting(0, wanted_by="lead", changed_at=None), 0, True),
        (waiting(9, leased_until=NOW + timedelta(minutes=5)), 1, False),
        (waiting(9, leased_until=NOW), 1, True),
        (waiting(9, failures=1, tried_at=NOW), 0.5, False),
        (waiting(9, failures=1, tried_at=NOW), 1, True),
        (waiting(9, failures=9, tried_at=NOW), 59, False),
        (waiting(9, failures=99, tried_at=NOW), 60, True),
    ],
)
def test_a_refit_is_due_after_enough_changes_or_enough_time(state: RefitState, minutes: float, due: bool) -> None:
    assert PACE.due(state, NOW + timedelta(minutes=minutes)) is due


def test_a_pace_of_zero_means_never_unless_somebody_asks() -> None:
    assert not Pace(after=0).due(waiting(99), NOW + timedelta(days=1))
    assert Pace(after=0).due(waiting(0, wanted_by="lead"), NOW)


async def test_a_refit_that_is_not_worse_goes_live_with_its_verdict(stage: Stage) -> None:
    await stage.confirm("new-1", "new-2", "new-3")
    assert await stage.refit() == "cannot tell"
    newest, first = await stage.learning.list("club")
    assert (newest.version, newest.active, first.active) == ("fit-63-common-0", True, False)
    told = newest.metrics
    assert (told["against"], told["tested"], told["won"], told["lost"], told["accuracy"]) == (
        first.version, 60, 0, 0, 1.0,
    )  # fmt: skip
    assert (await stage.learning.state("club")).changes == 0


async def test_a_refit_that_is_worse_is_kept_and_not_put_in_force(stage: Stage) -> None:
    await stage.refit_once()
    in_force = await stage.learning.active_version("club")
    await stage.confirm("new-4", "new-5", "new-6")
    stage.teacher.right = {f"common-{n}" for n in range(50)}
    assert await stage.refit() == "worse"
    assert await stage.learning.active_version("club") == in_force
    (worse,) = [one for one in await stage.learning.list("club") if one.metrics["verdict"] == "worse"]
    assert (worse.active, worse.metrics["lost"], worse.metrics["won"]) == (False, 10, 0)
    assert (await stage.learning.state("club")).outcome == "worse"


async def test_learning_on_purpose_keeps_a_worse_version_out_too_unless_told_otherwise(stage: Stage) -> None:
    await stage.refit_once()
    stage.teacher.right = {"common-1"}
    in_force = await stage.learning.active_version("club")
    refused = await stage.learning.learn("club", "lead")
    assert (refused.active, await stage.learning.active_version("club")) == (False, in_force)
    taken = await stage.learning.learn("club", "lead", anyway=True)
    assert (taken.active, taken.version) == (True, refused.version)


async def test_one_process_refits_while_the_others_stand_by(stage: Stage) -> None:
    await stage.confirm("a", "b", "c")
    taken = await asyncio.gather(*(one.take("club", name) for one, name in ((stage.refits, "x"), (stage.others, "y"))))
    assert sorted(taken) == [False, True]


async def test_a_process_that_died_loses_its_lease_and_its_late_result_counts_for_nothing(stage: Stage) -> None:
    await stage.confirm("a", "b", "c")
    assert await stage.refits.take("club", "dead")
    stage.time.now += LEASE + timedelta(seconds=1)
    assert await stage.others.take("club", "alive")
    versions = await stage.learning.list("club")
    assert await stage.refits.run("club", "dead") == "overtaken"
    assert await stage.learning.list("club") == versions
    assert not await stage.refits.renew("club", "dead")
    assert await stage.others.run("club", "alive") == "cannot tell"


async def test_a_correction_that_comes_in_during_a_fit_waits_for_the_next(stage: Stage) -> None:
    await stage.confirm("a", "b", "c")
    loop = asyncio.get_running_loop()
    stage.teacher.meanwhile = lambda: asyncio.run_coroutine_threadsafe(stage.confirm("d", "e"), loop).result(10)
    await stage.refit()
    state = await stage.learning.state("club")
    assert (state.changes, state.changed_at) == (2, stage.time.now)
    stage.time.now += timedelta(minutes=11)
    stage.teacher.meanwhile = None
    await stage.refit()
    assert await stage.learning.active_version("club") == "fit-65-common-0"


async def test_a_rollback_holds_until_somebody_learns_on_purpose(stage: Stage) -> None:
    await stage.refit_once()
    _, first = await stage.learning.list("club")
    await stage.learning.activate("club", first.version, "sam")
    await stage.confirm("a", "b", "c", "d")
    stage.time.now += timedelta(days=3)
    assert not await stage.refits.take("club", "here")
    assert await stage.learning.active_version("club") == first.version
    (check,) = [one for one in await Health(stage.database).checks() if one.name == "club: refit"]
    assert check.ok
    assert "sam holds" in check.detail
    await stage.learning.learn("club", "lead")
    assert await stage.learning.active_version("club") != first.version
    await stage.confirm("e", "f", "g")
    assert await stage.refits.take("club", "here")


async def test_a_rollback_during_a_fit_is_not_undone_by_it(stage: Stage) -> None:
    await stage.refit_once()
    _, first = await stage.learning.list("club")
    await stage.confirm("a", "b", "c")
    loop = asyncio.get_running_loop()
    roll_back = stage.learning.activate("club", first.version, "sam")
    stage.teacher.meanwhile = lambda: asyncio.run_coroutine_threadsafe(roll_back, loop).result(10)
    assert await stage.refit() == "held"
    assert await stage.learning.active_version("club") == first.version


async def test_a_playbook_that_is_put_in_force_during_a_fit_makes_it_void(stage: Stage) -> None:
    await stage.confirm("a", "b", "c")
    before = await stage.learning.active_version("club")
    loop = asyncio.get_running_loop()
    changed = stage.playbooks.import_(playbook_files(version="v2"), "lead")
    stage.teacher.meanwhile = lambda: asyncio.run_coroutine_threadsafe(changed, loop).result(10)
    assert await stage.refit() == "overtaken"
    assert await stage.learning.active_version("club") == before
    assert (await stage.learning.state("club")).changes == 3


async def test_what_was_learned_for_another_playbook_is_replaced_without_a_comparison(stage: Stage) -> None:
    assert (await stage.learning.learn("club", "lead")).metrics["verdict"] == "first"  # the same version again
    await stage.playbooks.import_(playbook_files(version="v2"), "lead")
    await stage.confirm("a")
    learned = await stage.learning.learn("club", "lead")
    assert (learned.metrics["verdict"], learned.active) == ("another playbook", True)


async def test_a_refit_that_fails_leaves_the_version_in_force_and_the_doctor_tells(stage: Stage) -> None:
    before = await stage.learning.active_version("club")
    await stage.confirm("a", "b", "c")
    stage.teacher.error = ValueError("broken")
    assert await stage.refits.take("club", "here")
    with pytest.raises(ValueError, match="broken"):
        await stage.refits.run("club", "here")
    await stage.refits.fail("club", "here", "ValueError at fit.py:7")
    assert await stage.learning.active_version("club") == before
    (check,) = [one for one in await Health(stage.database).checks() if one.name == "club: refit"]
    assert (check.ok, check.required) == (False, False)
    assert "failed: ValueError at fit.py:7" in check.detail
    assert not await stage.refits.take("club", "here")
    stage.teacher.error = None
    stage.time.now += timedelta(minutes=2)
    assert await stage.refit() == "cannot tell"
    (check,) = [one for one in await Health(stage.database).checks() if one.name == "club: refit"]
    assert check.ok


async def test_somebody_may_ask_for_a_refit_and_ends_a_hold_by_it(stage: Stage) -> None:
    await stage.refit_once()
    _, first = await stage.learning.list("club")
    await stage.learning.activate("club", first.version, "sam")
    await stage.learning.want("club", "lead")
    assert await stage.refit() == "cannot tell"
    assert await stage.learning.active_version("club") != first.version


async def test_a_version_that_is_not_there_cannot_be_brought_back(stage: Stage) -> None:
    with pytest.raises(MissingError):
        await stage.learning.activate("club", "fit-9", "sam")


async def test_the_last_ten_versions_are_kept_beside_the_one_in_force(stage: Stage) -> None:
    """A version that comes of the same data once more is in force, however old it is."""

    async def learn(name: str) -> list[str]:
        stage.time.now += timedelta(minutes=1)
        stage.teacher.right = {name}
        await stage.learning.learn("club", "lead", anyway=True)
        return [one.version for one in await stage.learning.list("club")]

    names = [f"fit-60-{name}" for name in "abcdefghijklm"]
    for name in "abcdefghijklm":
        kept = await learn(name)
    assert kept == names[:-13:-1]  # the one in force until then is kept too
    await stage.learning.activate("club", names[2], "sam")
    assert names[2] in await learn("n")
    assert names[2] in await learn("c")
    assert await stage.learning.active_version("club") == names[2]
