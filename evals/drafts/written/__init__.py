"""Drafts written by hand: promises, courtesies, and paragraphs of canned answers told again, rightly and wrongly."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from evals.drafts.making import Made, filled, half_of, number_of, with_changed_digits
from service.domain.answers import CannedAnswer
from service.yaml_file import read_yaml

_FOLDER = Path(__file__).parent
_FAR, _NEAR, _AMONG = 1, 2, 12
"""In how many answers a promise is planted: any, and some of those whose words are most like its own."""
_WORD, _STEM = re.compile(r"[^\W\d_]{4,}"), 6
_SETS = {
    "fresh": ("fresh", "kept"),
    "fresh_developed": ("fresh", "developed"),
    "later": ("later", None),
    "modelled": ("modelled", None),
    "trades": ("trades", "kept"),
    "trades_developed": ("trades", "developed"),
    "advisors": ("advisors", "kept"),
    "advisors_developed": ("advisors", "developed"),
    "desks": ("desks", None),
    "desks_developed": ("desks_developed", None),
    "hands": ("hands", None),
    "hands_developed": ("hands_developed", None),
}
"""The file of a part and which half of its sentences, where it has halves."""
PARTS = ("developed", "kept", *_SETS, "all")
_TOLD = {"condition": "told_falsely", "moved": "moved", "commitment": "promise_told", "fact": "fact_told"}


_Sentences = Mapping[str, Sequence[str]]
"""By language."""


@lru_cache(maxsize=4)
def _read(name: str) -> Any:
    return read_yaml(_FOLDER / f"{name}.yaml")


def written(answers: Sequence[CannedAnswer], part: str) -> Iterator[Made]:
    """Those whose answers are in this library or in the set itself. Of one half (by the written words), of both
    (`all`), or of a set of its own: of another hand (`fresh` is kept, `fresh_developed` is looked at), the third set,
    all of it kept (`later`), one that the check was mended on (`modelled`), one with answers of other trades (`trades`,
    `trades_developed`), one of ten advisors' edits, light and free (`advisors`, `advisors_developed`), one of eight
    more over all queues, sealed (`desks`), and its twin to develop on (`desks_developed`), one of free retellings in
    five hands, sealed (`hands`), and its twin (`hands_developed`)."""
    if part in _SETS:
        name, half = _SETS[part]
        given = _read(name)
        among = (*answers, *(_own(answer) for answer in given.get("answers", ())))
        made = (
            *_promises(among, given.get("promises", {})),
            *_told(among, given["paragraphs"]),
            *_courtesies(among, given.get("courtesies", {})),
        )
        yield from (one for one in made if half in (None, half_of(one.group)))
        return
    told, courtesies = _told(answers, _read("paragraphs")), _courtesies(answers, _read("courtesies"))
    promises = _promises(answers, _read("promises"))
    yield from (made for made in (*promises, *told, *courtesies) if part in ("all", half_of(made.group)))


def _own(answer: dict[str, Any]) -> CannedAnswer:
    """A canned answer that only a set has; the trade is its queue."""
    trade = answer["id"].split("_")[0]
    return CannedAnswer(queue=trade, title=answer["id"], situation=answer["id"], **answer)


def _promises(answers: Sequence[CannedAnswer], given: _Sentences) -> Iterator[Made]:
    for sentence, offered in _sentences(given, answers):
        by_chance = sorted(offered, key=lambda answer: number_of(f"{answer.id} {sentence}"))
        near = sorted(by_chance, key=lambda answer: -_shared(sentence, answer.body))[:_AMONG]
        chosen = sorted(near, key=by_chance.index)[:_NEAR]
        yield from (_planted(answer, sentence, "commitment", "promise_on_topic") for answer in chosen)
        far = [answer for answer in by_chance if answer not in near][:_FAR]
        yield from (_planted(answer, sentence, "commitment", "promise_off_topic") for answer in far)


def _courtesies(answers: Sequence[CannedAnswer], given: _Sentences) -> Iterator[Made]:
    for sentence, offered in _sentences(given, answers):
        chosen = min(offered, key=lambda answer: number_of(f"{answer.id} {sentence}"))
        yield Made(chosen, "faithful", "courtesy", sentence, group=sentence)


def _sentences(given: _Sentences, answers: Sequence[CannedAnswer]) -> Iterator[tuple[str, list[CannedAnswer]]]:
    """Each with the answers of its language."""
    for language, sentences in given.items():
        offered = [answer for answer in answers if answer.language == language]
        yield from ((sentence, offered) for sentence in sentences if offered)


def _shared(sentence: str, body: str) -> int:
    said = {word[:_STEM] for word in _WORD.findall(body.lower())}
    return len({word[:_STEM] for word in _WORD.findall(sentence.lower())} & said)


def _planted(answer: CannedAnswer, sentence: str, family: str, kind: str) -> Made:
    """At the end of the paragraph that shares most words with it, of those that are sentences."""
    blocks = filled(answer.body).split("\n\n")
    places = [n for n, block in enumerate(blocks) if block.rstrip().endswith(".") and "\n" not in block]
    chosen = max(places, key=lambda n: _shared(sentence, blocks[n]))
    before = "\n\n".join((*blocks[:chosen], blocks[chosen].rstrip()))
    text = "\n\n".join((f"{before} {sentence}", *blocks[chosen + 1 :]))
    at = (len(before) + 1, len(before) + 1 + len(sentence))
    return Made(answer, family, kind, text, at, group=sentence)


def _told(answers: Sequence[CannedAnswer], entries: Sequence[dict[str, Any]]) -> Iterator[Made]:
    known = {answer.id: answer for answer in answers}
    for entry in entries:
        if entry["answer"] not in known:
            continue
        answer, text, group = known[entry["answer"]], filled(entry["text"]), entry["text"]
        faithful = Made(answer, "faithful", "told_again", text, group=group, style=entry.get("style", ""))
        yield faithful
        for family, kind in _TOLD.items():
            for was, now, *sort in entry.get(family, ()):
                false = replace(faithful, family=family, kind=(*sort, kind)[0], twin=faithful)
                yield _replaced(false, filled(was), filled(now))
        for promise, sort in entry.get("added", ()):
            at = (len(text) + 1, len(text) + 1 + len(promise))
            yield replace(faithful, family="commitment", kind=sort, text=f"{text} {promise}", at=at)
        if "style" in entry:  # its facts are changed by hand
            continue
        for changed, at, was in with_changed_digits(text, answer):
            yield Made(answer, "fact", "changed_digit_told", changed, at, was, group)


def _replaced(made: Made, was: str, now: str) -> Made:
    start = made.text.index(was)
    text = f"{made.text[:start]}{now}{made.text[start + len(was) :]}"
    return replace(made, text=text, at=(start, start + len(now)), was=was)
