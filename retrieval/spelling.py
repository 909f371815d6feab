"""Which French words a misspelt one may stand for.

A word is misspelt where neither the French word list of pyspellchecker nor `unlisted_words.txt` has it: a correct
word that an account has never met stays unknown. Four misspellings in five are one letter too many, too few, wrong or
changed places with its neighbour (Damerau 1964), mostly not the first one; customers also leave out apostrophes
("jattends", "dassurance").
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from string import ascii_lowercase
from zlib import crc32

from retrieval.words import REMEMBERED, fold

LANGUAGE = "fr"
_FEWEST_LETTERS = 3
_LONGEST = 30
_UNLISTED = Path(__file__).with_name("unlisted_words.txt")
_ELIDED = ("j", "l", "d", "n", "s", "m", "t", "c", "qu")
_BEFORE = frozenset("aeiouyh")


@lru_cache(maxsize=REMEMBERED)
def meant(word: str) -> tuple[str, ...]:
    """Folded words that a folded one may stand for, the most usual one first; none where it is correct, or like no
    word. Loads the list at the first call, a third of a second."""
    if not _FEWEST_LETTERS <= len(word) <= _LONGEST or not (word.isascii() and word.isalpha()) or usage(word):
        return ()
    whole = [rest for rest in _without_article(word) if usage(rest)]
    return tuple(whole or sorted({one for one in slips(word) if usage(one)}, key=lambda one: (-usage(one), one)))


def _without_article(word: str) -> Iterator[str]:
    for first in _ELIDED:
        rest = word[len(first) :]
        if word.startswith(first) and rest[:1] in _BEFORE:
            yield rest


def slips(word: str) -> Iterator[str]:
    """Every string of letters that one slip behind the first one leads to."""
    for at in range(1, len(word) + 1):
        before, after = word[:at], word[at:]
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in ascii_lowercase)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        yield from (before + letter + after for letter in ascii_lowercase)


def usage(folded: str) -> int:
    """How often the list has met a word, at least 1; 0 of one that it does not have."""
    known, counts = french_words()
    sought = crc32(folded.encode())
    at = bisect_left(known, sought)
    return counts[at] if at < len(known) and known[at] == sought else 0


@lru_cache(maxsize=1)
def french_words() -> "tuple[array[int], array[int]]":
    """Checksums in order, and how often each word was met: in a megabyte. Of 30,000 strings that are no words, one
    passes for one."""
    from spellchecker import SpellChecker  # noqa: PLC0415 - reads its whole list

    met: dict[int, int] = {}
    for word, count in SpellChecker(language=LANGUAGE).word_frequency.items():
        key = crc32(fold(word).encode())
        met[key] = met.get(key, 0) + max(1, count)
    for line in _UNLISTED.read_text("utf-8").splitlines():
        met |= {crc32(word.encode()): 1 for word in line.split() if not line.startswith("#")}
    order = sorted(met)
    return array("I", order), array("L", map(met.__getitem__, order))
