"""Simulated weeks of sent replies: what advisors agree on without a canned answer, and what looks like it. Seeded."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from evals.drafts.making import faithful, half, rules, sentences
from service.domain.answers import PLACEHOLDER, CannedAnswer
from service.learning.suggest_answers import Written
from service.yaml_file import read_yaml

WRITTEN = Path(__file__).parents[1] / "drafts" / "written"
ADVISORS = ("lea", "sam", "zoe", "nadia", "karim", "paul")
STYLES = ("filled", "formats", "words", "synonyms", "shortened", "clipped", "reworded")
PLANTED, LONELY, RARE, MIXED, KNOWN = 10, 4, 4, 60, 40
"""Answers taken out of the library and given by several advisors; by one alone; twice only. Replies that mix answers at
random, and replies that say what the library says."""


@dataclass(frozen=True, slots=True)
class Week:
    """`truths`: by reply the answer that it was made from, "" where no proposal may rest on it; `planted`: those that
    ought to be proposed."""

    replies: tuple[Written, ...]
    truths: tuple[str, ...]
    planted: frozenset[str]
    library: tuple[CannedAnswer, ...]


@lru_cache(maxsize=1)
def _told() -> dict[str, list[str]]:
    """By answer, its paragraphs told again by hand."""
    found: dict[str, list[str]] = {}
    loaded: list[dict[str, Any]] = read_yaml(WRITTEN / "paragraphs.yaml")
    for one in loaded:
        found.setdefault(one["answer"], []).append(one["text"])
    return found


@lru_cache(maxsize=1)
def _courtesies() -> list[str]:
    loaded: list[str] = read_yaml(WRITTEN / "courtesies.yaml")["fr"]
    return loaded


def week(answers: Sequence[CannedAnswer], seed: int, part: str) -> Week:
    """Planted answers are of that half (`developed` or `kept`); all else is of any."""
    chance = random.Random(seed)  # noqa: S311 - a simulation
    french = [answer for answer in answers if answer.language == "fr"]
    ours = [answer for answer in french if half(answer) == part]
    taken = chance.sample(ours, PLANTED + LONELY + RARE)
    planted, lonely, rare = taken[:PLANTED], taken[PLANTED:-RARE], taken[-RARE:]
    library = tuple(answer for answer in answers if answer not in taken)
    made = list(_given(planted, lonely, rare, chance))
    made += [("", _mixed(french, chance)) for _ in range(MIXED)]
    known = [answer for answer in library if answer.language == "fr"]
    made += [("", _reply(chance.choice(known), chance.choice(ADVISORS), chance)) for _ in range(KNOWN)]
    chance.shuffle(made)
    replies = tuple(Written(f"m-{number}", one.queue, one.by, one.text) for number, (_, one) in enumerate(made))
    return Week(replies, tuple(truth for truth, _ in made), frozenset(answer.id for answer in planted), library)


def _given(
    planted: Sequence[CannedAnswer], lonely: Sequence[CannedAnswer], rare: Sequence[CannedAnswer], chance: random.Random
) -> Iterator[tuple[str, Written]]:
    for answer in planted:
        several = chance.sample(ADVISORS, chance.randint(2, 4))
        for number in range(chance.randint(3, 8)):
            by = several[number] if number < len(several) else chance.choice(several)
            yield answer.id, _reply(answer, by, chance)
    for answer in lonely:
        by = chance.choice(ADVISORS)
        yield from (("", _reply(answer, by, chance)) for _ in range(4))
    for answer in rare:
        yield from (("", _reply(answer, by, chance)) for by in chance.sample(ADVISORS, 2))


def _reply(answer: CannedAnswer, by: str, chance: random.Random) -> Written:
    """In a style of the moment, some paragraphs in other words, some sentences left out, some courtesies put in."""
    made = {one.kind: one.text for one in faithful(answer)}
    blocks = [block for block in made[chance.choice(STYLES)].split("\n\n")[1:-2] if block.strip()]
    again = list(_told().get(answer.id, ()))
    chance.shuffle(again)
    for text in again[: chance.randint(0, len(again))]:
        place = chance.randrange(len(blocks)) if blocks else 0
        blocks[place : place + 1] = [text]
    kept = [block[start:end].strip() for block in blocks for start, end in sentences(block) if chance.random() > 0.12]
    for _ in range(chance.choice((0, 1, 1, 2))):
        kept.insert(chance.randint(0, len(kept)), chance.choice(_courtesies()))
    return Written("", answer.queue, by, _redacted(" ".join(kept)))


def _mixed(answers: Sequence[CannedAnswer], chance: random.Random) -> Written:
    """A few sentences of several answers: what was said once."""
    several = chance.sample(list(answers), 3)
    said = [one.body[start:end].strip() for one in several for start, end in sentences(one.body)[1:-2]]
    text = " ".join(chance.sample(said, min(len(said), chance.randint(3, 6))))
    return Written("", several[0].queue, chance.choice(ADVISORS), _redacted(text))


def _redacted(text: str) -> str:
    """As stored: what was filled in is a placeholder without a number."""
    for name, value in rules()["values"].items():
        text = re.sub(re.escape(str(value)), f"[{name.upper()}]", text)
    return PLACEHOLDER.sub(lambda found: f"[{found[1].upper()}]", text)
