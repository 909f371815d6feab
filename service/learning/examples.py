"""What the learned voters learn from: redacted messages with what a person confirmed about them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from service.domain.redacted import Redacted

Vectors = NDArray[np.float32]

ENOUGH = 80
"""Unread or ordinary messages below which all count as such; confirmed ones below which made-up ones stand in."""


@dataclass(frozen=True, slots=True)
class Example:
    """One confirmed message. `sender_key` names the sender without telling who he is: messages of one
    sender never stand on both sides of a fold. `weight` is 1 unless a lesson should count for less.
    `flags_told`, `asks_told`: somebody looked for flags, for other asks, so that where there are none, none is meant.
    `answers` are the canned ones that a good reply rests on, best first; `answers_told`: somebody said which, so that
    none fits where there are none. `made_up`: of the playbook, sent by nobody."""

    external_id: str
    redacted: Redacted
    queue: str
    secondary: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    sender_key: str = ""
    weight: float = 1.0
    flags_told: bool = True
    asks_told: bool = True
    answers: tuple[str, ...] = ()
    answers_told: bool = False
    made_up: bool = False


def named(examples: Sequence[Example], pattern: str) -> NDArray[np.bool_]:
    """Whose external id the regular expression is found in; none where it is empty."""
    return np.array([bool(pattern and re.search(pattern, one.external_id)) for one in examples], dtype=bool)


def unread_by_authors(examples: Sequence[Example], studied: str) -> NDArray[np.bool_]:
    """Those that nobody read while writing the keywords, or all where these are too few to learn from."""
    unread = ~named(examples, studied)
    return unread if unread.sum() >= ENOUGH else np.ones_like(unread)


def fold_of(examples: Sequence[Example], count: int) -> NDArray[np.int64]:
    """Which of `count` folds each example is held out in: even by queue, whole by sender, same for the same data."""
    first: dict[str, Example] = {}
    for example in sorted(examples, key=lambda one: one.external_id):
        first.setdefault(_group(example), example)
    ordered = sorted(first, key=lambda group: (first[group].queue, sha256(group.encode()).hexdigest()))
    fold = {group: place % count for place, group in enumerate(ordered)}
    return np.array([fold[_group(example)] for example in examples], dtype=np.int64)


def _group(example: Example) -> str:
    return example.sender_key or example.external_id
