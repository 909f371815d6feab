"""Drafts written by hand: promises that no answer makes, and paragraphs of canned answers told again, rightly and wrongly."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from evals.drafts.making import Made, filled, half_of, number_of, with_changed_digits
from service.domain.answers import CannedAnswer

_FOLDER = Path(__file__).parent
_TIMES = 3
"""In how many answers a promise is planted."""
_TOLD = {"condition": "told_falsely", "moved": "moved"}


@lru_cache(maxsize=2)
def _read(name: str) -> Any:
    return yaml.safe_load((_FOLDER / f"{name}.yaml").read_text("utf-8"))


def written(answers: Sequence[CannedAnswer], part: str) -> Iterator[Made]:
    """Those whose answers are in this library, of one half (by the written words), or of both (`all`)."""
    yield from (made for made in (*_promises(answers), *_told(answers)) if part in ("all", half_of(made.group)))


def _promises(answers: Sequence[CannedAnswer]) -> Iterator[Made]:
    for language, sentences in _read("promises").items():
        offered = [answer for answer in answers if answer.language == language]
        for sentence in sentences:
            chosen = sorted(offered, key=lambda answer: number_of(f"{answer.id} {sentence}"))[:_TIMES]
            yield from (_planted(answer, sentence) for answer in chosen)


def _planted(answer: CannedAnswer, sentence: str) -> Made:
    """At the end of one of the paragraphs that are sentences."""
    blocks = filled(answer.body).split("\n\n")
    places = [n for n, block in enumerate(blocks) if block.rstrip().endswith(".") and "\n" not in block]
    chosen = places[number_of(sentence) % len(places)]
    before = "\n\n".join((*blocks[:chosen], blocks[chosen].rstrip()))
    text = "\n\n".join((f"{before} {sentence}", *blocks[chosen + 1 :]))
    return Made(answer, "commitment", "promise_written", text, (len(before) + 1, len(before) + 1 + len(sentence)), group=sentence)


def _told(answers: Sequence[CannedAnswer]) -> Iterator[Made]:
    known = {answer.id: answer for answer in answers}
    for entry in _read("paragraphs"):
        if entry["answer"] not in known:
            continue
        answer, text, group = known[entry["answer"]], filled(entry["text"]), entry["text"]
        yield Made(answer, "faithful", "told_again", text, group=group)
        for family, kind in _TOLD.items():
            for was, now in entry.get(family, ()):
                yield _replaced(Made(answer, family, kind, text, group=group), filled(was), filled(now))
        for changed, at, was in with_changed_digits(text, answer):
            yield Made(answer, "fact", "changed_digit_told", changed, at, was, group)


def _replaced(made: Made, was: str, now: str) -> Made:
    start = made.text.index(was)
    text = f"{made.text[:start]}{now}{made.text[start + len(was) :]}"
    return Made(made.answer, made.family, made.kind, text, (start, start + len(now)), was, made.group)
