"""What a learned version promises of the messages that it routes, and what its history could not support."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from service.domain.playbook import Playbook
from service.learning.learned import Learned

Metrics = dict[str, Any]


def promised(learned: Learned, playbook: Playbook) -> Metrics:
    """For a version's metrics."""
    wanted = playbook.thresholds
    threshold = asdict(learned.threshold)
    return {
        "threshold": threshold.pop("value"),
        **threshold,
        "accepted": {"error": wanted.accepted_error, "missed": wanted.missed, "certainty": wanted.certainty},
        "guards": [asdict(guard) for guard in learned.guards],
    }


def told(metrics: Metrics) -> Iterator[str]:
    """A sentence each: the error, then every queue that must not be missed. Nothing for a version of before."""
    accepted = metrics.get("accepted")
    if not accepted:
        return
    certainly = f"in {accepted['certainty']:.0%} of histories"
    if metrics.get("promised"):
        kept = f"at most {accepted['error']:.1%} wrong of the ordinary mail that is routed, {certainly}"
        yield f"{kept}; of all mail on average, where enough is confirmed: from {metrics['threshold']} on"
    else:
        yield f"too little history to promise {accepted['error']:.1%} wrong: routed from {metrics['threshold']} on"
    for guard in metrics.get("guards", ()):
        limit = f"an advisor reads what is {guard['queue']} with {guard['ceiling']:.2%} or more"
        match guard["support"]:
            case "certain":
                yield f"{guard['queue']}: at most {accepted['missed']:.1%} missed, {certainly}: {limit}"
            case "average":
                yield f"{guard['queue']}: at most {accepted['missed']:.1%} missed on average: {limit}"
            case _:
                few = f"{guard['messages']} messages are too few to promise {accepted['missed']:.1%} missed"
                yield f"{guard['queue']}: {few}, at least {guard['lacking']} more are needed: {limit}"
