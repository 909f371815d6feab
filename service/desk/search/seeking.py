"""What people type into a search field, and where a text says it."""

import re
from collections.abc import Sequence
from functools import cache

from retrieval.hashed import Rarity
from retrieval.words import MARKER, stem, tokens, words
from service.domain.sought import Sought, Term

MOST_TERMS = 12
LONGEST_WORD = 60
SHORTEST_STEM = 5
"""From this length on, a beginning that was typed is also taken for a stem with an ending."""

COMMON = 1.2
"""A stem that more than 30 % of letters hold (e^-1.2) does not narrow a search down, and is left out of one that has
others."""

_QUOTED = re.compile(r'"([^"]*)"?|«([^»]*)»?|“([^”]*)”?')
_ELIDED = re.compile(r"(?<!\w)(?:[^\W\d_]|[^\W\d_]u)['’](?=\w)")


def sought(text: str) -> Sought:
    """`facture impayée` finds both words in any form, `"prise en charge"` these words in a row, `rembours*` every word
    that begins so; what is typed in one piece (`AB-204`, an address) is a row of words too."""
    phrases = [
        Term(words=found)
        for match in _QUOTED.finditer(text)
        if (found := stemmed("".join(filter(None, match.groups()))))
    ]
    loose = [term for piece in _ELIDED.sub(" ", _QUOTED.sub(" ", text)).split() if (term := _term(piece))]
    telling = [term for term in loose if not _common(term)]
    chosen = [*phrases, *(telling or ([] if phrases else loose))]
    return Sought(terms=tuple(dict.fromkeys(chosen))[:MOST_TERMS])


def stemmed(text: str) -> tuple[str, ...]:
    """The words of a text as they are kept and looked for."""
    return tuple(stem(word)[:LONGEST_WORD] for word in words(text) if not MARKER.fullmatch(word))


def spans(text: str, wanted: Sought) -> list[tuple[int, int, int]]:
    """Where the text says one of the terms: start, end, and which term. In order, without overlaps."""
    found = [token for token in tokens(text) if not MARKER.fullmatch(token[0])]
    kept = [stem(word)[:LONGEST_WORD] for word, _, _ in found]
    hits: list[tuple[int, int, int]] = []
    for at, (word, start, _) in enumerate(found):
        for number, term in enumerate(wanted.terms):
            length = _said(term, word, kept, at)
            if length and (not hits or start >= hits[-1][1]):
                hits.append((start, found[at + length - 1][2], number))
    return hits


def said_in(texts: Sequence[str], wanted: Sought) -> bool:
    """Whether one of the texts says each term: what a search without positions still has to ask."""
    return {number for text in texts for _, _, number in spans(text, wanted)} >= set(range(len(wanted.terms)))


def _said(term: Term, word: str, kept: list[str], at: int) -> int:
    """How many words from there on say it; 0: they do not."""
    if term.begins:
        return int(word.startswith(term.words) or kept[at].startswith(term.words) or kept[at] in term.also)
    length = len(term.words)
    return length if tuple(kept[at : at + length]) == term.words else 0


def _term(piece: str) -> Term | None:
    found = [word for word in words(piece) if not MARKER.fullmatch(word)]
    if len(found) == 1 and piece.endswith("*"):
        begun = found[0][:LONGEST_WORD]
        also = {stem(begun), *(begun[:size] for size in range(SHORTEST_STEM, len(begun)))}
        return Term(words=(begun,), begins=True, also=tuple(sorted(also)))
    return Term(words=tuple(stem(word)[:LONGEST_WORD] for word in found)) if found else None


def _common(term: Term) -> bool:
    return not term.begins and all(_rarity().of(word) < COMMON for word in term.words)


@cache
def _rarity() -> Rarity:
    return Rarity()
