"""Refits as processes of their own, over a small account in a real store."""

import asyncio
import json
import os
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from service.desk.learning.refit import Pace, Refits
from service.refitter import COMMAND, Refitter
from service.settings import Settings
from service.storage.migrate import migrate
from service.wiring import Desk, build_desk
from service.wiring.learning import for_refit
from tests.conftest import DATABASE, GivenSettings
from tests.service.small_account import write_account

T = TypeVar("T")

SLOW = (sys.executable, "-c", "import time; print('started', flush=True); time.sleep(60)")
QUICK = Pace(after=1)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """`petit`, learned once, with a confirmed message that no fit has seen."""
    desk = build_desk(GivenSettings(data=tmp_path / "data"), index=False)
    migrate(desk.database)
    folder = write_account(tmp_path / "petit", "petit")
    await desk.import_folder(folder, by="test")
    await desk.learning.learn("petit", by="test")
    line = {"id": "new-1", "text": "Ma facture de juin est fausse", "queue": "factures"}
    (folder / "confirmed" / "second.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    await desk.import_folder(folder, by="test")
    yield desk
    desk.close()


@asynccontextmanager
async def refitting(desk: Desk, command: tuple[str, ...] = COMMAND) -> AsyncIterator[list[str]]:
    """What came of each refit, in order."""
    seen: list[str] = []
    refitter = Refitter(
        Refits(desk.database, desk.learning, QUICK, lease=timedelta(seconds=60)),
        desk.accounts.list,
        json.dumps(desk.settings.model_dump(mode="json")),
        lambda _account, outcome, _seconds: seen.append(outcome),
        poll_s=0.05,
        command=command,
    )
    refitter.start()
    try:
        yield seen
    finally:
        await refitter.stop()


async def until(there: Callable[[], Sequence[T]]) -> T:
    """The last of what is there, once something is."""
    async with asyncio.timeout(60):
        while not (found := there()):  # noqa: ASYNC110 - what is waited for is another process's
            await asyncio.sleep(0.05)
    return found[-1]


def children() -> list[int]:
    """Slow fits that this process has started and that still run; servers of other tests are none of them."""
    listed = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text()
    return [int(one) for one in listed.split() if SLOW[-1] in _command(one)]


def _command(process: str) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


async def test_what_is_due_is_fitted_by_a_process_of_its_own_and_goes_live(desk: Desk) -> None:
    before = await desk.learning.active_version("petit")
    async with refitting(desk) as seen:
        assert await until(lambda: seen) in {"cannot tell", "no difference shown", "improved"}
    newest, first = await desk.learning.list("petit")
    assert (newest.active, first.version, newest.metrics["examples"]) == (True, before, 9)
    assert newest.metrics["against"] == before
    assert newest.metrics["examined"] == 9
    assert (await desk.learning.state("petit")).changes == 0
    assert (await desk.shelf.of("petit")).versions.classifier == newest.version


async def test_a_fit_that_is_killed_leaves_the_version_in_force_and_its_lessons_waiting(desk: Desk) -> None:
    before, waiting = await desk.learning.active_version("petit"), (await desk.learning.state("petit")).changes
    async with refitting(desk, SLOW) as seen:
        os.kill(await until(children), 9)
        assert await until(lambda: seen) == "failed"
    state = await desk.learning.state("petit")
    assert (state.failures, state.changes, state.leased_by) == (1, waiting, None)
    assert state.outcome == "ended by -9"
    assert await desk.learning.active_version("petit") == before
    told = {check.name: check for check in await desk.health.checks()}
    assert not told["petit: refit"].ok
    assert await desk.health.ready()


async def test_a_corrupted_lesson_is_named_by_the_kind_of_its_error_alone(desk: Desk, tmp_path: Path) -> None:
    before = await desk.learning.active_version("petit")
    with closing(sqlite3.connect(tmp_path / "data" / DATABASE)) as connection, connection:
        connection.execute("UPDATE confirmed SET content = '{\"secret\": 1}' WHERE external_id = 'new-1'")
    async with refitting(desk) as seen:
        assert await until(lambda: seen) == "failed"
    state = await desk.learning.state("petit")
    assert state.outcome.startswith("ValidationError at ")
    assert "secret" not in state.outcome
    assert await desk.learning.active_version("petit") == before


async def test_a_server_that_stops_gives_an_unfinished_refit_back(desk: Desk) -> None:
    waiting = (await desk.learning.state("petit")).changes
    async with refitting(desk, SLOW) as seen:
        await until(children)
    assert children() == []
    state = await desk.learning.state("petit")
    assert (seen, state.leased_by, state.changes, state.failures) == ([], None, waiting, 0)


async def test_a_refit_that_somebody_else_does_is_not_done_twice(desk: Desk) -> None:
    others = Refits(desk.database, desk.learning, QUICK)
    assert await others.take("petit", "elsewhere")
    async with refitting(desk) as seen:
        await asyncio.sleep(0.5)
    assert seen == []


def test_what_the_process_is_given_are_all_settings_but_the_model() -> None:
    settings = GivenSettings(model="openai/x", model_api_key="key", embedder="litellm:y", learn_after=3)
    given = Settings.model_validate_json(for_refit(settings))
    assert (given.model, given.embedder, given.learn_after) == ("", "litellm:y", 3)
    assert given.model_api_key.get_secret_value() == "key"
