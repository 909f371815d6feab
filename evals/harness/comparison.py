"""`eval compare`: whether one run is better than another on the messages that both hold."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evals.harness.drafts import asks_covered, has_right_answer, score_drafts
from evals.harness.folder import SUMMARY
from evals.harness.predictions import Prediction, read_predictions
from evals.harness.summary import headline
from service.errors import FieldProblem, RefusedError
from service.learning.paired import ALPHA, POWER, compare, mean_interval

METHOD = (
    "McNemar's exact test; 95 % percentile bootstrap clustered by sender; smallest difference by Connor (1987) "
    f"for power {POWER} and alpha {ALPHA}, the number of messages divided by the design effect of senders"
)

Pair = tuple[Prediction, Prediction]
Measure = Callable[[Prediction], float | None]

DRAFTS: dict[str, Measure] = {
    "right_answer": has_right_answer,
    "asks_covered": asks_covered,
    "chrf": lambda one: one.expected.chrf,
}
"""What of drafts is compared message by message (evals/harness/drafts.py)."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Turned:
    """A message that one run had right and the other wrong."""

    external_id: str | None
    queue: str
    a: str
    b: str


def compare_runs(run_a: Path, run_b: Path, say: Say) -> dict[str, Any]:
    """Raises RefusedError where a folder is no run, or the runs have no message in common."""
    a, b = read_predictions(run_a), read_predictions(run_b)
    pairs = _paired(a, b)
    if not pairs:
        problem = FieldProblem("RUN_B", "give two runs of the same dataset")
        raise RefusedError(f"{run_a} and {run_b} have no message in common.", (problem,))
    alone = len(a) + len(b) - 2 * len(pairs)
    if alone:
        say(f"{alone:,} predictions are left out: the other run does not hold their message with the same labels.")
    for run in (run_a, run_b):
        if not (run / SUMMARY).is_file():
            say(f"{run}: this run did not come to its end; only the messages that it predicted are compared.")
    return {"a": str(run_a), "b": str(run_b), "left_out": alone, **compare_pairs(pairs)}


def differs(a: Prediction, b: Prediction) -> list[dict[str, str | None]]:
    """What two runs were made with that is not the same: the engine, and of the versions what changed."""
    was, now = ({"engine": one.engine, **one.versions.model_dump(mode="json")} for one in (a, b))
    return [{"name": name, "a": was[name], "b": now[name]} for name in was if was[name] != now[name]]


def compare_pairs(pairs: Sequence[Pair]) -> dict[str, Any]:
    """At least one pair. Every figure is B's against A's; shares, not points."""
    won = [_turned(pair) for pair in pairs if pair[1].correct > pair[0].correct]
    lost = [_turned(pair) for pair in pairs if pair[1].correct < pair[0].correct]
    found = compare(
        [bool(a.correct) for a, _ in pairs], [bool(b.correct) for _, b in pairs], [a.expected.sender for a, _ in pairs]
    )
    return {
        "verdict": found.verdict,
        "n": found.n,
        "difference": round(found.difference, 6),
        "difference_ci95": [round(found.interval.low, 6), round(found.interval.high, 6)],
        "p_value": float(f"{found.p:.6g}"),
        "smallest_difference": round(found.smallest, 6),
        "design_effect": round(found.effect, 4),
        "method": METHOD,
        "differs": differs(*pairs[0]),
        "drafts": {name: _drafted(pairs, measured) for name, measured in DRAFTS.items()},
        "figures": {"a": _figures([a for a, _ in pairs]), "b": _figures([b for _, b in pairs])},
        "won": [asdict(one) for one in won],
        "lost": [asdict(one) for one in lost],
    }


def _paired(a: Sequence[Prediction], b: Sequence[Prediction]) -> list[Pair]:
    """The same message by id and content, with the same labels."""
    known = {_key(one): one for one in b}
    return [(one, known[_key(one)]) for one in a if _key(one) in known]


def _key(one: Prediction) -> tuple[str | None, str, str]:
    return one.external_id, one.message_hash, one.expected.queue


def _turned(pair: Pair) -> Turned:
    a, b = pair
    return Turned(a.external_id, a.expected.queue, a.guess, b.guess)


def _figures(predictions: Sequence[Prediction]) -> dict[str, Any]:
    found = headline(predictions)
    names = ("accuracy", "top3_accuracy", "coverage", "routed_accuracy", "ece")
    drafts = score_drafts(predictions)
    told = {name: found[name] for name in names}
    told |= {"drafted": drafts["drafted"] / len(predictions), "grounded": drafts["grounded"] / len(predictions)}
    told |= {name: drafts[name] and drafts[name]["mean"] for name in DRAFTS}
    return {name: None if value is None else round(value, 4) for name, value in told.items()}


def _drafted(pairs: Sequence[Pair], measured: Measure) -> dict[str, Any] | None:
    """B's against A's, over the messages that it is measured on in both; None where there are none."""
    both = [(measured(a), measured(b), a.expected.sender) for a, b in pairs]
    found = [(after - before, sender) for before, after, sender in both if before is not None and after is not None]
    if not found:
        return None
    differences, senders = [one for one, _ in found], [sender for _, sender in found]
    interval = mean_interval(differences, senders, lowest=-1.0)
    return {
        "n": len(found),
        "difference": round(sum(differences) / len(differences), 6),
        "difference_ci95": [round(interval.low, 6), round(interval.high, 6)],
    }


def in_words(comparison: dict[str, Any]) -> str:
    low, high = comparison["difference_ci95"]
    lines = [
        f"{comparison['verdict']}: {comparison['b']} against {comparison['a']}, {comparison['n']:,} messages",
        f"accuracy {100 * comparison['difference']:+.2f} points, 95 % [{100 * low:+.2f}, {100 * high:+.2f}], "
        f"McNemar p = {comparison['p_value']:.3g}; {len(comparison['won'])} won, {len(comparison['lost'])} lost",
        f"smallest difference that this data could have shown: {100 * comparison['smallest_difference']:.2f} points",
        f"{'':16s}{'A':>10s}{'B':>10s}",
    ]
    lines[3:3] = [_drafts_in_words(name, one) for name, one in comparison["drafts"].items() if one]
    a, b = comparison["figures"]["a"], comparison["figures"]["b"]
    lines += [f"{name:16s}{_number(a[name]):>10s}{_number(b[name]):>10s}" for name in a]
    lines += [f"differs\t{one['name']}\t{one['a'] or '-'} -> {one['b'] or '-'}" for one in comparison["differs"]]
    for kind in ("won", "lost"):
        lines += [f"{kind}\t{one['external_id']}\t{one['queue']}\t{one['a']} -> {one['b']}" for one in comparison[kind]]
    return "\n".join(lines)


def _drafts_in_words(name: str, one: dict[str, Any]) -> str:
    low, high = (100 * bound for bound in one["difference_ci95"])
    return f"{name} {100 * one['difference']:+.2f} points, 95 % [{low:+.2f}, {high:+.2f}], {one['n']:,} messages"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"
