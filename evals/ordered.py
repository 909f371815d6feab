"""A run that the workbench asked for: `python -m evals.ordered`, the order as JSON on its input.

It measures on the account's own confirmed messages. How many these are it writes into the file `total` of the order's
folder `aside`, where everything is that whoever started it removes afterwards. Its last line is JSON: `summary`, or
`error`, a code without any word of a message. Killed, it has left what is predicted so far, from which the same order
goes on.
"""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from evals.harness.comparison import compare_runs
from evals.harness.dataset import Labelled, without
from evals.harness.finishing import finish
from evals.harness.folder import RUN
from evals.harness.order import Measured
from evals.harness.running import predicted, subject_of
from evals.harness.workbench import desk_with, material_of
from service.domain.confirmed import Confirmed
from service.errors import RefusedError
from service.learning.split import content_key, is_locked
from service.log import code_of
from service.settings import Settings

NICENESS = 10
"""Where both want the processor, triage gets nine parts in ten; a run still ends."""
GROUP = "confirmed"
HEADLINE = (
    "n", "accuracy", "accuracy_ci95", "macro_f1", "top3_accuracy", "coverage", "routed_accuracy", "abstained", "ece",
    "drafts", "promise", "latency_ms", "cost_usd", "degraded", "versions",
)  # fmt: skip


def main() -> int:
    order = json.load(sys.stdin)
    try:
        _say(_compared(order) if order["what"] == "compare" else {"summary": run(order)})
    except Exception as error:
        _say({"error": _why(order, error)})
        return 1
    return 0


def run(order: dict[str, Any]) -> dict[str, Any]:
    """The headline figures. Predictions, summary and report are in the order's folder."""
    os.nice(NICENESS)
    tempfile.tempdir = order["aside"]
    settings = Settings.model_validate(order["settings"]).model_copy(update={"engine": order["engine"]})
    material = material_of(settings, order["account"])
    measured = Measured(material, *chosen(material.history, order["split"], order["most"]))
    (Path(order["aside"]) / "total").write_text(str(len(measured.dataset)))
    with desk_with(material, measured.history, settings) as desk:
        summary = asyncio.run(_measured(order, desk, measured, settings))
    return {name: summary[name] for name in HEADLINE if name in summary}


def chosen(history: Sequence[Confirmed], split: str, most: int | None) -> tuple[list[Labelled], list[Confirmed]]:
    """What is measured on, and what is learned: none is in both, and no locked message is learned where a split is
    kept apart. Of more than `most`, those that a digest of their words draws: the same each time."""
    fitting = [one for one in history if split == "all" or is_locked(one.message) == (split == "locked")]
    if not fitting:
        raise RefusedError("No confirmed message is of that split.")
    drawn = sorted(fitting, key=lambda one: sha256(content_key(one.message).encode()).digest())
    dataset = [Labelled(one, GROUP) for one in drawn[:most]]
    left, _ = without(history, dataset)
    return dataset, left if split == "all" else [one for one in left if not is_locked(one.message)]


async def _measured(order: dict[str, Any], desk: Any, measured: Measured, settings: Settings) -> dict[str, Any]:
    folder, playbook = Path(order["folder"]), measured.material.playbook
    knowledge = await desk.shelf.of(playbook.account)
    subject = subject_of(knowledge, measured, order["split"])
    try:
        going = predicted(folder, subject, measured.dataset, knowledge, desk.settings.model_concurrency, _hear)
        begun, predictions = await going
    finally:
        await desk.disconnect()
    return await asyncio.to_thread(finish, folder, predictions, begun, playbook, settings, _hear)


def _compared(order: dict[str, Any]) -> dict[str, Any]:
    return {"comparison": compare_runs(Path(order["first"]), Path(order["second"]), _hear)}


def _why(order: dict[str, Any], error: Exception) -> str:
    if isinstance(error, RefusedError):
        return "changed" if (Path(order.get("folder", "/nowhere")) / RUN).exists() else "nothing"
    return str(code_of(error))


def _hear(_sentence: str) -> None:
    """What the harness tells a terminal; nobody sits at one here."""


def _say(said: dict[str, Any]) -> None:
    print(json.dumps(said, default=str), flush=True)  # noqa: T201 - its only words to the process that watches it


if __name__ == "__main__":
    sys.exit(main())
