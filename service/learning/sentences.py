"""A message cut into its sentences: a second ask, or what raises a flag, mostly stands in one of them."""

import re
from dataclasses import dataclass
from functools import lru_cache

from retrieval.words import words
from service.domain.redacted import Redacted
from service.learning.reading import Reading
from service.settings import PROMPTS
from service.yaml_file import read_yaml

FEWEST_WORDS = 3
"""Shorter sentences say nothing apart; they are left out unless there is no other."""
MOST = 40
"""Sentences that are read apart, the first ones: what a long letter asks for stands there."""
BEFORE = 2
"""Words before a sentence among which a cue counts too: `PS :` ends a sentence of its own."""
BEFORE_CHARS = 40
MARK_CHARS = 3
"""Behind the last word among which a question mark is the sentence's own."""
_END = re.compile(r"[.!?;:]\s|\n|[.!?]$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`cue`: words in it announce another ask. `asks`: a question mark or its words ask for something, and no cue says
    that it is for something else. `bounds`: its first word in the message, and the first behind it."""

    reading: Reading
    cue: bool
    asks: bool
    bounds: tuple[int, int]


def sentences(redacted: Redacted, reading: Reading) -> list[Sentence]:
    """The subject, then the sentences of the customer's own words."""
    bounds = _bounds(redacted.text, reading)
    told = [(start, end) for start, end in bounds if end - start >= FEWEST_WORDS] or bounds
    return [_sentence(redacted.text, reading, start, end) for start, end in told[:MOST]]


def _bounds(text: str, reading: Reading) -> list[tuple[int, int]]:
    """First word of each sentence, and the first behind it."""
    spans, subject = reading.spans, reading.subject
    ends = [
        subject + at + 1
        for at, (_, end) in enumerate(spans)
        if at + 1 == len(spans) or _END.search(text, end, spans[at + 1][0])
    ]
    starts = [subject, *ends]
    return ([(0, subject)] if subject else []) + list(zip(starts, ends, strict=False))


def _sentence(text: str, reading: Reading, start: int, end: int) -> Sentence:
    part = Reading(
        words=reading.words[start:end],
        stems=reading.stems[start:end],
        subject=end - start if end <= reading.subject else 0,
        spans=(),
        channel=reading.channel,
        recipient=reading.recipient,
        language=reading.language,
    )
    said = f" {' '.join(reading.words[max(0, start - BEFORE) : end])} "
    cue = bool(cues().search(said))
    return Sentence(part, cue, not cue and (_is_question(text, reading, start, end) or _asks(said)), (start, end))


def _is_question(text: str, reading: Reading, start: int, end: int) -> bool:
    """Whether there is a question mark in it or right behind it; in a subject nobody looks."""
    if start < reading.subject:
        return False
    first, last = reading.spans[start - reading.subject][0], reading.spans[end - 1 - reading.subject][1]
    return "?" in text[first : last + MARK_CHARS]


def _asks(said: str) -> bool:
    return bool(cues("requests").search(said) or cues("wishes").search(said))


def reads_like_an_ask(text: str, start: int, end: int) -> bool:
    """Whether the sentence there holds a question, a cue, or words with which people ask."""
    before = " ".join(text[max(0, start - BEFORE_CHARS) : start].split()[-BEFORE:])
    if "?" in text[start : end + MARK_CHARS]:
        return True
    said = f" {' '.join(words(f'{before} {text[start:end]}'))} "
    return bool(cues().search(said) or cues("requests").search(said))


def joins_asks(sentence: str) -> bool:
    """Whether words in it join one thing to another."""
    return bool(cues("joins").search(f" {' '.join(words(sentence))} "))


@lru_cache(maxsize=4)
def cues(name: str = "cues") -> re.Pattern[str]:
    """Finds the words of `prompts/asides/cues.yaml`, or of another such file, between the folded words of a text."""
    blocks: dict[str, str] = read_yaml(PROMPTS / "asides" / f"{name}.yaml")
    lines = {" ".join(words(line)) for block in blocks.values() for line in block.splitlines()}
    return re.compile(rf" (?:{'|'.join(sorted(map(re.escape, lines - {''}), reverse=True))}) ")
