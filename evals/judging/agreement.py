"""How far a judge agrees with people, and whether that is enough to report what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import Field, ValidationError

from evals.harness.drafts import mean_of
from evals.judging.verdicts import VERDICTS, Draft, Verdict
from service.domain.value import Value
from service.errors import FieldProblem, RefusedError
from service.learning.paired import RESAMPLES, SEED

SHIPPED = Path(__file__).resolve().parent.parent / "judge.yaml"

Counts = NDArray[np.float64]


class Floor(Value):
    """What it takes to report a judge's verdicts (evals/judge.yaml)."""

    least_verdicts: Annotated[int, Field(ge=1)]
    least_kappa: Annotated[float, Field(ge=-1, le=1)]


@dataclass(frozen=True, slots=True)
class Agreement:
    """`n` drafts that both judged; `kappa` None where all verdicts of both are the same one: chance explains it all.

    `confusion`: rows are people's verdicts, columns the judge's, in the order of VERDICTS.
    """

    n: int
    same: float | None
    kappa: float | None
    kappa_ci95: tuple[float, float] | None
    confusion: list[list[int]]


def read_floor(path: Path) -> Floor:
    """Raises RefusedError that names each wrong field."""
    try:
        return Floor.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        wrong = error.errors(include_url=False) if isinstance(error, ValidationError) else ()
        problems = tuple(FieldProblem(".".join(map(str, one["loc"])) or "file", one["msg"]) for one in wrong)
        raise RefusedError(f"{path}: this is no floor; docs/evals.md says what stands in it.", problems) from error


def agreement(people: Mapping[str, Verdict], judge: Mapping[str, Verdict], senders: Mapping[str, str]) -> Agreement:
    """Cohen's kappa (1960, "A coefficient of agreement for nominal scales") with a percentile bootstrap that draws
    whole senders; a resample in which chance explains all agreement counts as none."""
    both = sorted(people.keys() & judge.keys())
    clusters = _by_sender(both, people, judge, senders)
    counts: Counts = clusters.sum(axis=0) if len(clusters) else np.zeros((len(VERDICTS),) * 2)
    kappa = kappa_of(counts)
    return Agreement(
        n=len(both),
        same=float(np.trace(counts) / len(both)) if both else None,
        kappa=kappa,
        kappa_ci95=_interval(clusters) if kappa is not None else None,
        confusion=counts.astype(int).tolist(),
    )


def kappa_of(counts: Counts) -> float | None:
    """Of a table of verdicts; None where it is empty or everything is one verdict."""
    total = counts.sum()
    if not total:
        return None
    chance = float((counts.sum(axis=0) * counts.sum(axis=1)).sum()) / total**2
    return None if chance >= 1 else float((np.trace(counts) / total - chance) / (1 - chance))


def withheld(found: Agreement, needed: Floor) -> str | None:
    """Why the judge's verdicts are no figure of quality; None where they are."""
    if found.n < needed.least_verdicts:
        return f"people have judged {found.n} of these drafts, and it takes {needed.least_verdicts}"
    if found.kappa is None or found.kappa_ci95 is None:
        return "people and judge gave all drafts one verdict: chance alone explains that"
    if found.kappa_ci95[0] < needed.least_kappa:
        low = f"{found.kappa_ci95[0]:.2f}"
        return f"kappa may be as low as {low}, and it takes {needed.least_kappa:g} at least"
    return None


def scores(judged: Mapping[str, Verdict], drafts: Sequence[Draft]) -> dict[str, Any]:
    """Share of each verdict, with its interval over senders."""
    known = [(judged[one.id], one.sender) for one in drafts if one.id in judged]
    senders = [sender for _, sender in known]
    return {verdict: mean_of([float(one == verdict) for one, _ in known], senders) for verdict in VERDICTS}


def as_document(found: Agreement) -> dict[str, Any]:
    return asdict(found)


def _by_sender(
    both: Sequence[str], people: Mapping[str, Verdict], judge: Mapping[str, Verdict], senders: Mapping[str, str]
) -> Counts:
    """A table of verdicts for each sender."""
    order = {sender: at for at, sender in enumerate(sorted({senders[name] for name in both}))}
    counts = np.zeros((len(order), len(VERDICTS), len(VERDICTS)))
    for name in both:
        counts[order[senders[name]], VERDICTS.index(people[name]), VERDICTS.index(judge[name])] += 1
    return counts


def _interval(clusters: Counts) -> tuple[float, float]:
    rng = np.random.default_rng(SEED)
    drawn = (clusters[rng.integers(len(clusters), size=len(clusters))].sum(axis=0) for _ in range(RESAMPLES))
    low, high = np.quantile([kappa_of(counts) or 0.0 for counts in drawn], [0.025, 0.975])
    return float(low), float(high)
