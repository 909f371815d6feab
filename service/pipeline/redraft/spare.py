"""What a shorter draft can do without once courtesy is gone, the least needed first: acknowledgements, second ways to
reach the account, what the customer will hear anyway, clauses that tell more of a thing, invitations, opening hours."""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from service.domain.answers import PLACEHOLDER
from service.domain.draft import Paragraph
from service.domain.playbook import Playbook
from service.pipeline.check.commitments import commitments
from service.pipeline.check.facts import facts
from service.pipeline.check.meaning import meaning
from service.pipeline.compare.rules import rules as comparing
from service.pipeline.redact.words import fold
from service.pipeline.redraft.kinds import Kind, kinds
from service.pipeline.redraft.shorter import (
    ITEM,
    LEADS,
    WAYS,
    Matter,
    Place,
    cut,
    is_bound,
    is_spoken_of,
    negates,
    sentences,
    stems,
)
from service.pipeline.redraft.wishes import rules

_ASKED = 2
"""Stems in common with the customer's own words from which on a sentence is an answer to them."""
ENOUGH = 0.2
"""Share of a draft's words that is enough to be gone."""
_FOR_FACTS = 0.1
"""Share for which alone something goes that has a number to call, an address or opening hours."""
_A_CLAUSE = 4
"""Words of a relative clause from which on it is worth leaving out."""
_DAY = frozenset({"date"})


class Spare(NamedTuple):
    """`asked`: how many stems it shares with the customer's words. `place`: in its paragraph."""

    kind: Kind
    asked: int
    place: Place


def words_of(parts: Iterable[Paragraph | None]) -> int:
    return sum(len(part.text.split()) for part in parts if part is not None)


def spared(
    parts: list[Paragraph | None], free: Sequence[bool], matter: Matter, playbook: Playbook, words: int
) -> Iterator[str]:
    """Takes them out of the free paragraphs one by one until enough of the draft's `words` is gone, and gives what was
    left out. Numbers, addresses and hours go last, no more of them than makes it shorter by a tenth, and none where
    even all of them would not."""
    plain = [*_taken(parts, free, matter, playbook, words)]
    trial = [*parts]
    more = [*_taken(trial, free, matter, playbook, words, with_facts=True)]
    if words_of(trial) <= words * (1 - _FOR_FACTS):
        parts[:] = trial
        plain += more
    yield from plain


def _taken(
    parts: list[Paragraph | None],
    free: Sequence[bool],
    matter: Matter,
    playbook: Playbook,
    words: int,
    with_facts: bool = False,
) -> Iterator[str]:
    enough = _FOR_FACTS if with_facts else ENOUGH
    while words_of(parts) > words * (1 - enough):
        found = [
            (spare, at, part)
            for at, part in enumerate(parts)
            if free[at] and part is not None
            for spare in spares(part.text, matter, playbook)
            if with_facts or WAYS.isdisjoint(fact.kind for fact in facts(part.text[slice(*spare.place)]))
        ]
        if not found:
            return
        spare, at, part = min(found, key=lambda one: (one[0].kind, one[0].asked, -one[1], -one[0].place[0]))
        parts[at], gone = cut(part, [spare.place])
        yield from gone


def spares(text: str, matter: Matter, playbook: Playbook) -> Iterator[Spare]:
    """The sentences of a paragraph, and ends of them, that can go."""
    said = [*sentences(text)]
    for found, after in zip(said, (*(one[0] for one in said[1:]), ""), strict=True):
        if ITEM.match(found[0]) or matter.is_filled(found[0]):
            continue
        asked = len(matter.own & {*stems(found[0])})
        read = _Read(found[0], playbook)
        kind = _kind(read)
        if kind is not None and asked < _ASKED and read.stands_alone(after) and _may_go(kind, matter):
            yield Spare(kind, asked, found.span())
            continue
        for kind, start, end in _ends(read):
            if _may_go(kind, matter):
                yield Spare(kind, asked, (found.start() + start, found.start() + end))


def _may_go(kind: Kind, matter: Matter) -> bool:
    """Whoever grieves, or asks when to call, is told how."""
    if matter.sober and kind in (Kind.INVITATION, Kind.SECOND_WAY, Kind.HOURS):
        return False
    return not (kind is Kind.HOURS and matter.asks_hours)


