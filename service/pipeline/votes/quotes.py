"""Finds words that were quoted from a text, however the quote was typed."""

import re
import unicodedata

_WORD = re.compile(r"\w+|\[\[\w+\]\]")
LEAST_WORDS_CHARS = 3


def find_quote(quote: str, text: str) -> tuple[int, int] | None:
    """Where the words of `quote` stand in `text`, in order and next to each other; None where they do not.

    Blind to case, accents, punctuation and white space, because models retype them; an ellipsis inside
    a quote makes it another text, which is not found.
    """
    sought = [_folded(word.group()) for word in _WORD.finditer(quote)]
    if sum(map(len, sought)) < LEAST_WORDS_CHARS:
        return None
    found = list(_WORD.finditer(text))
    words = [_folded(word.group()) for word in found]
    length = len(sought)
    for at in range(len(words) - length + 1):
        if words[at] == sought[0] and words[at : at + length] == sought:
            return found[at].start(), found[at + length - 1].end()
    return None


def _folded(word: str) -> str:
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", word).casefold() if not unicodedata.combining(c))
