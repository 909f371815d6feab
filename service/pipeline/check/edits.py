"""A draft's clause that is its source's but for a few words: a negation put in or taken out, a word turned round, a
condition left out. Words are aligned by longest matching blocks (Ratcliff and Metzener 1988, as `difflib` does)."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from typing import NamedTuple

from service.domain.answers import PLACEHOLDER
from service.pipeline.check.clauses import Clause, Near, kept
from service.pipeline.check.conditions import bonds_in
from service.pipeline.check.meaning import Meaning, meaning
from service.pipeline.check.negation import sense
from service.pipeline.check.tokens import synonyms, token
from service.settings import PROMPTS
from service.yaml_file import read_yaml

_WORD = re.compile(r"[^\W_]+")
_FILLED = re.compile("\0+")
LITERAL = 0.75
"""Share of its words, small ones too, from which on a clause is its source's and no free rewording."""
_ALIKE, _WHOLE = 0.8, 0.6
"""Share of what the clause says that its source says in the same order, and the reverse, from which on it is that
source; a condition that was left out counts on neither side."""
_AMONG = 4
_CUT = re.compile(r"[,:()](?! (?:ou|ni|or|nor)(?!\w))")
"""Where a condition ends, unless what follows is one more case of it."""
_MODAL = ("may", "might", "will", "going", "must", "free")
_FEW = 4
"""Words that come or go with a negation at most."""
_TOLD = 0.5
"""Share of what a condition ties on that the sentences round it have to say for it to stand there."""
_LEAVABLE = ("if", "exception", "only", "cap", "floor", "deadline", "before")
"""Kinds of conditions and limits that are looked for among what was left out."""
_SANS = "sans"
_ANY = (*_LEAVABLE, "since", "after", "over", "under", "within")


@dataclass(frozen=True, slots=True, eq=False)
class Edits:
    """prompts/check/edits.yaml."""

    half: frozenset[str]
    swaps: Sequence[tuple[frozenset[str], frozenset[str]]]
    may: re.Pattern[str]
    might: re.Pattern[str]
    will: re.Pattern[str]
    going: re.Pattern[str]
    must: re.Pattern[str]
    free: re.Pattern[str]
    articles: frozenset[str]
    qualifying: frozenset[str]
    settled: re.Pattern[str]
    relative: re.Pattern[str]
    apart: re.Pattern[str]


@cache
def edits() -> Edits:
    """As shipped. Raises FileNotFoundError, KeyError or re.error where something is missing."""
    given = read_yaml(PROMPTS / "check" / "edits.yaml")
    pairs = [(frozenset(one), frozenset(other)) for one, other in given["swaps"]]
    modal = {name: re.compile(rf"(?<!\w)(?:{given['modal'][name]})(?!\w)") for name in _MODAL}
    said = {name: re.compile(rf"(?<!\w)(?:{given[name]})(?!\w)") for name in ("settled", "relative", "apart")}
    both = (*pairs, *((other, one) for one, other in pairs))
    half, articles, qualifying = (frozenset(given[name]) for name in ("half", "articles", "qualifying"))
    return Edits(half, both, articles=articles, qualifying=qualifying, **modal, **said)


class Edited(NamedTuple):
    """`kind` as of a finding."""

    kind: str
    source: Clause


class Word(NamedTuple):
    """`name`: its group, or what it is a fact of; "" for what is filled in. `start` and `end` in the clause."""

    name: str
    text: str
    start: int
    end: int


class Change(NamedTuple):
    """Words of the source that the clause has not, and words that it has instead, at one place."""

    removed: tuple[Word, ...]
    added: tuple[Word, ...]


class Aligned(NamedTuple):
    """`kept`: how many words of weight both have in the same order; `same`: how many of any kind."""

    clause: Clause
    source: Clause
    changes: Sequence[Change]
    kept: int
    same: int

    @property
    def literal(self) -> float:
        """The share of all its words, small ones too, that stand in the source in the same order; apart from
        words that deny or turn round, which may be the fault."""
        turning = meaning().negations.union(*(one for one, _ in edits().swaps))
        added = sum(word.text not in turning for change in self.changes for word in unfilled(change))
        return self.same / (self.same + added or 1)

    @property
    def alike(self) -> float:
        """The share of what the clause says that the source says in the same order."""
        added = sum(weighs(word) for change in self.changes for word in unfilled(change))
        return self.kept / (self.kept + added) if self.kept else 0.0

    def is_whole(self, without: Sequence[Word] = ()) -> bool:
        """Whether it says most of its source, `without` apart."""
        removed = sum(weighs(word) for change in self.changes for word in change.removed if word not in without)
        return self.kept >= _WHOLE * (self.kept + removed)


def beside(clause: Clause, near: Sequence[Near]) -> list[Aligned]:
    """The clause word by word beside each of the source clauses that are nearest to it."""
    return [_aligned(clause, one.clause) for one in near[:_AMONG]]


