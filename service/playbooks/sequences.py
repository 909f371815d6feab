"""Two changed copies of a list merged over what both come from (Khanna, Kunal and Pierce, "A formal investigation of
Diff3", FSTTCS 2007), gentler than lines of code are merged: what both add is kept."""

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

Texts = Sequence[str]
Choose = Callable[[Texts, Texts, Texts], Texts]
"""Of base, ours and theirs, where both changed the same: what is taken."""


def merge_sequences(base: Texts, ours: Texts, theirs: Texts, choose: Choose) -> list[str]:
    merged: list[str] = []
    for old, mine, other in _chunks(base, ours, theirs):
        merged.extend(_merged(old, mine, other, choose))
    return merged


def _merged(base: Texts, ours: Texts, theirs: Texts, choose: Choose) -> Texts:
    if ours in (base, theirs):
        return theirs
    if theirs == base:
        return ours
    if len(base) == len(ours) == len(theirs) > 1:
        each = zip(base, ours, theirs, strict=True)
        return [text for old, mine, other in each for text in _merged([old], [mine], [other], choose)]
    if (added := _added(base, ours)) is not None:
        return [*theirs, *(text for text in added if text not in theirs)]
    if (added := _added(base, theirs)) is not None:
        return [*ours, *(text for text in added if text not in ours)]
    return choose(base, ours, theirs)


def _added(base: Texts, side: Texts) -> Texts | None:
    """What the side has beside all of base, in its order; None where it took something out."""
    rest = list(base)
    added = []
    for text in side:
        if rest and text == rest[0]:
            rest.pop(0)
        else:
            added.append(text)
    return None if rest else added


def _chunks(base: Texts, ours: Texts, theirs: Texts) -> list[tuple[Texts, Texts, Texts]]:
    """Stretches of all three between what is the same in all."""
    mine, other = _matched(base, ours), _matched(base, theirs)
    found, done = list[tuple[Texts, Texts, Texts]](), (0, 0, 0)
    for at in range(len(base)):
        if at in mine and at in other:
            here = (at, mine[at], other[at])
            found.append((base[done[0] : at], ours[done[1] : here[1]], theirs[done[2] : here[2]]))
            found.append(([base[at]], [base[at]], [base[at]]))
            done = (at + 1, here[1] + 1, here[2] + 1)
    return [*found, (base[done[0] :], ours[done[1] :], theirs[done[2] :])]


def _matched(base: Texts, side: Texts) -> dict[int, int]:
    blocks = SequenceMatcher(None, base, side, autojunk=False).get_matching_blocks()
    return {block.a + step: block.b + step for block in blocks for step in range(block.size)}
