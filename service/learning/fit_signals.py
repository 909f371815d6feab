"""Fits the flags and the secondary asks on out-of-fold numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.domain.playbook import Playbook
from service.learning.asides import ask_numbers, besides, flag_numbers, secondary_numbers
from service.learning.linear import Linear, fit_parts_held_out, ignorant
from service.learning.material import Material
from service.learning.signals import Signal, fit_signal, log_odds_of_each

Array = NDArray[np.float64]
Rows = NDArray[np.int64]
Heard = tuple[Linear, Array, Array]

TEXT_PRIOR = Signal((1.0, 0.0, 0.0), -3.0, 0.9)
"""Where a flag has hardly been seen, its words alone raise it only when they are very sure."""
FLAG_PRIOR = Signal((0.5, 5.0), -1.0, 0.5)
"""Log-odds of the text, and the keywords' own probability: without history the keywords decide."""
ASK_PRIOR = Signal((0.0,) * 8, -3.0, 0.9)
RECALL_WEIGHT = 1.5
"""How many times more a missed flag counts than a false one (beta of F-beta) where it must not be missed."""
FOLDS = 3
"""There are labels enough to make each fold count."""
MADE_UP = 0.2
"""Messages that a made-up example counts for, where asks that come together are counted: writers seek variety."""
UNTOLD = 1e-6
"""Weight of an example of which nobody has said what flags it has, or what else it asks for."""


@dataclass(frozen=True)
class Asides:
    """`linear` has a label a flag, then one a queue: asked for besides the main one."""

    linear: Linear
    text_signals: tuple[Signal, ...]
    flag_signals: tuple[Signal, ...]
    ask_signal: Signal
    secondary: Signal
    together: Array

    @classmethod
    def untaught(cls, playbook: Playbook, columns: int) -> "Asides":
        """Where nobody asks for more than the queue."""
        flags = len(playbook.flags)
        queues = len(playbook.queues)
        linear = ignorant(columns, flags + queues)
        signals = (TEXT_PRIOR,) * flags, (FLAG_PRIOR,) * flags
        return cls(linear, *signals, ASK_PRIOR, secondary_prior(playbook), np.zeros((queues, queues)))


def secondary_prior(playbook: Playbook) -> Signal:
    return Signal((0.0, 1.0, 0.0, 0.0, 0.0), 0.0, playbook.thresholds.secondary)


def fit_asides(material: Material, playbook: Playbook, heard: Heard, held: Array, apart: Array, fused: Array) -> Asides:
    """`heard` is what `learn_asides` gives, `held` the classifier's margins of the examples, `apart` its probabilities
    for their sentences, `fused` the pool's probabilities: all by models that had not seen them."""
    linear, whole, parts = heard
    count = len(playbook.flags)
    places = _places(material)
    flagged = [at for at, one in enumerate(material.examples) if one.flags_told and len(places[at])]
    told = [at for at, one in enumerate(material.examples) if one.asks_told and len(places[at])]
    text_signals, flag_signals = _fit_flags(material, playbook, whole[:, :count], parts[:, :count], places, flagged)
    asks = {
        at: ask_numbers(
            held[at],
            np.concatenate([whole[[at], count:], parts[places[at], count:]]),
            apart[places[at]],
            material.cues[places[at]].tolist(),
            len(material.readings[at].words),
        )
        for at in told
    }
    ask_signal, secondary = _fit_secondary(material, playbook, asks, fused)
    together = _together(material, playbook, np.ones(len(material.examples), dtype=bool))
    return Asides(linear, text_signals, flag_signals, ask_signal, secondary, together)


def learn_asides(material: Material, playbook: Playbook, alike: Array | None) -> Heard:
    """The linear model, and its margins of the examples and of their sentences, out of fold. It learns from the
    examples, and from made-up ones that somebody has looked at. `alike` is the likeness of all of the material's
    rows."""
    from scipy.sparse import vstack  # noqa: PLC0415  only fitting pays for scipy

    tagged = [at for at, one in enumerate(material.weak) if one.flags is not None or one.secondary]
    told = [(one.flags, one.secondary) for one in material.examples]
    told += [(one.flags or (), one.secondary) for one in (material.weak[at] for at in tagged)]
    labels = [flag.id for flag in playbook.flags]
    wanted = [[*(it in flags for it in labels), *(it in asks for it in playbook.queue_ids)] for flags, asks in told]
    rows = np.concatenate(
        [np.arange(len(material.examples)), len(material.examples) + np.array(tagged, dtype=np.int64)]
    )
    given: Any = vstack([material.given, material.weak_given[tagged]]).tocsr()
    answers = np.array(wanted, dtype=bool).reshape(len(told), len(labels) + len(playbook.queues))
    folds = np.concatenate([material.folds % FOLDS, np.full(len(tagged), -1)])
    near = None if alike is None else alike[np.ix_(rows, rows)]
    flags_told = _weights(material, [one.flags_told for one in material.examples], len(tagged))
    asks_told = _weights(material, [one.asks_told for one in material.examples], len(tagged))
    if not labels or np.array_equal(flags_told, asks_told):
        return fit_parts_held_out(given, answers, asks_told, folds, near, material.parts)
    flags, asks = answers[:, : len(labels)], answers[:, len(labels) :]
    return _side_by_side(
        fit_parts_held_out(given, flags, flags_told, folds, near, material.parts),
        fit_parts_held_out(given, asks, asks_told, folds, near, material.parts),
    )


