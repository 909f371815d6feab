"""The parts of a clause that say something of their own: "votre bonus est perdu, et l'adhésion continue" has two. A clause
that joins several of a source is like none of them; each of its pieces is like one."""

import re
from collections.abc import Iterable, Sequence, Set
from functools import lru_cache

from service.pipeline.check.clauses import Clause, Near, part, shares

_CUT = re.compile(r"[,()–—]|(?<!\w)(?:et|mais|puis)(?= (?:vous|nous|je|on|ils?|elles?|cel\w+|ne|les?|la|votre|vos|notre|nos|son|sa|ses|un|une)(?!\w)| (?:j|n|l)')")
_SAYS = re.compile(r"(?<!\w)(?:vous|nous|je|j|ils?|elles?|on|est|sont|ont|\w{2,}(?:ez|ons|ra|ront|rai))(?!\w)")
_DEPENDS = re.compile(r"\W*(?:si|s|sans|sauf|moins|plus|y compris|dont|qu[ei]?|lorsqu?e?|quand|des|soit|meme|pour|par)(?!\w)")
"""How a part begins that says nothing without the rest."""
_AT_LEAST = 2.0
"""Weight of what a piece says, for it to be one."""


@lru_cache(maxsize=8192)
def pieces(clause: Clause) -> tuple[Clause, ...]:
    """Those between commas, brackets, dashes and conjunctions that lead to a subject, where there are several; the
    spans of their facts are places in the text of the clause. Shorter ones are left out."""
    inside = [(fact.start - clause.start, fact.end - clause.start) for fact in clause.facts]
    cuts = [cut.span() for cut in _CUT.finditer(clause.text) if not any(a <= cut.start() < b for a, b in inside)]
    if not cuts:
        return ()
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(clause.text)]
    made = (part(clause, start, end) for start, end in zip(starts, ends, strict=True))
    return tuple(one for one in made if one.weight >= _AT_LEAST and _SAYS.search(one.text) and not _DEPENDS.match(one.text))


def near_pieces(piece: Clause, sources: Iterable[Clause], told: Set[str]) -> Sequence[Near]:
    """The source clauses, and the pieces of them, that say something of what the piece says, the nearest first."""
    return shares(piece, [one for source in sources for one in (source, *pieces(source))], told)
