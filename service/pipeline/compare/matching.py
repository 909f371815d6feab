"""Which words of a draft stand in a reply, also where they were moved.

Words in order by difflib's matching blocks (Ratcliff and Obershelp 1988), then what was moved as blocks of the rest
(Tichy 1984, the string-to-string correction problem with block moves).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from service.pipeline.compare.content import Word

TELLING = 3
"""Words in a row from which equal words are the draft's: `de la` is in every text."""
LONG = 4
"""Letters from which two words in a row may tell as well."""
MOVED = 3
MOST_MOVES = 40


@dataclass(slots=True)
class Match:
    """`there`: by each word of the draft its word in the reply, or None. `moved`: words of the draft that stand
    elsewhere in the reply. `filled`: words of the reply that stand in place of placeholders."""

    there: list[int | None]
    moved: set[int] = field(default_factory=set)
    filled: set[int] = field(default_factory=set)

    @property
    def taken(self) -> set[int]:
        """Words of the reply that come from the draft."""
        return {place for place in self.there if place is not None}


def matched(draft: Sequence[Word], reply: Sequence[Word]) -> Match:
    match = Match([None] * len(draft))
    ours, theirs = [word.key for word in draft], [word.key for word in reply]
    blocks = SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
    for at, to, size in blocks:
        if ours == theirs or _telling(draft, at, size):
            for step in range(size):
                match.there[at + step] = to + step
    _moves(match, ours, theirs)
    _fillings(match, draft, len(reply))
    return match


def _telling(words: Sequence[Word], at: int, size: int) -> bool:
    """Two words may do where one is long; beside a placeholder any word may: its place is known."""
    if size >= TELLING or size == 0:
        return size > 0
    beside = (at > 0 and words[at - 1].holder) or (at + size < len(words) and words[at + size].holder)
    return beside or (size > 1 and any(len(word.key) >= LONG for word in words[at : at + size]))


def _moves(match: Match, ours: Sequence[str], theirs: Sequence[str]) -> None:
    """The longest block of what is left on both sides, again and again. A stand-in equals no word."""
    left: list[str] = [key if match.there[at] is None else f"\0{at}" for at, key in enumerate(ours)]
    taken = match.taken
    right = [f"\1{to}" if to in taken else key for to, key in enumerate(theirs)]
    for _ in range(MOST_MOVES):
        at, to, size = SequenceMatcher(None, left, right, autojunk=False).find_longest_match()
        if size < MOVED:
            return
        for step in range(size):
            match.there[at + step] = to + step
            match.moved.add(at + step)
            left[at + step], right[to + step] = f"\0{at + step}", f"\1{to + step}"


def _fillings(match: Match, draft: Sequence[Word], length: int) -> None:
    """What stands between the neighbours of placeholders, where these alone were replaced."""
    taken = match.taken
    at = 0
    while at < len(draft):
        if not draft[at].holder or match.there[at] is not None:
            at += 1
            continue
        end = at
        while end < len(draft) and draft[end].holder and match.there[end] is None:
            end += 1
        before = match.there[at - 1] if at else -1
        after = match.there[end] if end < len(draft) else length
        if before is not None and after is not None and before < after:
            match.filled.update(place for place in range(before + 1, after) if place not in taken)
        at = end
