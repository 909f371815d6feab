"""Does the evaluation runs that people ask for: a process of low priority measures, this one watches it."""

import asyncio
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from service.connectors.apart import run_apart
from service.desk.quality.measuring import Measuring
from service.domain.measured import EvalRun
from service.errors import UnavailableError
from service.log import Said, code, log
from service.rounds import Rounds

COMMAND = (sys.executable, "-m", "evals.ordered")
"""Takes an order as JSON on its input; its last line is JSON too."""

LOOK_S = 2.0
"""How often it is looked how far a run is, and whether it was cancelled."""
PREDICTIONS, TOTAL = "predictions.jsonl", "total"


class Measurer(Rounds):
    """Looks every `poll_s` seconds whether a run is wanted, and does one at a time. Runs inside `serve` and `worker`.

    When the service stops, the run is interrupted: what is predicted is kept, and it goes on when a person says so.
    """

    def __init__(
        self,
        runs: Measuring,
        settings: dict[str, Any],
        poll_s: float = 5.0,
        look_s: float = LOOK_S,
        command: Sequence[str] = COMMAND,
    ) -> None:
        super().__init__("measurer", Said.RUNS_BLIND, poll_s)
        self._runs = runs
        self._settings = settings
        self._look_s = look_s
        self._command = tuple(command)

    async def look(self) -> None:
        while (run := await self._runs.take(self.name)) is not None:
            await self._measure(run)

    async def _measure(self, run: EvalRun) -> None:
        folder = self._runs.folder_of(run.id)
        aside = folder.with_name(f"{run.id}.tmp")
        await asyncio.to_thread(aside.mkdir, parents=True, exist_ok=True)
        asked = {"account": run.account, "split": run.split, "engine": run.engine, "most": run.most}
        order = {"what": "run", "settings": self._settings, "folder": str(folder), "aside": str(aside)} | asked

        async def renewed() -> bool:
            done, total = await asyncio.to_thread(_progress, folder / PREDICTIONS, aside / TOTAL)
            return await self._runs.renew(run.id, self.name, done, total or run.total)

        try:
            _, line = await run_apart(self._command, json.dumps(order).encode(), renewed, self._look_s)
            await self._conclude(run, _said(line))
        except asyncio.CancelledError:
            await asyncio.shield(self._runs.end(run.id, self.name, "interrupted"))
            raise
        finally:
            shutil.rmtree(aside, ignore_errors=True)  # a few files, and nobody who is cancelled can wait for a thread

    async def _conclude(self, run: EvalRun, said: dict[str, Any]) -> None:
        if "summary" in said:
            measured = int(said["summary"]["n"])
            await self._runs.renew(run.id, self.name, measured, measured)
            await self._runs.end(run.id, self.name, "done", said["summary"])
        else:
            why = str(said.get("error", "ended"))
            if await self._runs.end(run.id, self.name, "failed", error=why):
                log(Said.RUN_FAILED, account=code(run.account), cause=code(why))


async def compare_apart(settings: dict[str, Any], first: Path, second: Path) -> dict[str, Any]:
    """The paired comparison of two runs, by a process of its own. Raises UnavailableError."""
    order = {"what": "compare", "settings": settings, "first": str(first), "second": str(second)}
    _, line = await run_apart(COMMAND, json.dumps(order).encode(), _always, LOOK_S)
    said = _said(line)
    if "comparison" not in said:
        raise UnavailableError(f"The runs cannot be compared ({said.get('error', 'ended')}).")
    found: dict[str, Any] = said["comparison"]
    return found


async def _always() -> bool:
    return True


def _said(line: str) -> dict[str, Any]:
    try:
        said: dict[str, Any] = json.loads(line)
    except ValueError:
        return {}
    return said


def _progress(predictions: Path, total: Path) -> tuple[int, int]:
    """How many messages are predicted, and of how many, 0 while that is not known."""
    try:
        count = int(total.read_text())
    except (OSError, ValueError):
        count = 0
    return _lines_in(predictions), count


def _lines_in(path: Path) -> int:
    try:
        with path.open("rb") as file:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
    except OSError:
        return 0