def edited(found: Sequence[Aligned], told: Set[str]) -> Edited | None:
    """What was done to the source clause that a clause is but for a few words; None where none is, or where nothing
    of the kind was done. `told`: what the draft says round the clause."""
    best = max(found, key=lambda one: (one.alike, one.literal), default=None)
    if best is None or best.alike < _ALIKE or best.literal < LITERAL:
        return None
    words = meaning()
    kind = _turned(best, words) if best.is_whole() else ""
    kind = kind or ("condition_lost" if any(_is_bared(change, best, told, words) for change in best.changes) else "")
    return Edited(kind, best.source) if kind else None


def _aligned(clause: Clause, source: Clause) -> Aligned:
    ours, theirs = _words(clause), _words(source)
    matcher = SequenceMatcher(None, [word.name for word in theirs], [word.name for word in ours], autojunk=False)
    codes = matcher.get_opcodes()
    changes = [Change(theirs[a:b], ours[c:d]) for sort, a, b, c, d in codes if sort != "equal"]
    kept = sum(weighs(word) for sort, _, _, c, d in codes if sort == "equal" for word in ours[c:d])
    same = sum(d - c for sort, _, _, c, d in codes if sort == "equal")
    return Aligned(clause, source, changes, kept, same)


def unfilled(change: Change) -> Sequence[Word]:
    """What was added, unless it fills a placeholder."""
    return () if any(not word.name for word in change.removed) else change.added


@kept
def _words(clause: Clause) -> tuple[Word, ...]:
    text = PLACEHOLDER.sub(lambda name: "\0" * len(name[0]), clause.text)
    found = [Word(token(fact), "", fact.start - clause.start, fact.end - clause.start) for fact in clause.facts]
    found += [Word("", "", *place.span()) for place in _FILLED.finditer(text)]
    taken = {place for word in found for place in range(word.start, word.end)}
    for word in _WORD.finditer(text):
        if word.start() not in taken:
            light = word[0] in synonyms().light
            found.append(Word(word[0] if light else sense(word[0], meaning()), word[0], *word.span()))
    return tuple(sorted(found, key=lambda word: word.start))


def weighs(word: Word) -> bool:
    """Whether it says something: no small word, no negation, nothing that is filled in."""
    return bool(word.name) and word.text not in synonyms().light and word.text not in meaning().negations


def _turned(best: Aligned, words: Meaning) -> str:
    """Whether nothing but a negation came or went, or one word stands for its contrary."""
    if _are_limited(best):
        return ""
    if any(map(_is_swap, best.changes)):
        return "opposite"
    small = [
        change for change in best.changes if max(map(len, change)) <= _FEW and not any(map(weighs, sum(change, ())))
    ]
    came = {word.text for change in small for word in change.added} & words.negations
    went = {word.text for change in small for word in change.removed} & words.negations
    if came and went:
        return ""
    return "negation_added" if _denies(came) else "negation_lost" if _denies(went) else ""


def _are_limited(best: Aligned) -> bool:
    """Whether the one says "ne … sans" for the other's "ne … qu'avec"."""
    return _SANS in best.clause.words and all(bonds_in(one)["only"] for one in (best.clause, best.source))


def _denies(said: Set[str]) -> bool:
    """Whether these say no by themselves: "ne" alone may be a limit's, "plus" alone a degree's."""
    return bool(said - edits().half) or len(said) > 1


def _is_swap(change: Change) -> bool:
    """Whether what was put in is what was taken out, turned round."""
    was, now = ({word.text for word in side} for side in change)
    return any(was & one and now & other and not was & other and not now & one for one, other in edits().swaps)


def _is_bared(change: Change, best: Aligned, told: Set[str], words: Meaning) -> bool:
    """Whether a whole condition or limit was left out, with nothing of the kind in its place or round it."""
    left = [*change.removed]
    while left and not opens(left[0], best.source, words) and not weighs(left[0]) and left[0].name:
        del left[0]
    if not left or not opens(left[0], best.source, words) or any(weighs(word) for word in unfilled(change)):
        return False
    if _bound(best.clause) >= _bound(best.source):
        return False
    if _CUT.search(best.source.text, left[0].end, left[-1].start) or not best.is_whole(left):
        return False
    tied = [word.name for word in left if weighs(word)]
    return sum(name in told for name in tied) < _TOLD * len(tied) if tied else all(word.name for word in left)


def _bound(clause: Clause) -> int:
    counted = bonds_in(clause)
    return sum(counted[bond] for bond in _ANY)


def opens(word: Word, source: Clause, words: Meaning) -> bool:
    """Whether a condition or limit begins with the word."""
    return any(words.bonds[bond].match(source.text, word.start) for bond in _LEAVABLE)
