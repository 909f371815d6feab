"""Own words on hand-labelled messages: one letter a line that is not blank, `B` for own words, `?` for either.

The labels were made before anything was tuned; the locked half was never looked at while tuning.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from service.domain.cleaned import Part
from service.domain.message import Message
from service.pipeline.clean import clean, opened, own
from service.settings import REFERENCE

GOLD = Path(__file__).parents[3] / "data" / "clean_gold.jsonl"
CORPUS = REFERENCE / "confirmed"


@dataclass
class Score:
    right: int = 0
    false: int = 0
    missed: int = 0
    exact: int = 0
    messages: int = 0

    @property
    def f1(self) -> float:
        return 2 * self.right / (2 * self.right + self.false + self.missed)


@cache
def corpus() -> dict[str, Message]:
    lines = (line for path in sorted(CORPUS.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines())
    return {message["id"]: Message.model_validate(message) for message in map(json.loads, lines)}


def own_lines(message: Message) -> list[bool]:
    """For each line of the body that is not blank, whether most of its characters are own words."""
    cleaned = clean(message)
    own = bytearray(len(message.body))
    for segment in cleaned.segments:
        for place in range(segment.start, segment.end) if segment.part is Part.BODY else ():
            if span := cleaned.alignment.to_source(place, place + 1):
                own[span[0] : span[1]] = b"\1" * (span[1] - span[0])
    lines, start = [], 0
    for line in message.body.split("\n"):
        if line.strip():
            lines.append(2 * sum(own[start : start + len(line)]) > len(line.strip()))
        start += len(line) + 1
    return lines


def score(half: str) -> Score:
    total = Score()
    for row in map(json.loads, GOLD.read_text("utf-8").splitlines()):
        if row["half"] != half:
            continue
        told = [
            (label == "B", own)
            for label, own in zip(row["lines"], own_lines(corpus()[row["id"]]), strict=True)
            if label != "?"
        ]
        total.right += told.count((True, True))
        total.false += told.count((False, True))
        total.missed += told.count((True, False))
        total.exact += all(wanted == own for wanted, own in told)
        total.messages += 1
    return total


@pytest.mark.parametrize("half", ["tune", "locked"])
def test_own_words_are_told_from_the_rest(half: str) -> None:
    found = score(half)
    assert found.f1 >= 0.95, found
    assert found.exact >= 0.9 * found.messages, found


def test_no_message_of_the_account_loses_all_its_words() -> None:
    assert [name for name, message in corpus().items() if not clean(message).own.strip()] == []


def test_the_language_of_nearly_every_message_is_right() -> None:
    lines = (line for path in CORPUS.glob("*.jsonl") for line in path.read_text("utf-8").splitlines())
    labels = {row["id"]: row["language"] for row in map(json.loads, lines)}
    wrong = [name for name, message in corpus().items() if clean(message).language != labels[name]]
    assert len(wrong) <= 13


def test_own_words_alone_are_those_of_the_whole_reading() -> None:
    messages = [opened(message) for message in list(corpus().values())[::20]]
    assert [own(message) for message in messages] == [clean(message).own for message in messages]
