"""What a measurement is asked for, and what that comes to: messages to measure on, messages to learn from."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.harness.dataset import Labelled, read_labelled, without
from evals.harness.workbench import Material, material_of
from service.domain.confirmed import Confirmed
from service.errors import RefusedError
from service.learning.split import LOCKED_SHARE, Split, is_locked
from service.settings import Settings

Say = Callable[[str], None]
"""Tells the user something, on standard error."""


STRANGERS = 5
"""How many unknown labels of a kind are named."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a command is asked for. No `history`: the account's stored one.

    `split`: measure on the locked fifth of the messages, on the others, or on all (`service.learning.split`).
    """

    dataset: Sequence[Path]
    history: Sequence[Path]
    account: str | None
    out: Path
    split: Split = "all"


@dataclass(frozen=True, slots=True)
class Measured:
    """An account, the messages it is measured on, and those that it may learn from: none is in both."""

    material: Material
    dataset: list[Labelled]
    history: list[Confirmed]


def measured_by(order: Order, settings: Settings, say: Say, *, stored: bool = True) -> Measured:
    """Reads what is asked for. Without `stored`, the account's stored history is not learned from.

    Raises RefusedError for wrong input.
    """
    material = material_of(settings, order.account)
    if material.shipped:
        say("The store is empty: measuring the reference account as shipped.")
    dataset = _chosen(read_labelled(order.dataset, material.playbook), order.split, say)
    _tell_strangers(dataset, material, say)
    history, left_out = without(_given(order, material, stored), dataset)
    if left_out:
        say(f"{left_out:,} messages of the history are in the dataset too: they were left out of the history.")
    if order.split != "all":
        history = _unlocked(history, say)
    say(f"Learning from {len(history):,} confirmed messages; measuring on {len(dataset):,}.")
    return Measured(material, dataset, history)


def _tell_strangers(dataset: Iterable[Labelled], material: Material, say: Say) -> None:
    """Labels that nothing of the account can ever match lower figures without a fault of its own."""
    labels = [one.confirmed for one in dataset]
    answers = {name for one in labels for name in one.answers} - {answer.id for answer in material.answers}
    flags = {name for one in labels for name in one.flags} - {flag.id for flag in material.playbook.flags}
    for what, found in (("answers", answers), ("flags", flags)):
        if found:
            shown = ", ".join(sorted(found)[:STRANGERS]) + (", …" if len(found) > STRANGERS else "")
            say(f"{len(found):,} labelled {what} are none of the account's, and count as missed: {shown}.")


def _given(order: Order, material: Material, stored: bool) -> Iterable[Confirmed]:
    if order.history:
        return [one.confirmed for one in read_labelled(order.history, material.playbook)]
    return material.history if stored else ()


def _chosen(dataset: list[Labelled], split: Split, say: Say) -> list[Labelled]:
    if split == "all":
        locked = sum(is_locked(one.confirmed.message) for one in dataset)
        if locked:
            say(f"{locked:,} of the messages measured are of the locked split: `--split train` leaves them unseen.")
        return dataset
    chosen = [one for one in dataset if is_locked(one.confirmed.message) == (split == "locked")]
    if not chosen:
        raise RefusedError(f"None of the {len(dataset):,} messages is of the split {split!r}; give more, or another.")
    return chosen


def _unlocked(history: list[Confirmed], say: Say) -> list[Confirmed]:
    kept = [one for one in history if not is_locked(one.message)]
    if len(kept) < len(history):
        say(
            f"{len(history) - len(kept):,} messages of the history are of the locked split "
            f"({LOCKED_SHARE:.0%} of all, by content): nothing is learned from them."
        )
    return kept
