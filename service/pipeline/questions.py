"""A message's explicit questions beside the sentences that its asks were read from, and what of a draft mentions them.

A queue is heard once a message, so that two questions to the same queue are one ask. Here each question mark counts.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from retrieval.words import stems, words
from service.domain.cleaned import Part
from service.domain.redacted import Redacted
from service.learning.sentences import cues
from service.settings import PROMPTS
from service.yaml_file import read_yaml

FEWEST_WORDS = 3
"""Shorter ones ("Et alors ?") ask nothing by themselves."""
FEWEST_LETTERS = 4
LONGEST = 300
"""Characters of what is joined to a question."""
MENTIONED = 0.5
"""Share of a question's telling words that a paragraph says, from which on it may answer it."""
_SENTENCE = re.compile(r"[^.!?…\n]*(?:[.](?!\s|$)[^.!?…\n]*)*([.!?…]+|\n|$)")

Place = tuple[int, int]


class _Ways(NamedTuple):
    second: re.Pattern[str]
    light: frozenset[str]


def questions(redacted: Redacted, taken: Sequence[Place]) -> Iterator[Place]:
    """Where the customer's own words ask something, by a question mark, and no ask was read from there. What says
    nothing by itself ("Comment dois-je faire ?") belongs to what was asked before.

    Of a sentence in `taken`, which one ask stands for, what words join to its first question; of one that several
    stand for, nothing.
    """
    for start, end in _asked(redacted):
        if not _telling(redacted.text[start:end], redacted.language):
            continue
        owners = [place for place in taken if place[0] < end and start < place[1]]
        if not owners:
            yield start, end
        elif len(owners) == 1 and (found := _ways().second.search(redacted.text, start, end)):
            yield found.start("second"), end


def announces(text: str, start: int, end: int) -> bool:
    """Whether words there say that it is another thing than what was asked before (`par ailleurs`)."""
    return bool(cues().search(f" {' '.join(words(text[start:end]))} "))


def is_first(redacted: Redacted, place: Place) -> bool:
    """Whether no other question stands before it, not even one that says nothing by itself ("Que dois-je faire ?")."""
    return not any(end <= place[0] for _, end in _asked(redacted))


def _asked(redacted: Redacted) -> Iterator[Place]:
    for segment in redacted.segments:
        if segment.part is not Part.BODY:
            continue
        for found in _SENTENCE.finditer(redacted.text, segment.start, segment.end):
            said = found[0].strip()
            if "?" in found[1] and len(words(said)) >= FEWEST_WORDS:
                start = found.start() + found[0].index(said)
                yield start, start + len(said)


def mentions(question: str, paragraphs: Sequence[str], language: str) -> tuple[int, ...]:
    """The paragraphs that say at least half of the question's telling words; none where it has no such word."""
    asked = _telling(question, language)
    if not asked:
        return ()
    said = [len(asked & _telling(paragraph, language)) / len(asked) for paragraph in paragraphs]
    return tuple(at for at, share in enumerate(said) if share >= MENTIONED)


def _telling(text: str, language: str) -> frozenset[str]:
    found = [word for word in words(text) if len(word) >= FEWEST_LETTERS and word not in _ways().light]
    return frozenset(stems(found, language))


@lru_cache(maxsize=1)
def _ways() -> _Ways:
    """As shipped. Raises FileNotFoundError or KeyError where something is missing."""
    given = read_yaml(PROMPTS / "asides" / "questions.yaml")
    joins, begins, ends = (_any(given[name]) for name in ("joins", "begins", "ends"))
    second = rf",?\s{joins}\s(?P<second>(?:{begins}(?![\w'’])|[^,?]{{0,{LONGEST}}}\b{ends}\s*\?).*)"
    return _Ways(re.compile(second, re.IGNORECASE), frozenset(given["light"]))


def _any(said: Sequence[str]) -> str:
    written = (re.escape(one).replace("'", "['’]") for one in sorted(said, key=len, reverse=True))
    return f"(?:{'|'.join(written)})"
