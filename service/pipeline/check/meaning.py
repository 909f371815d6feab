"""Negations, conditions and opposites that a draft's clause has lost or gained against the nearest source clause."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import yaml

from service.pipeline.check.clauses import Clause
from service.pipeline.check.tokens import Tokens, group_of, tokens, weight
from service.pipeline.redact.words import fold
from service.settings import PROMPTS

_STEP = re.compile(r"[^\W_]+|[,()]")
_END = re.compile(r"[,()]")
_PAIR = 2
_BY_FACT = frozenset({"cap", "floor"})
"""Limits that are judged fact by fact where the clause keeps one of them."""
_GONE, _ENOUGH = 0.5, 0.4
"""Share of what a condition ties on that has to be gone, and share of the rest that has to be said."""


class Openers(NamedTuple):
    """Words, and endings of words, that begin a sentence without being names."""

    words: frozenset[str]
    endings: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Meaning:
    """prompts/check/meaning.yaml, compiled. Patterns match folded text."""

    negations: frozenset[str]
    seconds: frozenset[str]
    refusals: tuple[str, ...]
    stops: frozenset[str]
    tying: frozenset[str]
    standing: frozenset[str]
    passing: frozenset[str]
    neutral: re.Pattern[str]
    bonds: Mapping[str, re.Pattern[str]]
    spared: Mapping[str, re.Pattern[str]]
    opposed: Mapping[str, str]
    stands_for: Mapping[str, Sequence[str]]
    opposites: Sequence[tuple[str, str]]
    commitments: Mapping[str, re.Pattern[str]]
    akin: Mapping[str, frozenset[str]]
    grave: frozenset[str]
    futures: re.Pattern[str]
    statements: re.Pattern[str]
    courtesies: re.Pattern[str]
    documents: re.Pattern[str]
    openers: Openers
    stakes: tuple[str, ...]
    owed: re.Pattern[str]
    reported: re.Pattern[str]
    contact: re.Pattern[str]
    opening: re.Pattern[str]


@lru_cache(maxsize=4)
def meaning(folder: Path = PROMPTS / "check") -> Meaning:
    """As shipped. Raises FileNotFoundError, KeyError or re.error where something is missing or wrong."""
    given = yaml.safe_load((folder / "meaning.yaml").read_text("utf-8"))
    pairs = [(first, second) for first, second in given["opposites"]]
    return Meaning(
        negations=frozenset(given["negations"]),
        seconds=frozenset(given["seconds"]),
        refusals=tuple(given["refusals"]),
        stops=frozenset((*",()", *given["stops"])),
        tying=frozenset(given["tying"]),
        standing=frozenset(given["standing"]),
        passing=frozenset(given["passing"]),
        neutral=_phrases(given["neutral"]),
        bonds={name: _phrases(words) for name, words in given["bonds"].items()},
        spared={name: _phrases(words) for name, words in given["spared"].items()},
        opposed=given["opposed"],
        stands_for=given["stands_for"],
        opposites=[*pairs, *((second, first) for first, second in pairs)],
        commitments={name: _expressions(ways) for name, ways in given["commitments"].items()},
        akin={
            name: frozenset(other for group in given["akin"] if name in group for other in group)
            for name in given["commitments"]
        },
        grave=frozenset(given["grave"]),
        futures=_expressions(given["futures"]),
        statements=_expressions(given["statements"]),
        courtesies=_expressions(given["courtesies"]),
        documents=_beginnings(given["documents"]),
        openers=Openers(frozenset(fold(given["openers"]["words"]).split()), tuple(given["openers"]["endings"])),
        stakes=tuple(fold(given["stakes"]).split()),
        owed=_expressions(given["owed"]),
        reported=_expressions(given["reported"]),
        contact=_expressions(given["contact"]),
        opening=_expressions(given["opening"]),
    )


def is_bound(text: str) -> bool:
    """Whether a folded text has a condition or limit of any kind."""
    return any(_bonds(text, meaning()).values())


def bonds_of(text: str) -> Counter[str]:
    """How many conditions and limits of each kind a folded text has."""
    return _bonds(text, meaning())


def turned(clause: Clause, source: Clause) -> Iterator[str]:
    """What the clause says the other way round than its source: `negation_added`, `negation_lost`, `opposite`."""
    words = meaning()
    excepted = _bonds(clause.text, words)["exception"] != _bonds(source.text, words)["exception"]
    yield from _negations(clause, source, words, excepted)
    if _is_opposite(clause, source, words):
        yield "opposite"


def unbound(clause: Clause, source: Clause, also: Sequence[Clause] = (), told: Set[str] = frozenset()) -> bool:
    """Whether the clause has lost a condition or limit of its source, or has it the other way round.

    `also`: other clauses of the draft that rest on the same source clause; `told`: the customer's own facts.
    """
    words = meaning()
    ours_all = [clause, *also, *(() if clause.lead is None else (clause.lead,))]
    ours, theirs = _bonds(" ".join(other.text for other in ours_all), words), _bonds(source.text, words)
    gained, lost = ours - theirs, theirs - ours
    if any(gained[words.opposed.get(bond, "")] for bond in lost):
        return True
    kept = {name for other in ours_all for name in other.tokens} | told
    lost = Counter({bond: 1 for bond in lost if not (bond in _BY_FACT and ours[bond])})
    unstood = [bond for bond in lost if not any(gained[other] for other in words.stands_for.get(bond, ()))]
    missed = [bond for bond in unstood if bond not in words.standing and _is_lost(bond, source, kept, words)]
    if missed == ["exception"]:
        return sum(_negated(clause.text, words).values()) <= sum(_negated(source.text, words).values())
    return bool(missed) or (
        not any(gained[bond] for bond in words.tying) and _has_lost_lead(clause, source, ours, kept, words)
    )


def _has_lost_lead(clause: Clause, source: Clause, ours: Counter[str], kept: Set[str], words: Meaning) -> bool:
    """Whether a condition before the colon is gone, or of the line above the list that it is no item of any more."""
    above = None if clause.is_item else source.above
    leads = [lead for lead in (source.lead, above) if lead is not None]
    return any(
        _ties(lead, found, source.tokens, kept)
        for lead in leads
        for bond in words.tying
        for found in words.bonds[bond].finditer(lead.text)
        if not (bond == "if" and ours["if"])
    )


def _is_lost(bond: str, source: Clause, kept: Set[str], words: Meaning) -> bool:
    """Whether what the bond ties on is gone too: "si le véhicule est financé", not only its "si"; and the clause
    says enough of the rest. A limit's own word ("uniquement", "jusqu'à") counts by itself."""
    if bond not in words.tying:
        return True
    return any(_ties(source, found, None, kept) for found in words.bonds[bond].finditer(source.text))


