"""What a run's drafts are worth: grounded or not, on the right answer, near to what was sent."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from evals.harness.predictions import Prediction
from service.domain.draft import Draft
from service.learning.paired import mean_interval

Figures = dict[str, Any]


def score_drafts(predictions: Sequence[Prediction]) -> Figures:
    """Counts as the contract has them, and shares with their intervals over senders; None where nothing is asked."""
    drafts = [one.draft for one in predictions if one.draft is not None]
    return {
        "drafted": len(drafts),
        "grounded": sum(map(is_grounded, drafts)),
        "findings_open": sum(map(_open, drafts)),
        "placeholders_left": sum(len(draft.placeholders_left) for draft in drafts),
        "findings_by_kind": _by_kind(drafts),
        "right_answer": share(predictions, has_right_answer),
        "asks_covered": share(predictions, asks_covered),
        "chrf": share(predictions, lambda one: one.expected.chrf),
        "characters": _lengths(drafts),
    }


def is_grounded(draft: Draft) -> bool:
    """Its every paragraph names a source, and it leaves no finding open; what merely informs is not open."""
    return all(paragraph.sources for paragraph in draft.paragraphs) and not _open(draft)


def has_right_answer(one: Prediction) -> float | None:
    """1 where a labelled answer is among those that the draft rests on; without a draft 0, without labels None."""
    if not one.expected.answers:
        return None
    return float(one.draft is not None and bool(set(one.draft.answers) & set(one.expected.answers)))


def asks_covered(one: Prediction) -> float | None:
    """Share of what the message asks for that its draft answers, as the Triage says it."""
    if one.draft is None or not one.asks:
        return None
    return sum(bool(ask.answered_by) for ask in one.asks) / len(one.asks)


def share(predictions: Sequence[Prediction], measured: Callable[[Prediction], float | None]) -> Figures | None:
    """Mean and interval over the messages that are measured; None where none is."""
    found = [(value, one.expected.sender) for one in predictions if (value := measured(one)) is not None]
    if not found:
        return None
    return mean_of([value for value, _ in found], [sender for _, sender in found])


def mean_of(values: Sequence[float], senders: Sequence[str]) -> Figures:
    """At least one value, of 0 to 1 each."""
    interval = mean_interval(values, senders)
    return {"n": len(values), "mean": float(np.mean(values)), "ci95": [interval.low, interval.high]}


def _open(draft: Draft) -> int:
    return sum(finding.severity != "info" for finding in draft.findings)


def _by_kind(drafts: Sequence[Draft]) -> dict[str, int]:
    """The most frequent first; those that merely inform are counted too."""
    kinds = Counter(finding.kind for draft in drafts for finding in draft.findings)
    return dict(sorted(kinds.items(), key=lambda item: (-item[1], item[0])))


def _lengths(drafts: Sequence[Draft]) -> Figures | None:
    lengths = [len(draft.body) for draft in drafts]
    return {f"p{percent}": float(np.percentile(lengths, percent)) for percent in (50, 95)} if lengths else None
