"""A run is done by a process of its own: its progress is told, its end is kept, and it ends where nobody wants it."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

from service.desk.quality.measuring import Measuring
from service.domain.measured import EvalRun
from service.measurer import Measurer
from service.storage import accounts, eval_runs
from service.storage.database import Database, Transaction
from service.storage.schema import accounts as accounts_table
from tests.service.samples import NOW

SAYS = """
import json, pathlib, sys, time
order = json.load(sys.stdin)
folder, aside = pathlib.Path(order["folder"]), pathlib.Path(order["aside"])
folder.mkdir(parents=True, exist_ok=True)
(folder / "predictions.jsonl").write_text("{}\\n" * 3)
(aside / "total").write_text("5")
"""
DONE = SAYS + "print(json.dumps({'summary': {'n': 5, 'accuracy': 1.0, 'asked': order['split']}}))"
REFUSED = SAYS + "print(json.dumps({'error': 'nothing'})); sys.exit(1)"
ENDLESS = SAYS + "time.sleep(600)"


@pytest.fixture
def database(tmp_path: Path) -> Any:
    from service.storage.migrate import migrate

    database = Database(f"sqlite:///{tmp_path / 'aiguilleur.db'}")
    migrate(database)

    def known(transaction: Transaction) -> None:
        transaction.execute(accounts_table.insert().values(id="club", label="club", created_at=NOW))

    with database.writing() as transaction:
        known(transaction)
        assert accounts.ids(transaction) == ["club"]
    yield database
    database.close()


async def compare(_first: Path, _second: Path) -> dict[str, Any]:
    return {}


async def until(runs: Measuring, run: EvalRun, *states: str) -> EvalRun:
    """A running one once it is known how many messages there are."""
    for _ in range(6_000):
        now = await runs.get("club", run.id)
        if now.state in states and (now.state != "running" or now.total):
            return now
        await asyncio.sleep(0.02)
    raise AssertionError(f"It is {now.state}.")


@pytest.mark.parametrize(
    ("program", "state", "error"), [(DONE, "done", ""), (REFUSED, "failed", "nothing"), ("1/0", "failed", "ended")]
)
async def test_what_the_process_says_is_what_came_of_the_run(
    database: Database, tmp_path: Path, program: str, state: str, error: str
) -> None:
    runs = Measuring(database, tmp_path / "runs", ("local",), compare)
    run = await runs.want("club", "locked", "local", 5, "Iris")
    measurer = Measurer(runs, {}, poll_s=0.05, look_s=0.05, command=(sys.executable, "-c", program))
    measurer.start()
    ended = await until(runs, run, "done", "failed")
    await measurer.stop()
    assert (ended.state, ended.error) == (state, error)
    if state == "done":
        assert (ended.done, ended.total, ended.summary) == (5, 5, {"n": 5, "accuracy": 1.0, "asked": "locked"})
    assert not (tmp_path / "runs" / f"{run.id}.tmp").exists()


async def test_a_stop_interrupts_and_a_cancel_ends_the_process(database: Database, tmp_path: Path) -> None:
    runs = Measuring(database, tmp_path / "runs", ("local",), compare)
    command = (sys.executable, "-c", ENDLESS)
    run = await runs.want("club", "locked", "local", None, "Iris")
    measurer = Measurer(runs, {}, poll_s=0.05, look_s=0.05, command=command)
    measurer.start()
    running = await until(runs, run, "running")
    assert (running.done, running.total) == (3, 5)
    await measurer.stop()
    assert (await runs.get("club", run.id)).state == "interrupted"
    await runs.resume("club", run.id, "Iris")
    other = Measurer(runs, {}, poll_s=0.05, look_s=0.05, command=command)
    other.start()
    await until(runs, run, "running")
    await runs.cancel("club", run.id, "Iris")
    after = await runs.want("club", "locked", "local", None, "Iris")
    await until(runs, after, "running")  # the first one's process is gone, or it would not be taken
    await other.stop()
    with database.reading() as transaction:
        assert [one.state for one in eval_runs.entries(transaction, "club", 5)] == ["interrupted", "cancelled"]
