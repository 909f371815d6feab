"""Negations, conditions and opposites that a draft's clause has lost or gained against the nearest source clause."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from service.pipeline.check.clauses import Clause
from service.pipeline.redact.words import fold
from service.settings import PROMPTS


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """prompts/check/meaning.yaml, compiled. Patterns match folded text."""

    negations: frozenset[str]
    passing: frozenset[str]
    neutral: re.Pattern[str]
    bonds: Mapping[str, re.Pattern[str]]
    spared: Mapping[str, re.Pattern[str]]
    stands_for: Mapping[str, Sequence[str]]
    opposites: Sequence[tuple[str, str]]
    commitments: Mapping[str, re.Pattern[str]]
    statements: re.Pattern[str]
    documents: re.Pattern[str]


@lru_cache(maxsize=4)
def meaning(folder: Path = PROMPTS / "check") -> Meaning:
    """As shipped. Raises FileNotFoundError, KeyError or re.error where something is missing or wrong."""
    given = yaml.safe_load((folder / "meaning.yaml").read_text("utf-8"))
    pairs = [(first, second) for first, second in given["opposites"]]
    return Meaning(
        negations=frozenset(given["negations"]),
        passing=frozenset(given["passing"]),
        neutral=_phrases(given["neutral"]),
        bonds={name: _phrases(words) for name, words in given["bonds"].items()},
        spared={name: _phrases(words) for name, words in given["spared"].items()},
        stands_for=given["stands_for"],
        opposites=[*pairs, *((second, first) for first, second in pairs)],
        commitments={name: _expressions(ways) for name, ways in given["commitments"].items()},
        statements=_expressions(given["statements"]),
        documents=_beginnings(given["documents"]),
    )


def changes(clause: Clause, source: Clause, also: Sequence[Clause] = ()) -> Iterator[str]:
    """What the clause says otherwise than its source: `negation_added`, `negation_lost`, `condition_lost`,
    `opposite`. `also`: other clauses of the draft that rest on the same source clause."""
    words = meaning()
    kept = " ".join((clause.text, *(other.text for other in also)))
    ours, theirs = _bonds(kept, words), _bonds(source.text, words)
    gained, lost = ours - theirs, theirs - ours
    yield from _negations(clause, source, words, excepted=bool(gained["exception"] or lost["exception"]))
    unbound = [bond for bond in lost if not any(gained[other] for other in words.stands_for.get(bond, ()))]
    if unbound and not (
        set(unbound) == {"exception"} and len(_negated(kept, words)) > len(_negated(source.text, words))
    ):
        yield "condition_lost"
    for meant, said in words.opposites:
        if _has(clause, said) and not _has(source, said) and _has(source, meant) and not _has(clause, meant):
            yield "opposite"
            return


def _bonds(text: str, words: Meaning) -> Counter[str]:
    counted = {}
    for name, pattern in words.bonds.items():
        spared = words.spared[name].sub(" ", text) if name in words.spared else text
        counted[name] = len(pattern.findall(spared))
    return Counter(counted)


def _negations(clause: Clause, source: Clause, words: Meaning, excepted: bool) -> Iterator[str]:
    """A word that is negated on one side and stands there plainly on the other."""
    ours, theirs = _negated(clause.text, words), _negated(source.text, words)
    plain, meant = Counter(clause.words) - ours, Counter(source.words) - theirs
    if any(ours[word] > theirs[word] and meant[word] > plain[word] for word in ours):
        yield "negation_added"
    elif not excepted and any(theirs[word] > ours[word] and plain[word] > meant[word] for word in theirs):
        yield "negation_lost"


def _negated(text: str, words: Meaning) -> Counter[str]:
    """How often each word comes right after a negation, small words stepped over; never across a comma."""
    counted: Counter[str] = Counter()
    negated = False
    for word in re.findall(r"[^\W_]+|[,()]", words.neutral.sub(" ", text)):
        if word in ",()":
            negated = False
        elif word in words.negations:
            negated = True
        elif negated and word not in words.passing:
            counted[word] += 1
            negated = False
    return counted


def _has(clause: Clause, beginning: str) -> bool:
    return any(word.startswith(beginning) for word in clause.words)


def _phrases(given: Sequence[str]) -> re.Pattern[str]:
    ways = (
        re.escape(way) + ("" if way.endswith("'") else r"(?!\w)")
        for way in sorted(map(fold, given), key=len, reverse=True)
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(ways)})")


def _expressions(given: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w)(?:{way})(?!\w)" for way in given))


def _beginnings(given: Sequence[str]) -> re.Pattern[str]:
    ways = "|".join(re.escape(fold(way)) for way in sorted(given, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{ways})(?=s?(?!\w))")
