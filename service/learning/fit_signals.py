"""Fits the flags and the secondary asks on out-of-fold numbers."""

import numpy as np
from numpy.typing import NDArray

from service.domain.playbook import Playbook
from service.learning.linear import Linear, fit_held_out
from service.learning.material import Material
from service.learning.signals import Signal, fit_signal, log_odds

Array = NDArray[np.float64]

TEXT_PRIOR = Signal((1.0,), -3.0, 0.9)
"""Where a flag has hardly been seen, its words alone raise it only when they are very sure."""
FLAG_PRIOR = Signal((0.5, 5.0), -1.0, 0.5)
"""Log-odds of the text, and the keywords' own probability: without history the keywords decide."""


def fit_flags(
    material: Material, playbook: Playbook, alike: Array | None
) -> tuple[tuple[Signal, ...], tuple[Signal, ...], Linear]:
    """A flag's signal from its text alone, its signal from text and keywords, and the linear model below.

    `alike` is the examples' `likeness`.
    """
    flags = [flag.id for flag in playbook.flags]
    raised = np.array([[flag in example.flags for flag in flags] for example in material.examples], dtype=bool)
    raised = raised.reshape(len(material.examples), len(flags))
    linear, held = fit_held_out(material.given, raised, material.importance, material.folds, alike)
    text_signals, flag_signals = [], []
    for at, flag in enumerate(flags):
        yes = raised[:, at]
        text = fit_signal(held[:, at : at + 1], yes, TEXT_PRIOR)
        hit = [vote.flags.get(flag, 0.0) for vote in material.keyword_votes]
        both = [[log_odds(text((float(margin),))), found] for margin, found in zip(held[:, at], hit, strict=True)]
        text_signals.append(text)
        flag_signals.append(fit_signal(np.array(both).reshape(len(yes), 2), yes, FLAG_PRIOR))
    return tuple(text_signals), tuple(flag_signals), linear


def fit_secondary(material: Material, fused: Array, keywords: Array, playbook: Playbook) -> Signal:
    """Whether a queue that is not the best one is asked for as well: see `secondary_numbers`."""
    prior = Signal((1.0, 0.0, 0.0), 0.0, playbook.thresholds.secondary)
    given, yes = [], []
    for row, example in enumerate(material.examples):
        best = int(fused[row].argmax())
        for at, queue in enumerate(playbook.queue_ids):
            if at != best:
                given.append(secondary_numbers(fused[row], keywords[row], at))
                yes.append(queue in example.secondary)
    return fit_signal(np.array(given), np.array(yes), prior) if given else prior


def secondary_numbers(fused: Array, keywords: Array, queue: int) -> tuple[float, float, float]:
    """Log-odds of the queue, the keywords' opinion above its mean, and log-odds of the best queue."""
    return (
        log_odds(float(fused[queue])),
        float(keywords[queue] - keywords.mean()),
        log_odds(float(fused.max())),
    )
