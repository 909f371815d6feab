"""The harness's own measurements of the reference account: the learning curve, and what each step is worth."""

from collections.abc import Iterator, Mapping
from math import nan
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evals.account import REFERENCE
from evals.harness.ablation import ablate_order
from evals.harness.order import Order, Say
from evals.harness.step import STEPS
from evals.harness.streaming import Pace, stream_order
from evals.suites.figures import Figure, Section
from service.settings import Settings

PACE = Pace(window=100, every=330, week=None)
"""Learned anew three times: each costs half a minute of processor time. Neighbours are learned at once all the same."""


def run(say: Say) -> Iterator[Section]:
    """Of the account as shipped, with the local engine: no store and no model of the user's is touched."""
    files = sorted((REFERENCE / "confirmed").glob("*.jsonl"))
    with TemporaryDirectory(prefix="aiguilleur-suites-") as place:
        settings = Settings(data=Path(place) / "store", database_url="", chroma_url="", model="", engine="local")
        stream = stream_order(Order(files, (), None, Path(place) / "stream"), PACE, settings, say)
        yield as_stream(stream["stream"], stream["n"])
        order = Order(files, (), None, Path(place) / "ablate", "locked")
        steps = [step for step in STEPS if step != "model"]
        yield as_ablation(ablate_order(order, steps, settings, say))


def as_stream(found: Mapping[str, Any], count: int) -> Section:
    week = found["first_week"]
    first = _or_nan(week["accuracy"]), _or_nan(week["baseline_accuracy"])
    figures = [Figure(f"first week, by {week['by']}: accuracy", week["n"], *first)]
    notes = [
        f"{who}: {found['window']} messages at {level} "
        + ("never" if at["first"] is None else f"first after {at['first']:,}")
        for level, passes in found["passes"].items()
        for who, at in passes.items()
    ]
    notes.append(f"baseline over all {count:,} messages: {found['baseline_accuracy']}")
    return Section("Reference account: predict, then learn, from no history (eval stream)", figures, notes)


def as_ablation(found: Mapping[str, Any]) -> Section:
    notes = []
    for step, worth in found["steps"].items():
        low, high = (100 * value for value in worth["lost_ci95"])
        lost = f"{100 * worth['lost']:+.2f} points lost, 95 % [{low:+.2f}, {high:+.2f}]"
        notes.append(f"without {step}: {lost}, {worth['verdict']}")
    whole = Figure("all steps: accuracy on the locked split", found["n"], found["accuracy"])
    return Section("Reference account: what each step is worth (eval ablate)", [whole], notes)


def _or_nan(value: float | None) -> float:
    return nan if value is None else value