def _weights(material: Material, told: Sequence[bool], made_up: int) -> Array:
    """Of the examples, and of so many made-up ones after them."""
    return np.concatenate([np.where(told, material.importance, UNTOLD), np.ones(made_up)])


def _side_by_side(first: Heard, second: Heard) -> Heard:
    """The labels of both in one model."""
    coefficients = np.hstack([first[0].coefficients, second[0].coefficients])
    linear = Linear(coefficients, np.concatenate([first[0].intercepts, second[0].intercepts]))
    return linear, np.hstack([first[1], second[1]]), np.hstack([first[2], second[2]])


def _places(material: Material) -> list[Rows]:
    """The rows of each example's sentences."""
    starts = np.searchsorted(material.parts.owners, np.arange(len(material.examples) + 1))
    return [np.arange(start, end) for start, end in pairwise(starts)]


def _fit_flags(
    material: Material, playbook: Playbook, whole: Array, parts: Array, places: list[Rows], told: Sequence[int]
) -> tuple[tuple[Signal, ...], tuple[Signal, ...]]:
    """A flag's signal from its text alone, and its signal from text and keywords."""
    words = [len(reading.words) for reading in material.readings]
    numbers = np.array([flag_numbers(whole[at], parts[places[at]], words[at]) for at in told]).reshape(
        len(told), whole.shape[1], 3
    )
    text_signals, flag_signals = [], []
    for at, flag in enumerate(playbook.flags):
        yes = np.array([flag.id in material.examples[row].flags for row in told], dtype=bool)
        beta = RECALL_WEIGHT if flag.must_not_miss else 1.0
        text = fit_signal(numbers[:, at], yes, TEXT_PRIOR, beta)
        hit = np.array([material.keyword_votes[row].flags.get(flag.id, 0.0) for row in told])
        both = np.stack([log_odds_of_each(text.of_each(numbers[:, at])), hit], axis=-1)
        text_signals.append(text)
        flag_signals.append(fit_signal(both, yes, FLAG_PRIOR, beta))
    return tuple(text_signals), tuple(flag_signals)


def _fit_secondary(
    material: Material, playbook: Playbook, asks: dict[int, Array], fused: Array
) -> tuple[Signal, Signal]:
    """Whether a queue that is not the best one is asked for as well: by its text, and by all that is known."""
    prior, names = secondary_prior(playbook), playbook.queue_ids
    rows = list(asks)
    beside = np.array([np.arange(len(names)) != fused[row].argmax() for row in rows], dtype=bool)
    if not beside.any():
        return ASK_PRIOR, prior
    wanted = np.array([[name in material.examples[row].secondary for name in names] for row in rows])[beside]
    numbers = np.array([asks[row] for row in rows])
    text = fit_signal(numbers[beside], wanted, ASK_PRIOR)
    said = text.of_each(numbers)
    often = _besides_out_of_fold(material, playbook, fused)
    given = [
        secondary_numbers(of_text, fused[row], often[row], material.keyword_votes[row].scores, names)
        for row, of_text in zip(rows, said, strict=True)
    ]
    return text, fit_signal(np.array(given)[beside], wanted, prior)


def _besides_out_of_fold(material: Material, playbook: Playbook, fused: Array) -> Array:
    """[example, queue]: how often messages that are about what it is likely about ask for each queue besides, counted
    without its fold."""
    often = np.zeros_like(fused)
    for fold in np.unique(material.folds):
        out = material.folds == fold
        often[out] = fused[out] @ _together(material, playbook, ~out)
    return often


def _together(material: Material, playbook: Playbook, rows: NDArray[np.bool_]) -> Array:
    """`besides` of the examples in these rows and of made-up ones, as far as somebody has looked at them."""
    number = {queue: at for at, queue in enumerate(playbook.queue_ids)}
    told = [
        (number[one.queue], one.secondary, 1.0)
        for one, chosen in zip(material.examples, rows, strict=True)
        if chosen and one.asks_told
    ]
    told += [(number[one.queue], one.secondary, MADE_UP) for one in material.weak if one.flags is not None]
    labels = np.array([label for label, _, _ in told], dtype=np.int64)
    asked = [(row, number[queue]) for row, (_, queues, _) in enumerate(told) for queue in queues if queue in number]
    return besides(labels, asked, np.array([weight for _, _, weight in told]), len(number))
