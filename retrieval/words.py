"""Words of a text, blind to case, accents, typography and inflection.

Keywords, lexical search and features share this file, so that they agree on what a word is.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from threading import Lock
from typing import Any

import snowballstemmer

Token = tuple[str, int, int]
"""A folded word with the offsets [start, end) of what it was in the text."""

MARKER = re.compile(r"\[\[([^\W\d_]+(?:_[^\W\d_]+)*)(?:_\d+)?\]\]")
"""A typed placeholder such as `[[PERSONNE_1]]`: one word, its number left out."""

_COMBINING = "\u0300-\u036f"
_WORD = re.compile(rf"{MARKER.pattern}|[^\W_]+(?:[{_COMBINING}]+[^\W_]*)*")
_SPELLED_OUT = str.maketrans(
    {
        "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i",
        "’": "'", "‘": "'", "ʼ": "'", "′": "'", "´": "'", "`": "'", "＇": "'",
        "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "\u00ad": None, "\u200b": None,
    }
)  # fmt: skip
_ALGORITHMS = {
    "fr": "french", "en": "english", "de": "german", "es": "spanish", "it": "italian",
    "nl": "dutch", "pt": "portuguese",
}  # fmt: skip
_FRENCH_ENDING = re.compile(r"(?<=\w{2}e)es?$|(?<=\w{3}[ut])s$")
_LONGEST_STEMMED = 40
REMEMBERED = 16_000
"""Words, in 10 MB: 1,320 messages have 10,000, few of which make most text, and of names, numbers and misspellings
there is no end."""
_lock = Lock()


class _Bare(dict[int, int | None]):
    """Every character but combining ones; each is looked at once."""

    def __missing__(self, code: int) -> int | None:
        self[code] = kept = None if unicodedata.combining(chr(code)) else code
        return kept


_BARE = _Bare()


def fold(text: str) -> str:
    """`text` without case, accents and typographic variants. Its length may change (œ gives oe)."""
    if text.isascii():
        return text.lower()
    lowered = unicodedata.normalize("NFKD", text.translate(_SPELLED_OUT)).casefold()
    bare = unicodedata.normalize("NFKD", lowered).translate(_BARE)
    return bare.translate(_SPELLED_OUT).casefold()


def tokens(text: str) -> list[Token]:
    """Words of `text` in order, folded, with their offsets in `text` as it stands.

    Apostrophes and hyphens part words. A marker like `[[IBAN_2]]` is the one word `[[iban]]`.
    """
    return list(_tokens(text))


@lru_cache(maxsize=16)
def _tokens(text: str) -> tuple[Token, ...]:
    """Remembered for a moment: keywords and the classifier read the same text, one after the other."""
    return tuple([(_folded(match.group()), match.start(), match.end()) for match in _WORD.finditer(text)])


def words(text: str) -> list[str]:
    """The words of `tokens(text)` alone."""
    return list(_words(text))


@lru_cache(maxsize=16)
def _words(text: str) -> tuple[str, ...]:
    """Remembered for a moment: a message is read for its vector and for its words, one after the other."""
    return tuple([_folded(word.group()) for word in _WORD.finditer(text)])


def stems(folded: Iterable[str], language: str = "fr") -> list[str]:
    """The stem of each folded word, by Snowball. A language without a stemmer keeps its words whole."""
    return [stem(word, language) for word in folded]


@lru_cache(maxsize=REMEMBERED)
def stem(folded: str, language: str = "fr") -> str:
    """The stem of one folded word. Written with or without accents, a word has the same stem."""
    algorithm = _ALGORITHMS.get(language)
    if algorithm is None or len(folded) > _LONGEST_STEMMED or folded.startswith("["):
        return folded
    if language == "fr":
        return _french(folded)
    with _lock:
        return str(_stemmer(algorithm).stemWord(folded))


def _french(folded: str) -> str:
    """Snowball expects accents, which customers leave out: its endings are completed here.

    `résiliée`, `resilie`, `résilier` and `résiliation` share a stem. Where Snowball leaves three letters
    or fewer (`devis` and `devez`, `mars` and `marié`), only plural, infinitive and final e are taken off.
    """
    singular = _FRENCH_ENDING.sub("", folded)
    with _lock:
        found = str(_stemmer("french").stemWord(singular))
    if len(found) <= 3:
        return folded if folded.endswith("ces") else _barely(singular)
    if found.endswith("y"):
        found = f"{found[:-1]}i"
    if len(found) >= 6 and found.endswith("iv"):
        return found[:-2]
    return found[:-1] if len(found) >= 5 and found.endswith("i") else found


def _barely(singular: str) -> str:
    for ending in (r"(?<=\w{3})[sx]$", r"(?<=\w{3})er$", r"(?<=\w{3})e$"):
        singular = re.sub(ending, "", singular)
    return singular


@lru_cache(maxsize=4_000)
def _folded(word: str) -> str:
    if word.startswith("["):
        return MARKER.sub(r"[[\1]]", word).casefold()
    return fold(word)


@lru_cache(maxsize=len(_ALGORITHMS))
def _stemmer(algorithm: str) -> Any:
    """Stemmers hold state: they are called under the lock. Uses the C stemmer where it is installed, without its memory
    of words: `stem` has one."""
    stemmer = snowballstemmer.stemmer(algorithm)
    stemmer.maxCacheSize = 0
    return stemmer
