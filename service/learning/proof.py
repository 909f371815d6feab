"""Two replays of the same messages compared: what an edition of a playbook is judged by."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from service.domain.playbook import Playbook
from service.domain.proof import Contrast, Gate, Gates, Proof, QueueRecall, Side, Turned
from service.learning.paired import compare
from service.learning.promise import error_bound
from service.learning.replay import Replayed

WORSE = "worse"
BINS = 15
"""Equally wide bins of the expected calibration error (Guo et al., ICML 2017)."""
GONE = ""
"""What is guessed of a message whose queue only one of the playbooks has."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A message under the playbook in force, and under the edition. `sender` names who is behind it."""

    before: Replayed
    after: Replayed
    sender: str
    locked: bool

    @property
    def won(self) -> bool:
        return not right(self.before) and right(self.after)

    @property
    def lost(self) -> bool:
        return right(self.before) and not right(self.after)


def right(one: Replayed) -> bool:
    return one.queue == one.guess


def paired(
    before: Sequence[Replayed], after: Sequence[Replayed], senders: Mapping[str, str], locked: frozenset[str]
) -> list[Pair]:
    """One a message, in order of external id. A message of a queue that only one playbook has was missed by the other:
    where the queue was added, or taken out."""
    first, second = ({one.external_id: one for one in side} for side in (before, after))
    names = sorted(first.keys() | second.keys())
    return [
        Pair(
            first.get(name) or _missed(second[name]),
            second.get(name) or _missed(first[name]),
            senders.get(name) or name,
            name in locked,
        )
        for name in names
    ]


def _missed(other: Replayed) -> Replayed:
    return Replayed(other.external_id, other.queue, GONE, 0.0, routed=False)


def prove(pairs: Sequence[Pair], playbook: Playbook, gates: Gates) -> Proof:
    """`playbook` is the edition's."""
    seen, kept = [one for one in pairs if not one.locked], [one for one in pairs if one.locked]
    history, suite = contrast(seen), contrast(kept)
    recalls = tuple(_recalls(pairs))
    changed = [one for one in seen if one.before.guess != one.after.guess]
    return Proof(
        history=history,
        suite=suite,
        fixed=tuple(_turned(one) for one in changed if one.won),
        broken=tuple(_turned(one) for one in changed if one.lost),
        moved=tuple(_turned(one) for one in changed if not one.won and not one.lost),
        recalls=recalls,
        gates=tuple(_judged(pairs, playbook, gates, {"history": history, "suite": suite}, recalls)),
    )


def contrast(pairs: Sequence[Pair]) -> Contrast:
    before, after = side(_befores(pairs)), side(_afters(pairs))
    if not pairs:
        return Contrast(n=0, fixed=0, broken=0, verdict="cannot tell", p=1.0, smallest=1.0, before=before, after=after)
    first, second = [right(one.before) for one in pairs], [right(one.after) for one in pairs]
    found = compare(first, second, [one.sender for one in pairs])
    return Contrast(
        n=found.n,
        fixed=found.won,
        broken=found.lost,
        verdict=found.verdict,
        p=float(f"{found.p:.4g}"),
        smallest=round(found.smallest, 4),
        before=before,
        after=after,
    )


def side(decided: Sequence[Replayed]) -> Side:
    routed = [one for one in decided if one.routed]
    return Side(
        accuracy=_share([right(one) for one in decided]),
        coverage=_share([one.routed for one in decided]),
        routed_accuracy=_share([right(one) for one in routed]),
        calibration=calibration_error(decided),
    )


def calibration_error(decided: Sequence[Replayed]) -> float | None:
    """Mean gap between confidence and accuracy over equally wide bins, weighted by what is in them."""
    if not decided:
        return None
    sure, good = np.array([one.confidence for one in decided]), np.array([right(one) for one in decided])
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = [(bins == at).mean() * abs(sure[bins == at].mean() - good[bins == at].mean()) for at in np.unique(bins)]
    return round(float(sum(gaps)), 4)


def _befores(pairs: Sequence[Pair]) -> list[Replayed]:
    return [one.before for one in pairs]


