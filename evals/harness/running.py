"""`eval run`: a history learned, a dataset predicted, figures and report written."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

from evals.harness.dataset import Labelled, digest
from evals.harness.finishing import finish
from evals.harness.folder import Run, Session, Subject, begin, write_run
from evals.harness.order import Measured, Order, Say, measured_by
from evals.harness.predicting import predict
from evals.harness.predictions import PREDICTIONS, Prediction, in_order, kept_predictions, read_predictions
from evals.harness.progress import Progress
from evals.harness.workbench import desk_with
from service.learning.split import Split
from service.pipeline.knowledge import Knowledge
from service.settings import Settings
from service.wiring import Desk


def run_order(order: Order, settings: Settings, say: Say, against: Path | None = None) -> dict[str, Any]:
    """The summary, which is written too, with predictions and report. Raises RefusedError for wrong input."""
    if against is not None:
        read_predictions(against)  # lest hours of work end with the news that it is no run
    measured = measured_by(order, settings, say)
    with desk_with(measured.material, measured.history, settings) as desk:
        run, predictions = asyncio.run(_measure(order, desk, measured, say))
    return finish(order.out, predictions, run, measured.material.playbook, settings, say, against=against)


async def _measure(order: Order, desk: Desk, measured: Measured, say: Say) -> tuple[Run, list[Prediction]]:
    knowledge = await desk.shelf.of(measured.material.playbook.account)
    try:
        return await predicted(
            order.out,
            subject_of(knowledge, measured, order.split),
            measured.dataset,
            knowledge,
            desk.settings.model_concurrency,
            say,
        )
    finally:
        await desk.disconnect()


def subject_of(knowledge: Knowledge, measured: Measured, split: Split, way: str = "") -> Subject:
    return Subject(
        account=knowledge.playbook.account,
        engine=knowledge.engine,
        dataset=digest(one.confirmed for one in measured.dataset),
        history=digest(measured.history),
        versions=knowledge.versions,
        split=split,
        way=way,
    )


async def predicted(
    folder: Path, subject: Subject, dataset: Sequence[Labelled], knowledge: Knowledge, concurrency: int, say: Say
) -> tuple[Run, list[Prediction]]:
    """Every message predicted into the folder; those that are there already are kept."""
    run = begin(folder, subject)
    done = kept_predictions(folder)
    known = {str(one.external_id) for one in done}
    left = [one for one in dataset if one.id not in known]
    if done:
        say(f"{len(done):,} of {len(dataset):,} messages are predicted already; going on from there.")
    new: list[Prediction] = []
    began = time.monotonic()
    try:
        await _predict_all(folder / PREDICTIONS, left, knowledge, concurrency, new)
    finally:
        if new:
            run = write_run(folder, run.and_then(Session(n=len(new), seconds=time.monotonic() - began)))
    return run, in_order([*done, *new], [one.id for one in dataset])


async def _predict_all(
    path: Path, left: Sequence[Labelled], knowledge: Knowledge, concurrency: int, new: list[Prediction]
) -> None:
    """Appends to `new`; each prediction is in the file before the next one is waited for."""
    predicting = predict(left, knowledge, concurrency)
    with path.open("a", encoding="utf-8") as file, Progress(len(left)) as progress:
        async with aclosing(predicting) as predictions:
            async for one in predictions:
                file.write(f"{one.model_dump_json()}\n")
                file.flush()
                new.append(one.lean())
                progress.advance()
