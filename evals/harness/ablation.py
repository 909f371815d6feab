"""`eval ablate`: what each step is worth, from the same messages with and without it."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.harness.comparison import compare_pairs
from evals.harness.finishing import finish
from evals.harness.folder import write_text
from evals.harness.order import Measured, Order, Say, measured_by
from evals.harness.predictions import Prediction
from evals.harness.running import predicted, subject_of
from evals.harness.step import Step
from evals.harness.steps import Ground, prepare_whole
from evals.harness.workbench import desk_with, fitting_of
from service.desk.learning.confirmed import ConfirmedMessages
from service.errors import FieldProblem, RefusedError
from service.settings import Settings
from service.wiring import Desk, prepare

FULL, ABLATIONS = "full", "ablations.json"

VERDICTS = {"worse": "helps", "improved": "hurts"}
"""Of a step, from the verdict about the pipeline without it."""


def ablate_order(order: Order, steps: Sequence[Step], settings: Settings, say: Say) -> dict[str, Any]:
    """Points of accuracy that are lost without each step; written, too, with a run's folder for each.

    Raises RefusedError for wrong input.
    """
    measured = measured_by(order, settings, say)
    if settings.engine_in_force == "local" and "model" in steps:
        problem = FieldProblem("--without", "leave `model` out, or give --engine model or cascade")
        raise RefusedError("The local engine has no model to leave out.", (problem,))
    ablation = Ablation(order, measured, settings, say)
    with desk_with(measured.material, measured.history, settings) as desk:
        plain = asyncio.run(ablation.run(desk, [None, *(step for step in steps if step != "clean")]))
    if "clean" in steps:
        with desk_with(measured.material, measured.history, settings, prepare_whole) as desk:
            plain |= asyncio.run(ablation.run(desk, ["clean"]))
    told = _told(plain, steps, settings.engine_in_force)
    write_text(order.out / ABLATIONS, json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    say(f"{order.out}: {ABLATIONS}, and a run's folder for each step.")
    return told


@dataclass(frozen=True, slots=True)
class Ablation:
    """Runs with and without a step, each in a folder of its own and resumable by itself."""

    order: Order
    measured: Measured
    settings: Settings
    say: Say

    async def run(self, desk: Desk, steps: Sequence[Step | None]) -> dict[Step | None, list[Prediction]]:
        """None is the whole pipeline."""
        ground = await self._ground(desk)
        try:
            return {step: await self._predicted(step, ground) for step in steps}
        finally:
            await desk.disconnect()

    async def _ground(self, desk: Desk) -> Ground:
        account = self.measured.material.playbook.account
        lessons = await ConfirmedMessages(desk.database, prepare).list(account)
        library = await desk.answers.list(account)
        return Ground(await desk.shelf.of(account), lessons, library, fitting_of(desk))

    async def _predicted(self, step: Step | None, ground: Ground) -> list[Prediction]:
        self.say("The whole pipeline." if step is None else f"Without {step}.")
        knowledge = ground.knowledge if step is None else ground.without(step)
        folder, way = self.order.out / (step or FULL), f"without {step}" if step else ""
        subject = subject_of(knowledge, self.measured, self.order.split, way)
        at_once = self.settings.model_concurrency
        run, predictions = await predicted(folder, subject, self.measured.dataset, knowledge, at_once, self.say)
        finish(folder, predictions, run, self.measured.material.playbook, self.settings, lambda _: None)
        return predictions


def _told(found: Mapping[Step | None, Sequence[Prediction]], steps: Sequence[Step], engine: str) -> dict[str, Any]:
    full = found[None]
    groups = sorted({one.expected.group for one in full})
    return {
        "n": len(full),
        "engine": engine,
        "accuracy": round(sum(one.correct for one in full) / len(full), 4),
        "steps": {
            step: {
                **worth(full, found[step]),
                "by_file": {name: worth(_of(name, full), _of(name, found[step])) for name in groups},
            }
            for step in steps
        },
    }


def worth(full: Sequence[Prediction], without: Sequence[Prediction]) -> dict[str, Any]:
    """Accuracy that is lost without a step, as a share of the messages, and what that shows."""
    compared = compare_pairs(list(zip(full, without, strict=True)))
    low, high = compared["difference_ci95"]
    return {
        "n": compared["n"],
        "lost": -compared["difference"] + 0.0,
        "lost_ci95": [-high, -low],
        "verdict": VERDICTS.get(compared["verdict"], compared["verdict"]),
        "p_value": compared["p_value"],
        "smallest_difference": compared["smallest_difference"],
        "accuracy_without": compared["figures"]["b"]["accuracy"],
    }


def _of(group: str, predictions: Sequence[Prediction]) -> list[Prediction]:
    return [one for one in predictions if one.expected.group == group]


def in_words(told: Mapping[str, Any]) -> str:
    """A line a step, and one for each of its groups of files."""
    lines = [f"all steps\taccuracy {told['accuracy']} of {told['n']}"]
    for step, found in told["steps"].items():
        parts = found["by_file"] if len(found["by_file"]) > 1 else {}
        lines += [_line(f"without {step}", found), *(_line(f"  {name}", part) for name, part in parts.items())]
    return "\n".join(lines)


def _line(name: str, found: Mapping[str, Any]) -> str:
    low, high = (100 * value for value in found["lost_ci95"])
    return f"{name}\t{100 * found['lost']:+.2f} points lost, 95 % [{low:+.2f}, {high:+.2f}]\t{found['verdict']}"
