"""Evaluation runs of the workbench: asked for, watched, ended, compared, removed. What measures is another process."""

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from service.desk.clock import Clock, utc_now
from service.domain.event import EventKind
from service.domain.measured import EvalRun, RunEngine, RunSplit, RunState
from service.errors import ConflictError, FieldProblem, MissingError, RefusedError, UnavailableError
from service.storage import eval_runs
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record
from service.storage.ids import new_id

LEASE = timedelta(seconds=60)
LISTED = 50
REPORT = "report.html"

Compare = Callable[[Path, Path], Awaitable[dict[str, Any]]]
"""The paired comparison of two runs' folders. Raises UnavailableError."""


class Measuring:
    """`folder` holds a folder of each run. `engines` are those that the settings allow."""

    def __init__(
        self,
        database: Database,
        folder: Path,
        engines: Sequence[RunEngine],
        compare: Compare,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._folder = folder
        self.engines = tuple(engines)
        self._compare = compare
        self._clock = clock

    def folder_of(self, run_id: str) -> Path:
        return self._folder / run_id

    async def want(self, account: str, split: RunSplit, engine: RunEngine, most: int | None, by: str) -> EvalRun:
        """Asks for a run; it begins as soon as none is under way. Raises RefusedError for an engine without a model."""
        if engine not in self.engines:
            problem = FieldProblem("engine", "set AIGUILLEUR_MODEL, or choose the local engine", "no_model")
            raise RefusedError(f"The engine {engine} needs a model.", (problem,))
        run = EvalRun(
            id=new_id(), account=account, split=split, engine=engine, most=most, by=by, created_at=self._clock()
        )
        return await self._database.write(_want, run)

    async def list(self, account: str, cursor: str | None = None) -> list[EvalRun]:
        """Newest first, a page of them."""
        return await self._database.read(eval_runs.entries, account, LISTED, cursor)

    async def get(self, account: str, run_id: str) -> EvalRun:
        """Raises MissingError."""
        return await self._database.read(_found, account, run_id)

    async def cancel(self, account: str, run_id: str, by: str) -> EvalRun:
        """It ends within seconds, and does not go on. Raises MissingError, ConflictError where it has ended."""
        stoppable: tuple[RunState, ...] = ("waiting", "running", "interrupted")
        now = self._clock()
        return await self._database.write(_turn, account, run_id, stoppable, "cancelled", "run_cancelled", by, now)

    async def resume(self, account: str, run_id: str, by: str) -> EvalRun:
        """It goes on where it stopped. Raises MissingError, ConflictError where it was not interrupted."""
        stopped: tuple[RunState, ...] = ("interrupted", "failed")
        return await self._database.write(_turn, account, run_id, stopped, "waiting", "run_resumed", by, self._clock())

    async def remove(self, account: str, run_id: str, by: str) -> None:
        """With its files. Raises MissingError, ConflictError while it is under way."""
        await self._database.write(_remove, account, run_id, by, self._clock())
        await asyncio.to_thread(shutil.rmtree, self.folder_of(run_id), ignore_errors=True)

    async def report(self, account: str, run_id: str) -> bytes:
        """Its page, as `eval run` wrote it. Raises MissingError where it is not on this machine, or was erased."""
        run = await self.get(account, run_id)
        path = self.folder_of(run.id) / REPORT
        try:
            return await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            problem = FieldProblem("id", "look on the machine that measured, or measure again", "no_report")
            raise MissingError("The report is not here.", (problem,)) from error

    async def compare(self, account: str, first: str, second: str) -> dict[str, Any]:
        """The second against the first, message by message; made once. Raises MissingError, RefusedError where they
        cannot be compared."""
        runs = [await self.get(account, run_id) for run_id in (first, second)]
        if first == second or any(run.state != "done" for run in runs):
            problem = FieldProblem("second", "choose two runs that are done", "two_runs")
            raise RefusedError("Two runs that are done are compared.", (problem,))
        kept = self.folder_of(second) / f"against-{first}.json"
        if kept.exists():
            known: dict[str, Any] = json.loads(await asyncio.to_thread(kept.read_text, "utf-8"))
            return known
        try:
            found = await self._compare(self.folder_of(first), self.folder_of(second))
        except UnavailableError as error:
            problem = FieldProblem("second", "choose two runs of the same messages", "incomparable")
            raise RefusedError("These runs cannot be compared.", (problem,)) from error
        await asyncio.to_thread(kept.write_text, json.dumps(found), "utf-8")
        return found

    async def take(self, holder: str) -> EvalRun | None:
        """The run that is next, now this holder's; those whose holder is dead are marked as interrupted."""
        return await self._database.write(_take, holder, self._clock())

    async def renew(self, run_id: str, holder: str, done: int, total: int) -> bool:
        """False where it was cancelled, or is somebody else's by now."""
        said = {"done": done, "total": total, "leased_until": self._clock() + LEASE}
        return await self._database.write(_held, run_id, holder, said)

    async def end(
        self, run_id: str, holder: str, state: RunState, summary: dict[str, Any] | None = None, error: str = ""
    ) -> bool:
        """What came of it. False where it is not this holder's any more."""
        said: dict[str, Any] = {"state": state, "summary": summary, "error": error, "ended_at": self._clock()}
        return await self._database.write(_held, run_id, holder, said | {"leased_by": None, "leased_until": None})


def _want(transaction: Transaction, run: EvalRun) -> EvalRun:
    eval_runs.add(transaction, run)
    after = {"split": run.split, "engine": run.engine, "most": run.most}
    record(transaction, new_event("run_wanted", run.id, run.created_at, run.account, run.by, after=after))
    return run


def _found(transaction: Transaction, account: str, run_id: str) -> EvalRun:
    run = eval_runs.find(transaction, run_id)
    if run is None or run.account != account:
        problem = FieldProblem("id", "give the id of one of the list of runs", "no_such_run")
        raise MissingError("There is no such run.", (problem,))
    return run


def _turn(
    transaction: Transaction,
    account: str,
    run_id: str,
    allowed: Sequence[RunState],
    state: RunState,
    kind: EventKind,
    by: str,
    now: datetime,
) -> EvalRun:
    run = _found(transaction, account, run_id)
    if run.state not in allowed:
        problem = FieldProblem("id", "look at the run again", "run_ended")
        raise ConflictError(f"The run is {run.state}.", (problem,))
    ended = now if state == "cancelled" else None
    eval_runs.change(transaction, run_id, state=state, ended_at=ended, leased_by=None, leased_until=None)
    before, after = {"state": run.state}, {"state": state}
    record(transaction, new_event(kind, run_id, now, account, by, before, after))
    return _found(transaction, account, run_id)


def _remove(transaction: Transaction, account: str, run_id: str, by: str, now: datetime) -> None:
    run = _found(transaction, account, run_id)
    if run.under_way:
        problem = FieldProblem("id", "cancel it first", "run_under_way")
        raise ConflictError("The run is under way.", (problem,))
    eval_runs.remove(transaction, run_id)
    before = {"state": run.state, "split": run.split, "engine": run.engine}
    record(transaction, new_event("run_removed", run_id, now, account, by, before=before))


def _take(transaction: Transaction, holder: str, now: datetime) -> EvalRun | None:
    eval_runs.interrupt_dead(transaction, now)
    for run_id in eval_runs.waiting(transaction):
        if eval_runs.lease(transaction, run_id, holder, now, LEASE):
            return eval_runs.find(transaction, run_id)
    return None


def _held(transaction: Transaction, run_id: str, holder: str, said: dict[str, Any]) -> bool:
    return eval_runs.held(transaction, run_id, holder, **said)
