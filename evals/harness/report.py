"""`report.html`: one page that works offline, for the people who answer for quality."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from evals.harness.calibration import reliability
from evals.harness.charts import curve_chart, fifths, reliability_chart, risk_chart
from evals.harness.folder import Run
from evals.harness.predictions import Prediction
from evals.harness.promises import missed_of, promise_of
from service.domain.playbook import Playbook
from service.yaml_file import read_yaml

FOLDER, TEMPLATE, FIRST_LANGUAGE = "reports", "report.html.j2", "fr"
WORST, SHOWN = 6, 4
NONE = "–"
NARROW = "\u202f"


@dataclass(frozen=True, slots=True)
class WorstQueue:
    """A queue with the most messages that went elsewhere; `shown` are those of which the run was surest."""

    id: str
    wrong: int
    n: int
    shown: tuple[Prediction, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A queue's line of the confusion matrix: how many of its messages went to each queue, in order."""

    id: str
    counts: tuple[int, ...]

    @property
    def n(self) -> int:
        return sum(self.counts)


def render(
    summary: Mapping[str, Any],
    predictions: Sequence[Prediction],
    playbook: Playbook,
    run: Run,
    prompts: Path,
    against: Mapping[str, Any] | None = None,
) -> str:
    """The page in the account's language where there are words for it, else in French.

    `against`: a comparison of another run with this one (`evals.harness.comparison`).
    """
    folder = prompts / FOLDER
    language = playbook.language if (folder / f"report.{playbook.language}.yaml").exists() else FIRST_LANGUAGE
    confidence = np.array([one.confidence for one in predictions])
    bins = reliability(confidence, np.array([one.correct for one in predictions]))
    labels = {queue.id: queue.label for queue in playbook.queues}
    return (
        _environment(folder, language)
        .get_template(TEMPLATE)
        .render(
            words=words(folder, language),
            language=language,
            summary=summary,
            playbook=playbook,
            run=run,
            made_at=max(one.created_at for one in predictions),
            promise=promise_of(predictions, playbook.thresholds.accepted_error),
            missed=missed_of(predictions, playbook),
            risk=risk_chart(dict(summary), playbook.thresholds.accepted_error),
            bars=reliability_chart(bins),
            fifths=fifths(),
            matrix=matrix(predictions, labels),
            worst=worst_queues(predictions),
            curve=curve_chart(summary["stream"]) if "stream" in summary else None,
            against=against,
            said={one.external_id: one.expected for one in predictions},
            label=lambda queue: labels.get(queue, queue) or NONE,
        )
    )


@lru_cache(maxsize=4)
def words(folder: Path, language: str) -> dict[str, Any]:
    """The page's words, by section and name."""
    found: dict[str, Any] = read_yaml(folder / f"report.{language}.yaml")
    return found


def matrix(predictions: Sequence[Prediction], labels: Mapping[str, str]) -> list[Row]:
    """Every queue that is expected or predicted, in the playbook's order. A message without a guess is in no cell."""
    seen = {one.expected.queue for one in predictions} | {one.guess for one in predictions if one.guess}
    order = [queue for queue in labels if queue in seen]
    place = {queue: at for at, queue in enumerate(order)}
    counts = np.zeros((len(order), len(order)), dtype=int)
    for one in predictions:
        if one.guess in place and one.expected.queue in place:
            counts[place[one.expected.queue], place[one.guess]] += 1
    return [Row(queue, tuple(map(int, counts[at]))) for at, queue in enumerate(order)]


def worst_queues(predictions: Sequence[Prediction]) -> list[WorstQueue]:
    """Those with the most wrong messages first; none that has no wrong message."""
    found = []
    for queue in sorted({one.expected.queue for one in predictions}):
        own = [one for one in predictions if one.expected.queue == queue]
        wrong = sorted(
            (one for one in own if not one.correct), key=lambda one: (-one.confidence, one.external_id or "")
        )
        if wrong:
            found.append(WorstQueue(queue, len(wrong), len(own), tuple(wrong[:SHOWN])))
    return sorted(found, key=lambda one: (-one.wrong, one.n))[:WORST]


@lru_cache(maxsize=4)
def _environment(folder: Path, language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    comma = language == FIRST_LANGUAGE
    space = NARROW if comma else ""

    def number(value: float | None, places: int = 0) -> str:
        if value is None:
            return NONE
        text = f"{value:,.{places}f}"
        return text.replace(",", NARROW).replace(".", ",") if comma else text

    def percent(value: float | None, places: int = 1) -> str:
        return NONE if value is None else f"{number(100 * value, places)}{space}%"

    environment.filters.update(number=number, percent=percent)
    return environment
