"""What a ranking of canned answers is worth, against the answers that a person says a good reply rests on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from evals.account import Account, Case
from evals.retrieval.ways import WAYS, Ranked
from service.learning.paired import mean_interval

DEPTHS = (1, 3, 5)


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over messages with its 95 % interval, by a bootstrap over senders."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} ({self.low:.3f}-{self.high:.3f})"


def figures(cases: Sequence[Case], rankings: Sequence[Sequence[str]]) -> dict[str, Figure]:
    """`recall@k`: the share of messages of which a labelled answer is among the first k; `all@3`: the share of their
    labelled answers that are; `MRR`: the mean of one over the place of the first. At least one case, each labelled."""
    first = np.array([_first(ranked, case) for case, ranked in zip(cases, rankings, strict=True)])
    three = [
        len(set(ranked[:3]) & set(case.confirmed.answers)) / len(set(case.confirmed.answers))
        for case, ranked in zip(cases, rankings, strict=True)
    ]
    values = {f"recall@{depth}": (first <= depth).astype(float) for depth in DEPTHS}
    return {
        name: _figure(found, cases) for name, found in {**values, "MRR": 1 / first, "all@3": np.array(three)}.items()
    }


def _figure(values: Iterable[float], cases: Sequence[Case]) -> Figure:
    found = list(map(float, values))
    interval = mean_interval(found, [case.example.sender_key or case.example.external_id for case in cases])
    return Figure(float(np.mean(found)), interval.low, interval.high)


def _first(ranked: Sequence[str], case: Case) -> float:
    """The place of the first labelled answer, from 1; infinite where none is ranked."""
    places = (at for at, answer in enumerate(ranked, start=1) if answer in case.confirmed.answers)
    return next(places, np.inf)


def table(account: Account, ranked: Sequence[Ranked]) -> str:
    """A line for each group of messages and way; messages without labelled answers are left out."""
    lines = []
    for name, places in _groups(account.cases).items():
        chosen = [account.cases[at] for at in places]
        lines.append(f"{name} ({len(chosen)} messages)")
        for way in WAYS:
            found = figures(chosen, [ranked[at][way] for at in places])
            lines.append(f"  {way:24s}" + "".join(f"  {measure} {figure}" for measure, figure in found.items()))
    return "\n".join(lines)


def _groups(cases: Sequence[Case]) -> dict[str, list[int]]:
    labelled = [at for at, case in enumerate(cases) if case.confirmed.answers]
    names = sorted({cases[at].group for at in labelled}, reverse=True)
    return {
        f"{name}{', unread' if unread else ''}": places
        for name in names
        for unread in (True, False)
        if (places := [at for at in labelled if cases[at].group == name and (cases[at].unread or not unread)])
    }
