"""Shares of second asks and of situations that are told, each with its interval, beside two floors."""

from collections.abc import Callable, Iterator, Sequence

from evals.asks.triaging import Told
from evals.crossval import groups_of
from service.learning.paired import mean_interval

HEAD = f"{'':34s}{'n':>6s}{'second asks found':>28s}{'n':>7s}{'false second ask':>26s}"
SITUATIONS_HEAD = f"{'':34s}{'n':>6s}{'labelled: draft has it':>28s}{'n':>7s}{'not labelled: has it':>26s}"
WAYS: dict[str, Callable[[Told], frozenset[str]]] = {
    "floor: `secondary` alone": lambda one: one.secondary,
    "floor: every sentence an ask": lambda one: one.floor,
    "named": lambda one: one.named,
    "answered by a paragraph": lambda one: one.answered,
}

Values = list[tuple[float, str]]
"""1.0 where it is so, and the sender."""


def tables(told: Sequence[Told], situations: Sequence[str]) -> Iterator[str]:
    """Usual and unusual messages apart: first those that the playbook's authors have not read, then all."""
    for group, places in groups_of([one.case for one in told]).items():
        if group.startswith("all") or group.endswith("studied"):
            continue
        some = [told[at] for at in places]
        yield f"\n{group}\n{HEAD}"
        for name, way in WAYS.items():
            yield _line(name, second_asks(some, way), false_asks(some, way))
        yield SITUATIONS_HEAD
        for name in situations:
            yield _line(name, *carried(some, name))


def second_asks(told: Sequence[Told], way: Callable[[Told], frozenset[str]]) -> Values:
    """One a labelled second ask. One that is the best guess is found: only the order is wrong. So it is by each way but
    the answers, where a paragraph must be there."""
    return [
        (float(queue in way(one) or (queue == one.first and way is not WAYS["answered by a paragraph"])), one.sender)
        for one in told
        for queue in one.second
    ]


def false_asks(told: Sequence[Told], way: Callable[[Told], frozenset[str]]) -> Values:
    """One a message with a single ask: whether another queue than the right one and the best guess is told."""
    return [(float(bool(way(one) - {one.right, one.first})), one.sender) for one in told if not one.second]


def carried(told: Sequence[Told], situation: str) -> tuple[Values, Values]:
    """Whether the draft has it: of the messages whose labels call for it, drafted or not, and of the others."""
    has = [(situation in one.labelled, float(situation in one.situations), one.sender) for one in told]
    return [(value, who) for right, value, who in has if right], [
        (value, who) for right, value, who in has if not right
    ]


def _line(name: str, found: Values, false: Values) -> str:
    return f"  {name:32s}{len(found):6d}{_share(found):>28s}{len(false):7d}{_share(false):>26s}"


def _share(values: Values) -> str:
    if not values:
        return "–"
    within = mean_interval([value for value, _ in values], [sender for _, sender in values])
    return f"{sum(value for value, _ in values) / len(values):.3f} [{within.low:.3f}, {within.high:.3f}]"
