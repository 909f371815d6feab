"""`eval run`: a history learned, a dataset predicted, figures and report written."""

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.harness.dataset import Labelled, digest, read_labelled, without
from evals.harness.folder import REPORT, SUMMARY, Run, Session, Subject, begin, write_run, write_text
from evals.harness.predicting import predict
from evals.harness.predictions import PREDICTIONS, Prediction, in_order, kept_predictions
from evals.harness.progress import Progress
from evals.harness.report import render
from evals.harness.summary import summarise
from evals.harness.workbench import Material, desk_with, material_of
from service.domain.confirmed import Confirmed
from service.pipeline.knowledge import Knowledge
from service.settings import Settings
from service.wiring import Desk

Say = Callable[[str], None]
"""Tells the user something, on standard error."""


@dataclass(frozen=True, slots=True)
class Order:
    """What `eval run` is asked for. No `history`: the account's stored one."""

    dataset: Sequence[Path]
    history: Sequence[Path]
    account: str | None
    out: Path


def run_order(order: Order, settings: Settings, say: Say) -> dict[str, Any]:
    """The summary, which is written too, with predictions and report. Raises RefusedError for wrong input."""
    material = material_of(settings, order.account)
    if material.shipped:
        say("The store is empty: measuring the reference account as shipped.")
    dataset = read_labelled(order.dataset, material.playbook)
    history = _history(order, material, dataset, say)
    say(f"Learning from {len(history):,} confirmed messages; measuring on {len(dataset):,}.")
    with desk_with(material, history, settings) as desk:
        run, predictions = asyncio.run(_measure(order, desk, material, dataset, history, say))
    summary = summarise(predictions, run.throughput)
    write_text(order.out / SUMMARY, json.dumps(summary, ensure_ascii=False, indent=2) + "\n")
    write_text(order.out / REPORT, render(summary, predictions, material.playbook, run, settings.prompts))
    if summary["degraded"]:
        say(f"{summary['degraded']:,} messages were answered without the model or the index: see `notes` of each.")
    say(f"{order.out}: {PREDICTIONS}, {SUMMARY}, {REPORT}.")
    return summary


def _history(order: Order, material: Material, dataset: Sequence[Labelled], say: Say) -> list[Confirmed]:
    given = material.history
    if order.history:
        given = [one.confirmed for one in read_labelled(order.history, material.playbook)]
    history, left_out = without(given, dataset)
    if left_out:
        say(f"{left_out:,} messages of the history are in the dataset too: they were left out of the history.")
    return history


async def _measure(
    order: Order, desk: Desk, material: Material, dataset: Sequence[Labelled], history: Sequence[Confirmed], say: Say
) -> tuple[Run, list[Prediction]]:
    knowledge = await desk.shelf.of(material.playbook.account)
    run = begin(order.out, _subject(knowledge, dataset, history))
    done = kept_predictions(order.out)
    known = {str(one.external_id) for one in done}
    left = [one for one in dataset if one.id not in known]
    if done:
        say(f"{len(done):,} of {len(dataset):,} messages are predicted already; going on from there.")
    new: list[Prediction] = []
    began = time.monotonic()
    try:
        await _predict_all(order.out / PREDICTIONS, left, knowledge, desk, new)
    finally:
        if new:
            run = write_run(order.out, run.and_then(Session(n=len(new), seconds=time.monotonic() - began)))
        await desk.disconnect()
    return run, in_order([*done, *new], [one.id for one in dataset])


def _subject(knowledge: Knowledge, dataset: Sequence[Labelled], history: Sequence[Confirmed]) -> Subject:
    return Subject(
        account=knowledge.playbook.account,
        engine=knowledge.engine,
        dataset=digest(one.confirmed for one in dataset),
        history=digest(history),
        versions=knowledge.versions,
    )


async def _predict_all(
    path: Path, left: Sequence[Labelled], knowledge: Knowledge, desk: Desk, new: list[Prediction]
) -> None:
    """Appends to `new`; each prediction is in the file before the next one is waited for."""
    predicting = predict(left, knowledge, desk.settings.model_concurrency)
    with path.open("a", encoding="utf-8") as file, Progress(len(left)) as progress:
        async with aclosing(predicting) as predictions:
            async for one in predictions:
                file.write(f"{one.model_dump_json()}\n")
                file.flush()
                new.append(one.lean())
                progress.advance()
