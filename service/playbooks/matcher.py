"""Finds an account's keywords in a text: all queues and flags in one pass over its words."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal, NamedTuple

from retrieval.spelling import LANGUAGE
from retrieval.words import Token, tokens
from service.domain.playbook import Keyword, Playbook
from service.playbooks.expressions import NEAR, Expression, Term, Unit, parse_expression
from service.playbooks.index import UnitIndex

Span = tuple[int, int]
Occurrence = tuple[int, int]
"""First and last word of something found, as positions among the words read."""

MOST_SPANS = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """A keyword of queue or flag `owner` that occurs. `spans`: where, in order, the first few of them."""

    owner: str
    kind: Literal["queue", "flag"]
    expression: str
    weight: float
    spans: tuple[Span, ...]


class _Compiled(NamedTuple):
    owner: str
    kind: Literal["queue", "flag"]
    keyword: Keyword
    terms: tuple[tuple[int, ...], ...]
    without: tuple[tuple[int, ...], ...]
    required: frozenset[int]


class KeywordMatcher:
    """Compiled once a playbook; `hits` is safe to call from several threads.

    Words are compared by stems of the playbook's language; in a message in English also by English
    ones. Each distinct word is looked up once and remembered, so that a usual message costs one
    dictionary look-up a word and an evaluation of the few expressions whose rarest word occurs.
    """

    def __init__(self, playbook: Playbook) -> None:
        self.queue_ids = playbook.queue_ids
        self.flag_ids = tuple(flag.id for flag in playbook.flags)
        self._language = playbook.language
        self._numbers: dict[Unit, int] = {}
        self._compiled = [
            *(self._compile(queue.id, "queue", keyword) for queue in playbook.queues for keyword in queue.keywords),
            *(self._compile(flag.id, "flag", keyword) for flag in playbook.flags for keyword in flag.keywords),
        ]
        self._anchored = self._anchor()
        self._index = UnitIndex(self._numbers)

    def hits(self, text: str, stretches: Iterable[Span] | None = None, language: str | None = None) -> tuple[Hit, ...]:
        """Every keyword that occurs in the given stretches of `text` (all of it where None), queues first.

        Words of two stretches never make a phrase nor stand near each other; what `!` excludes is
        looked for in all of them. Spans are offsets into `text`.
        """
        read = _read(text, stretches)
        languages = (self._language, "en") if language == "en" else (self._language,)
        spelling = self._language == LANGUAGE == (language or LANGUAGE)
        found = self._found(read, languages, spelling)
        near = sorted({number for unit in found for number in self._anchored.get(unit, ())})
        due = [compiled for number in near if (compiled := self._compiled[number]).required <= found.keys()]
        return tuple(hit for compiled in due if (hit := _hit(compiled, found, read)) is not None)

    def _compile(self, owner: str, kind: Literal["queue", "flag"], keyword: Keyword) -> _Compiled:
        expression: Expression = parse_expression(keyword.expression)
        terms, without = self._numbered(expression.terms), self._numbered(expression.without)
        return _Compiled(owner, kind, keyword, terms, without, frozenset(chain.from_iterable(terms)))

    def _numbered(self, terms: tuple[Term, ...]) -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(self._numbers.setdefault(unit, len(self._numbers)) for unit in term) for term in terms)

    def _anchor(self) -> dict[int, list[int]]:
        """Expressions by the one of their words that the fewest expressions ask for."""
        asked = Counter(unit for compiled in self._compiled for unit in compiled.required)
        anchored: dict[int, list[int]] = defaultdict(list)
        for number, compiled in enumerate(self._compiled):
            anchored[min(sorted(compiled.required), key=asked.__getitem__)].append(number)
        return dict(anchored)

    def _found(self, read: "_Words", languages: tuple[str, ...], spelling: bool) -> dict[int, list[int]]:
        """Positions of each unit that occurs, in order."""
        found: dict[int, list[int]] = {}
        units_of = self._index.remembered(languages, spelling)
        for position, (word, _, _) in zip(read.positions, read.tokens, strict=True):
            units = units_of.get(word)
            if units is None:
                units = units_of[word] = self._index.units_of(word, languages, spelling)
            for unit in units:
                found.setdefault(unit, []).append(position)
        return found


class _Words(NamedTuple):
    """Words with their positions; positions jump between stretches, so that nothing reaches across."""

    tokens: Sequence[Token]
    positions: Sequence[int]
    at: dict[int, Token]


def _read(text: str, stretches: Iterable[Span] | None) -> _Words:
    if stretches is None:
        found = tokens(text)
        return _Words(found, range(len(found)), dict(enumerate(found)))
    kept: list[Token] = []
    positions: list[int] = []
    for start, end in stretches:
        first = positions[-1] + NEAR + 2 if positions else 0
        inside = [(word, low + start, high + start) for word, low, high in tokens(text[start:end])]
        positions.extend(range(first, first + len(inside)))
        kept.extend(inside)
    return _Words(kept, positions, dict(zip(positions, kept, strict=True)))


def _hit(compiled: _Compiled, found: dict[int, list[int]], read: _Words) -> Hit | None:
    if any(next(_occurrences(term, found), None) is not None for term in compiled.without):
        return None
    near = list(_windows([list(_occurrences(term, found)) for term in compiled.terms]))
    if not near:
        return None
    spans = tuple((read.at[first][1], read.at[last][2]) for first, last in near)
    return Hit(compiled.owner, compiled.kind, compiled.keyword.expression, compiled.keyword.weight, spans)


def _occurrences(term: tuple[int, ...], found: dict[int, list[int]]) -> Iterator[Occurrence]:
    """Where the units of a term follow each other."""
    if any(unit not in found for unit in term):
        return
    if len(term) == 1:
        yield from ((position, position) for position in found[term[0]])
        return
    rest = [set(found[unit]) for unit in term[1:]]
    for position in found[term[0]]:
        if all(position + step in positions for step, positions in enumerate(rest, start=1)):
            yield position, position + len(rest)


def _windows(terms: list[list[Occurrence]]) -> Iterator[Occurrence]:
    """The first few stretches, in order and apart, that hold all terms with their beginnings at most NEAR apart."""
    if len(terms) == 1:
        yield from terms[0][:MOST_SPANS]
        return
    beginnings = sorted((first, last, which) for which, term in enumerate(terms) for first, last in term)
    latest: dict[int, Occurrence] = {}
    given = 0
    for first, last, which in beginnings:
        latest[which] = (first, last)
        if len(latest) == len(terms) and first - min(latest.values())[0] <= NEAR:
            yield min(latest.values())[0], max(end for _, end in latest.values())
            latest.clear()
            given += 1
            if given == MOST_SPANS:
                return