def _afters(pairs: Sequence[Pair]) -> list[Replayed]:
    return [one.after for one in pairs]


def _share(found: Sequence[bool]) -> float | None:
    return round(sum(found) / len(found), 4) if found else None


def _turned(one: Pair) -> Turned:
    return Turned(id=one.after.external_id, queue=one.after.queue, before=one.before.guess, after=one.after.guess)


def _recalls(pairs: Sequence[Pair]) -> Iterator[QueueRecall]:
    for queue in sorted({one.after.queue for one in pairs}):
        own = [one for one in pairs if one.after.queue == queue]
        first, second = (sum(right(one) for one in given) / len(own) for given in (_befores(own), _afters(own)))
        yield QueueRecall(queue=queue, n=len(own), before=round(first, 4), after=round(second, 4))


def _judged(
    pairs: Sequence[Pair],
    playbook: Playbook,
    gates: Gates,
    contrasts: Mapping[str, Contrast],
    recalls: Sequence[QueueRecall],
) -> Iterator[Gate]:
    for name, found in contrasts.items():
        yield Gate(gate=name, verdict=found.verdict, passed=found.verdict != WORSE if found.n else None)  # type: ignore[arg-type]
    before, after = side(_befores(pairs)), side(_afters(pairs))
    if len(pairs) >= gates.least:
        yield _most("calibration", before.calibration, after.calibration, gates.calibration)
        yield _least("coverage", before.coverage, after.coverage, gates.coverage_drop)
        yield _promise(pairs, playbook)
    else:
        yield from (Gate(gate=name, passed=None) for name in ("calibration", "coverage", "promise"))
    careful = {queue.id for queue in playbook.queues if queue.must_not_miss}
    for one in recalls:
        drop = gates.missed_drop if one.queue in careful else gates.recall_drop
        enough = one.n >= gates.recall_least
        yield (
            _least("recall", one.before, one.after, drop, one.queue)
            if enough
            else Gate(gate="recall", queue=one.queue, before=one.before, after=one.after, passed=None)
        )


def _promise(pairs: Sequence[Pair], playbook: Playbook) -> Gate:
    """Of messages that came as mail comes. Broken where the routed error is above the accepted one beyond what chance
    explains (its lower bound by Clopper and Pearson, 1934, is above), and above what it was."""
    accepted, certainty = playbook.thresholds.accepted_error, playbook.thresholds.certainty
    usual = [one for one in pairs if _came_as_mail_comes(one.after.external_id, playbook)]
    before, after = side(_befores(usual)).routed_accuracy, side(_afters(usual)).routed_accuracy
    routed = [right(one.after) for one in usual if one.after.routed]
    if after is None:
        return Gate(gate="promise", before=_error(before), bound=accepted, passed=None)
    lowest = 1 - error_bound(sum(routed), len(routed), certainty)
    kept = lowest <= accepted or (before is not None and after >= before)
    return Gate(gate="promise", before=_error(before), after=_error(after), bound=accepted, passed=kept)


def _came_as_mail_comes(external_id: str, playbook: Playbook) -> bool:
    known = playbook.history
    studied = bool(known.studied and re.search(known.studied, external_id))
    return not studied and bool(re.search(known.ordinary, external_id))


def _error(accuracy: float | None) -> float | None:
    return None if accuracy is None else round(1 - accuracy, 4)


def _most(name: str, before: float | None, after: float | None, bound: float) -> Gate:
    """A bound that was not kept before either is not failed for."""
    passed = None if before is None or after is None else after <= max(bound, before)
    return Gate(gate=name, before=before, after=after, bound=bound, passed=passed)  # type: ignore[arg-type]


def _least(name: str, before: float | None, after: float | None, drop: float, queue: str = "") -> Gate:
    bound = None if before is None else round(max(0.0, before - drop), 4)
    passed = None if bound is None or after is None else after >= bound
    return Gate(gate=name, queue=queue, before=before, after=after, bound=bound, passed=passed)  # type: ignore[arg-type]
