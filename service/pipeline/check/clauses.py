"""Clauses of a text, and the clauses of the sources that say nearly the same."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import NamedTuple, TypeVar

from service.pipeline.check.facts import facts
from service.pipeline.check.lexicon import lexicon
from service.pipeline.check.tokens import Tokens, tokens, weight
from service.pipeline.redact.spans import Span
from service.pipeline.redact.words import fold

R = TypeVar("R")

_CLAUSE = re.compile(r"[^\n]+?(?:(?<!\bl)[.!?;:](?=\s|$)|(?=\n|$))")
_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_ITEM = "- "
NEAR = 0.45
_AS_NEAR = 0.12
_LACKED = 0.3
_TELLING, _COVERED = 2.0, 0.6


@dataclass(frozen=True, eq=False)
class Clause:
    """What stands between two of `.!?;:` or line ends. `text` is folded, `written` as shown.

    `lead` is what a colon on the same line announces it by; a clause of nothing but facts says what its lead says.
    `above` is the line with a colon that leads to the list of which it is an item.
    """

    start: int
    end: int
    text: str
    written: str
    words: tuple[str, ...]
    tokens: Tokens
    facts: tuple[Span, ...]
    lead: "Clause | None" = None
    above: "Clause | None" = None

    @cached_property
    def weight(self) -> float:
        return weight(self.tokens)

    @cached_property
    def counted(self) -> tuple[Span, ...]:
        """Its facts, and counts in words ("deux nuits")."""
        numbers = lexicon().numbers
        counts = [
            Span(self.start + word.start(), self.start + word.end(), "number", str(numbers[word[0]]))
            for word in _LETTERS.finditer(self.text)
            if numbers.get(word[0], 0) > 1
        ]
        inside = {place for fact in self.facts for place in range(fact.start, fact.end)}
        return (*self.facts, *(count for count in counts if count.start not in inside))

    @property
    def is_item(self) -> bool:
        """Whether it begins an item of a list, or stands in one."""
        return self.above is not None or (self.lead or self).text.lstrip().startswith(_ITEM)

    @property
    def place(self) -> Span:
        """Where it stands, white space apart."""
        before = len(self.text) - len(self.text.lstrip())
        return Span(self.start + before, self.start + len(self.text.rstrip()), "clause", "")

    def words_between(self, start: int, stop: int) -> list[str]:
        """What the words between two places of the clause say."""
        inside = [fact for fact in self.facts if start <= fact.start - self.start < stop]
        return [*tokens(self.text[start:stop], self.start + start, inside)]

    def said(self, fact: Span) -> str:
        """A fact of this clause, as it is written."""
        return self.text[fact.start - self.start : fact.end - self.start]

    def said_name(self, found: re.Match[str]) -> bool:
        """Whether what was found in the clause is one capitalised word, such as a surname, inside it."""
        return self.text[: found.start()].strip() != "" and found[0].capitalize() in _WORD.findall(self.written)


class Near(NamedTuple):
    share: float
    clause: Clause


def clauses(text: str) -> tuple[Clause, ...]:
    """In order; the spans of their facts are places in `text`."""
    folded, found = fold(text), facts(text)
    starts = [fact.start for fact in found]
    made: list[Clause] = []
    above: Clause | None = None
    for match in _CLAUSE.finditer(folded):
        if _WORD.search(match[0]):
            inside = found[bisect_left(starts, match.start()) : bisect_left(starts, match.end())]
            lead = made[-1] if made and made[-1].end == match.start() and made[-1].text.endswith(":") else None
            listed = folded.startswith(_ITEM, folded.rfind("\n", 0, match.start() + 1) + 1)
            made.append(_clause(text, folded, *match.span(), inside, lead, above if listed else None))
            above = above if listed else made[-1] if made[-1].text.endswith(":") else None
    return tuple(made)


def _clause(
    text: str,
    folded: str,
    start: int,
    end: int,
    found: Sequence[Span],
    lead: Clause | None,
    above: Clause | None,
) -> Clause:
    written, words = " ".join(text[start:end].split()), tuple(_WORD.findall(folded[start:end]))
    said = tokens(folded[start:end], start, found)
    if lead and all(" " in name for name in said):
        said = {**lead.tokens, **said}
    return Clause(start, end, folded[start:end], written, words, said, tuple(found), lead, above)


def kept(of: Callable[[Clause], R]) -> Callable[[Clause], R]:
    """`of`, whose answer is kept with the clause: as long as a canned answer's is remembered, and no longer than the
    draft or the record that it is of, which nobody asks for again."""
    name = f"{of.__module__}.{of.__qualname__}"

    @wraps(of)
    def once(clause: Clause) -> R:
        held = clause.__dict__
        if name not in held:
            held[name] = of(clause)
        found: R = held[name]
        return found

    return once


def part(clause: Clause, start: int, end: int) -> Clause:
    """What stands between two places of a clause, as a clause of its own."""
    inside = tuple(fact for fact in clause.facts if start <= fact.start - clause.start < end)
    text, words = clause.text[start:end], tuple(_WORD.findall(clause.text[start:end]))
    said = tokens(text, clause.start + start, inside)
    at = clause.start
    return Clause(at + start, at + end, text, clause.written, words, said, inside, clause.lead, clause.above)


def nearest_of(near: Sequence[Near], least: float = NEAR) -> list[Near]:
    """Those of `shares` that say at least that share, and hardly less than the first does."""
    return [one for one in near if one.share >= max(least, near[0].share - _AS_NEAR)]


def common(clause: Clause, source: Clause) -> Tokens:
    """What both say, by the clause's weights."""
    return {name: value for name, value in clause.tokens.items() if name in source.tokens}


def shares(clause: Clause, sources: Iterable[Clause], told: Set[str] = frozenset()) -> list[Near]:
    """Every source clause that says something of what the clause says, the nearest first.

    What is `told`, the customer's own facts, counts on neither side. A fact that the source says ties the two
    together; one that it lacks, which may be the fault, hardly parts them.
    """
    said = {name: value for name, value in clause.tokens.items() if name not in told}
    apart = sum(min(value, _LACKED) if " " in name else value for name, value in said.items())
    near = []
    for source in sources:
        if common := said.keys() & source.tokens.keys():
            shared = sum([said[name] for name in common])
            tied = sum([said[name] - min(said[name], _LACKED) for name in common if " " in name])
            near.append(Near(shared / (apart + tied) + 0.1 * shared / max(1.0, source.weight), source))
    return sorted(near, key=lambda one: (-one.share, len(one.clause.tokens)))


def covered(
    clause: Clause, sources: Iterable[Clause], part: Callable[[Clause], Tokens] = lambda source: source.tokens
) -> list[Clause]:
    """The source clauses of which, or of that part of which, the clause, which may join several, says most."""
    said = clause.tokens.keys()
    return [
        source
        for source in sources
        if (shared := (told := part(source)).keys() & said)  # most share nothing: weighing them took half a check
        and (whole := weight(told)) >= _TELLING
        and sum([told[name] for name in shared]) >= _COVERED * whole
    ]
