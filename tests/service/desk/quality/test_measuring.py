"""Evaluation runs as rows: one at a time, cancelled, interrupted by a death, resumed, removed; on either database."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from service.desk.quality.measuring import LEASE, Measuring
from service.errors import ConflictError, MissingError, RefusedError
from service.storage.database import Database
from tests.service.samples import NOW


class Watch:
    now = NOW

    def __call__(self) -> Any:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def measuring(database: Database, club: str, tmp_path: Path, watch: Watch) -> Measuring:
    assert club

    async def compare(first: Path, second: Path) -> dict[str, Any]:
        return {"verdict": "improved", "of": [first.name, second.name]}

    return Measuring(database, tmp_path, ("local",), compare, watch)


async def test_a_run_is_done_once_by_whoever_takes_it(measuring: Measuring) -> None:
    run = await measuring.want("club", "locked", "local", 50, "Iris")
    taken = await measuring.take("one")
    assert taken is not None
    assert (taken.id, taken.state) == (run.id, "running")
    assert await measuring.take("two") is None
    assert await measuring.renew(run.id, "one", 10, 50)
    assert not await measuring.renew(run.id, "two", 11, 50)
    assert await measuring.end(run.id, "one", "done", {"n": 50, "accuracy": 0.9})
    (done,) = await measuring.list("club")
    assert (done.state, done.done, done.total, done.summary) == ("done", 10, 50, {"n": 50, "accuracy": 0.9})


async def test_a_run_whose_process_died_is_interrupted_and_goes_on_when_somebody_says_so(
    measuring: Measuring, watch: Watch
) -> None:
    run = await measuring.want("club", "locked", "local", None, "Iris")
    await measuring.take("one")
    await measuring.renew(run.id, "one", 7, 50)
    watch.now += LEASE + timedelta(seconds=1)
    assert await measuring.take("two") is None
    assert (await measuring.get("club", run.id)).state == "interrupted"
    assert not await measuring.end(run.id, "one", "done", {"n": 50})
    assert (await measuring.resume("club", run.id, "Iris")).state == "waiting"
    taken = await measuring.take("two")
    assert taken is not None
    assert taken.done == 7


async def test_a_cancelled_run_is_nobodys_and_can_be_removed(measuring: Measuring, tmp_path: Path) -> None:
    run = await measuring.want("club", "all", "local", None, "Iris")
    await measuring.take("one")
    with pytest.raises(ConflictError):
        await measuring.remove("club", run.id, "Iris")
    assert (await measuring.cancel("club", run.id, "Iris")).state == "cancelled"
    assert not await measuring.renew(run.id, "one", 1, 2)
    with pytest.raises(ConflictError):
        await measuring.resume("club", run.id, "Iris")
    (tmp_path / run.id).mkdir()
    await measuring.remove("club", run.id, "Iris")
    assert not (tmp_path / run.id).exists()
    with pytest.raises(MissingError):
        await measuring.get("club", run.id)


async def test_two_runs_that_are_done_are_compared_once_and_a_missing_report_is_said(
    measuring: Measuring, tmp_path: Path
) -> None:
    runs = []
    for _ in range(2):
        run = await measuring.want("club", "locked", "local", None, "Iris")
        await measuring.take("one")
        await measuring.end(run.id, "one", "done", {"n": 1})
        (tmp_path / run.id).mkdir()
        runs.append(run.id)
    found = await measuring.compare("club", *runs)
    assert found == {"verdict": "improved", "of": runs}
    (tmp_path / runs[1] / f"against-{runs[0]}.json").write_text('{"verdict": "kept"}')
    assert await measuring.compare("club", *runs) == {"verdict": "kept"}
    with pytest.raises(RefusedError):
        await measuring.compare("club", runs[0], runs[0])
    with pytest.raises(MissingError):
        await measuring.report("club", runs[0])
    (tmp_path / runs[0] / "report.html").write_text("<p>ok")
    assert await measuring.report("club", runs[0]) == b"<p>ok"
    with pytest.raises(MissingError):
        await measuring.report("autre", runs[0])


async def test_an_engine_without_a_model_is_refused(measuring: Measuring) -> None:
    with pytest.raises(RefusedError):
        await measuring.want("club", "locked", "model", None, "Iris")
