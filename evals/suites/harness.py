"""The harness's own measurements of the reference account: the learning curve, and what each step is worth."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from evals.harness.ablation import ablate_order
from evals.harness.curve import Stream, told
from evals.harness.order import Order, Say, measured_by
from evals.harness.predictions import kept_predictions
from evals.harness.step import STEPS
from evals.harness.streaming import Pace, baseline_right, stream_order
from evals.suites.figures import Figure, Section
from service.settings import REFERENCE, Settings

PACE = Pace(window=100, every=330, week=None)
"""Learned anew three times: each costs half a minute of processor time. Neighbours are learned at once all the same."""
PLAIN = Pace(window=100, every=None, week=None)
"""Of the baseline, whose fit costs little: the pace of `eval stream`."""


def run(say: Say) -> Iterator[Section]:
    """Of the account as shipped, with the local engine: no store and no model of the user's is touched."""
    files = sorted((REFERENCE / "confirmed").glob("*.jsonl"))
    with TemporaryDirectory(prefix="aiguilleur-suites-") as place:
        settings = Settings(data=Path(place) / "store", database_url="", chroma_url="", model="", engine="local")
        order = Order(files, (), None, Path(place) / "stream")
        stream_order(order, PACE, settings, say)
        yield as_stream(beside_baseline(order, settings, say))
        order = Order(files, (), None, Path(place) / "ablate", "locked")
        steps = [step for step in STEPS if step != "model"]
        yield as_ablation(ablate_order(order, steps, settings, say))


def beside_baseline(order: Order, settings: Settings, say: Say) -> Stream:
    """What a stream predicted, beside a baseline that learns anew more often."""
    found = measured_by(order, settings, say, stored=False)
    dataset = sorted(found.dataset, key=lambda one: one.confirmed.message.received_at)
    plain = baseline_right(found.history, dataset, list(PLAIN.refits(len(found.history), len(dataset))))
    return Stream(dataset, kept_predictions(order.out), plain, PACE.window, PACE.week)


def as_stream(stream: Stream) -> Section:
    refits = list(PACE.refits(0, len(stream.messages)))
    found = told(stream, refits)
    week, right = found["first_week"], np.mean([one.correct for one in stream.predictions])
    figures = [
        Figure("all messages: accuracy", len(stream.messages), float(right), found["baseline_accuracy"]),
        Figure(f"first week, by {week['by']}: accuracy", week["n"], week["accuracy"], week["baseline_accuracy"]),
    ]
    for number, quarter in enumerate(found["quarters"], 1):
        for group, part in quarter.items():
            name = f"quarter {number}, {group}: accuracy"
            figures.append(Figure(name, part["n"], part["accuracy"], part["baseline_accuracy"]))
    notes = [
        f"{who}: {found['window']} messages at {level} "
        + ("never" if at["first"] is None else f"first after {at['first']:,}")
        for level, passes in found["passes"].items()
        for who, at in passes.items()
    ]
    learned = ", ".join(map(str, refits))
    notes.append(f"ours learned anew after {learned} messages; the baseline more often: after 40, then a quarter more")
    return Section("Reference account: predict, then learn, from no history (eval stream)", figures, notes)


def as_ablation(found: Mapping[str, Any]) -> Section:
    notes = []
    for step, worth in found["steps"].items():
        low, high = (100 * value for value in worth["lost_ci95"])
        lost = f"{100 * worth['lost']:+.2f} points lost, 95 % [{low:+.2f}, {high:+.2f}]"
        notes.append(f"without {step}: {lost}, {worth['verdict']}")
    whole = Figure("all steps: accuracy on the locked split", found["n"], found["accuracy"])
    return Section("Reference account: what each step is worth (eval ablate)", [whole], notes)
