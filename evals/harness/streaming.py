"""`eval stream`: predict, then learn, message by message, as an account does that has just begun."""

import asyncio
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evals.baseline import baseline_scores
from evals.harness.curve import Stream, as_csv, told
from evals.harness.dataset import Labelled
from evals.harness.finishing import finish
from evals.harness.folder import Run, Session, begin, write_run, write_text
from evals.harness.order import Measured, Order, Say, measured_by
from evals.harness.predicting import predict_one, warm
from evals.harness.predictions import PREDICTIONS, Prediction, kept_predictions
from evals.harness.progress import Progress
from evals.harness.running import subject_of
from evals.harness.summary import rounded
from evals.harness.workbench import desk_in, learn
from service.desk.learning.confirmed import ConfirmedMessages
from service.domain.confirmed import Confirmed
from service.settings import Settings
from service.wiring import Desk, prepare

CURVE = "curve.csv"
FEWEST, GROWTH = 40, 0.25
"""Learned anew after so many messages, and then whenever there are a quarter more."""


@dataclass(frozen=True, slots=True)
class Pace:
    """`every`: learn anew after so many messages; None: after ever more. The rest as in `Stream`."""

    window: int
    every: int | None
    week: int | None

    def refits(self, known: int, count: int) -> Iterator[int]:
        """After how many of the stream's messages everything is learned anew; `known` were learned beforehand."""
        done = 0
        while True:
            done += self.every or max(FEWEST, round(GROWTH * (known + done)))
            if done >= count:
                return
            yield done


def stream_order(order: Order, pace: Pace, settings: Settings, say: Say) -> dict[str, Any]:
    """The summary, written with predictions, curve and report. Raises RefusedError for wrong input."""
    found = measured_by(order, settings, say, stored=False)
    measured = replace(found, dataset=sorted(found.dataset, key=lambda one: one.confirmed.message.received_at))
    refits = list(pace.refits(len(measured.history), len(measured.dataset)))
    with TemporaryDirectory(prefix="aiguilleur-eval-") as data, desk_in(Path(data), settings, bulk=False) as desk:
        run, predictions = asyncio.run(Streaming(order, desk, measured, refits).run(say))
    say("Fitting the baseline on the same schedule.")
    baseline = baseline_right(measured.history, measured.dataset, refits)
    stream = Stream(measured.dataset, predictions, baseline, pace.window, pace.week)
    write_text(order.out / CURVE, as_csv(stream))
    playbook = measured.material.playbook
    more = {"stream": rounded(told(stream, refits))}
    return finish(order.out, predictions, run, playbook, settings, say, more=more)


class Streaming:
    """One account from its first message on. What an interrupted stream had predicted is learned again, not asked."""

    def __init__(self, order: Order, desk: Desk, measured: Measured, refits: Sequence[int]) -> None:
        self._order = order
        self._desk = desk
        self._measured = measured
        self._refits = set(refits)
        self._account = measured.material.playbook.account
        self._confirmed = ConfirmedMessages(desk.database, prepare)

    async def run(self, say: Say) -> tuple[Run, list[Prediction]]:
        measured, folder = self._measured, self._order.out
        self._learning = await learn(self._desk, measured.material, measured.history)
        knowledge = await self._desk.shelf.of(self._account)
        way = f"stream, learned anew after {','.join(map(str, sorted(self._refits)))}"
        run = begin(folder, subject_of(knowledge, measured, self._order.split, way))
        found = kept_predictions(folder)
        if found:
            say(f"{len(found):,} of {len(measured.dataset):,} messages are predicted already; going on from there.")
            await self._catch_up(len(found))
        new, began = 0, time.monotonic()
        await warm(knowledge)
        try:
            with (
                (folder / PREDICTIONS).open("a", encoding="utf-8") as file,
                Progress(len(measured.dataset)) as progress,
            ):
                progress.advance(len(found))
                for one in measured.dataset[len(found) :]:
                    prediction = await predict_one(one, await self._desk.shelf.of(self._account))
                    file.write(f"{prediction.model_dump_json()}\n")
                    file.flush()
                    found.append(prediction.lean())
                    new += 1
                    await self._learn([one], len(found))
                    progress.advance()
        finally:
            if new:
                run = write_run(folder, run.and_then(Session(n=new, seconds=time.monotonic() - began)))
            await self._desk.disconnect()
        return run, found

    async def _catch_up(self, done: int) -> None:
        """To where an earlier session stopped: learned anew last when it was, and neighbours since."""
        last = max((at for at in self._refits if at <= done), default=0)
        for part, at in ((self._measured.dataset[:last], last), (self._measured.dataset[last:done], 0)):
            if part:
                await self._learn(part, at)

    async def _learn(self, messages: Sequence[Labelled], count: int) -> None:
        """Neighbours at once; everything else where it is time for it."""
        await self._confirmed.import_(self._measured.material.playbook, [one.confirmed for one in messages], by="eval")
        if count in self._refits:
            await self._learning.learn(self._account, by="eval")
            self._desk.shelf.forget()


def baseline_right(history: Sequence[Confirmed], dataset: Sequence[Labelled], refits: Sequence[int]) -> list[bool]:
    """Whether the plain way is right about each message, fitted anew whenever the product is; before it knows two
    queues it names the one it knows."""
    known = [*history, *(one.confirmed for one in dataset)]
    texts = [f"{one.message.subject}\n{one.message.body}" for one in known]
    labels = [one.queue for one in known]
    right: list[bool] = []
    for first, last in zip((0, *refits), (*refits, len(dataset)), strict=True):
        start, end = len(history) + first, len(history) + last
        guesses = _guesses(texts[:start], labels[:start], texts[start:end])
        right += [guess == queue for guess, queue in zip(guesses, labels[start:end], strict=True)]
    return right


def _guesses(texts: Sequence[str], labels: Sequence[str], asked: Sequence[str]) -> list[str]:
    if len(set(labels)) > 2:
        with warnings.catch_warnings():
            warnings.filterwarnings(
                "ignore", "The number of unique classes", UserWarning
            )  # a beginner has few messages
            return [ranked[0] for ranked in baseline_scores(texts, labels, asked)]
    return [max(set(labels), key=labels.count) if labels else ""] * len(asked)