def _ties(source: Clause, found: re.Match[str], rest: Tokens | None, kept: Set[str]) -> bool:
    """Whether what a bond ties on is gone from what is kept, though of the rest, that it holds for, enough is said."""
    end = _END.search(source.text, found.end())
    stop = end.start() if end else len(source.text)
    rest = rest or {**_said(source, 0, found.start()), **_said(source, stop, len(source.text))}
    tied = {name: value for name, value in _said(source, found.end(), stop).items() if name not in rest}
    said = weight(rest) - weight(rest, kept)
    return bool(tied) and weight(tied, kept) > _GONE * weight(tied) and said >= _ENOUGH * weight(rest)


def _said(source: Clause, start: int, stop: int) -> Tokens:
    """What the words of a source between two places say."""
    at = source.start + start
    inside = [fact for fact in source.facts if at <= fact.start < source.start + stop]
    return tokens(source.text[start:stop], at, inside)


def _bonds(text: str, words: Meaning) -> Counter[str]:
    counted = {}
    for name, pattern in words.bonds.items():
        spared = words.spared[name].sub(" ", text) if name in words.spared else text
        counted[name] = len(pattern.findall(spared))
    return Counter(counted)


def _negations(clause: Clause, source: Clause, words: Meaning, excepted: bool) -> Iterator[str]:
    """A word that is negated on one side and stands there plainly on the other, which has fewer negations.

    A word of refusal or absence ("refusé", "gratuit", "inutile") stands for a negation.
    """
    ours, theirs = _negated(clause.text, words), _negated(source.text, words)
    plain, meant = _groups(clause) - ours, _groups(source) - theirs
    more = sum(ours.values()) + _refusals(clause, words) - sum(theirs.values()) - _refusals(source, words)
    if more > 0 and any(ours[word] > theirs[word] and meant[word] > plain[word] for word in ours):
        yield "negation_added"
    elif more < 0 and not excepted and any(theirs[word] > ours[word] and plain[word] > meant[word] for word in theirs):
        yield "negation_lost"


def _groups(clause: Clause) -> Counter[str]:
    return Counter(group_of(word) for word in clause.words)


def _refusals(clause: Clause, words: Meaning) -> int:
    return sum([word.startswith(words.refusals) for word in clause.words])


def _negated(text: str, words: Meaning) -> Counter[str]:
    """How often each word, by its group, comes right after a negation, small words stepped over; never across a
    comma or "et". The second word of a pair ("ne cédez pas") negates nothing more."""
    counted: Counter[str] = Counter()
    negated, spent = False, 0
    for word in _STEP.findall(words.neutral.sub(" ", text)):
        spent -= 1
        if word in words.stops:
            negated = False
        elif word in words.negations:
            negated = spent <= 0 or word not in words.seconds
        elif negated and word not in words.passing:
            counted[group_of(word)] += 1
            negated, spent = False, _PAIR
    return counted


def _is_opposite(clause: Clause, source: Clause, words: Meaning) -> bool:
    """ "payant" for "gratuit": each said plainly, and only on its side."""
    ours, theirs = _plain(clause, words), _plain(source, words)
    return any(
        _begins(ours, said)
        and not _begins(source.words, said)
        and _begins(theirs, meant)
        and not _begins(clause.words, meant)
        for meant, said in words.opposites
    )


def _plain(clause: Clause, words: Meaning) -> list[str]:
    negated = _negated(clause.text, words)
    return [word for word in clause.words if group_of(word) not in negated]


def _begins(said: Iterable[str], beginning: str) -> bool:
    return any(word.startswith(beginning) for word in said)


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