def _kind(read: "_Read") -> Kind | None:
    """Of a whole sentence that can go."""
    if kinds().acknowledges.match(read.folded) and read.says_nothing(but=_DAY):
        return Kind.ACKNOWLEDGEMENT
    if kinds().notices.match(read.folded) and read.says_nothing():
        return Kind.NOTICE
    if kinds().more.match(read.folded) and read.says_nothing():
        return Kind.MORE
    if read.only_invites() or read.only_offers():
        return Kind.INVITATION
    return Kind.TELLING if read.only_tells() else None


def _ends(read: "_Read") -> Iterator[tuple[Kind, int, int]]:
    """Ends of a sentence that can go: each part of it by itself."""
    before = len(read.text) - len(read.text.lstrip())
    way = kinds().also.search(read.folded)
    if way and _Read(way[0], read.playbook).only_reaches():
        yield Kind.SECOND_WAY, before + way.start(), before + way.end()
        return
    more = kinds().relatives.search(read.text.strip().lower())
    if more and len(more[0].split()) >= _A_CLAUSE and _Read(more[0], read.playbook).says_nothing():
        yield Kind.RELATIVE, before + more.start(), before + more.end()
    numbers = {fact.end for fact in facts(read.text) if fact.kind == "phone"}
    for found in kinds().hours.finditer(read.folded):
        if before + found.start() in numbers:
            yield Kind.HOURS, before + found.start(), before + found.end()


@dataclass(frozen=True, slots=True)
class _Read:
    """A sentence, or the end of one."""

    text: str
    playbook: Playbook

    @property
    def folded(self) -> str:
        return fold(self.text).strip()

    def says_nothing(self, but: Set[str] = frozenset()) -> bool:
        """Whether it names nothing `but` facts of these kinds, and neither denies, promises, binds nor touches what is
        vital."""
        named = [one for one in PLACEHOLDER.findall(self.text) if not (but and one.startswith("date"))]
        if named or not {fact.kind for fact in facts(self.text)} <= but:
            return False
        return not (negates(self.folded) or self.touches() or is_bound(self.folded))

    def only_reaches(self) -> bool:
        """Whether its facts are ways to reach the account, and it promises nothing, asks for nothing and touches
        nothing vital."""
        if PLACEHOLDER.search(self.text) or not {fact.kind for fact in facts(self.text)} <= WAYS:
            return False
        return not (self.touches() or meaning().documents.search(self.folded))

    def only_invites(self) -> bool:
        """Whether a condition opens it that leads to nothing but another message or a call: whoever it concerns will
        write again without being told so."""
        _, _, led = self.folded.partition(", ")
        if not kinds().conditions.match(self.folded) or not kinds().invites.match(led) or not self.only_reaches():
            return False
        return not (kinds().states.search(led) or negates(led))

    def only_offers(self) -> bool:
        """Whether it only says how to reach the account, should the customer like to."""
        return bool(rules().offers.match(self.folded)) and self.only_reaches()

    def only_tells(self) -> bool:
        """Whether it tells how things are, and neither states anything of weight nor asks for anything, nor
        foretells."""
        if "?" in self.folded or self.folded.endswith(LEADS) or not self.says_nothing():
            return False
        felt = any(comparing().tones[tone].search(self.folded) for tone in ("apology", "sympathy"))
        known = (rules().matters, rules().instructions, meaning().documents, meaning().statements, meaning().futures)
        at_stake = any(word.startswith(meaning().stakes) for word in self.folded.split())
        return not (felt or at_stake or any(way.search(self.folded) for way in known))

    def touches(self) -> bool:
        promises = any(pattern.search(self.folded) for pattern in commitments(self.playbook).values())
        return bool(promises or rules().vital.search(self.folded) or kinds().urgent.search(self.folded))

    def stands_alone(self, after: str) -> bool:
        """Whether nothing hangs on it: no list that it leads to, no sentence that speaks of it."""
        return not self.folded.endswith(LEADS) and not is_spoken_of(after)
