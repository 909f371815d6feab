"""Right facts in a wrong place: beside another thing, by another period, or done by the other side."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from service.pipeline.check.clauses import Clause
from service.pipeline.check.facts import facts
from service.pipeline.check.meaning import meaning
from service.pipeline.check.names import documents
from service.pipeline.check.tokens import group_of, stems, token, tokens
from service.pipeline.redact.spans import Span
from service.pipeline.redact.words import fold

_KINDS = frozenset({"amount", "percentage", "delay", "document"})
_SENTENCE = re.compile(r"[^\n.;]+(?:[.;](?!\s)[^\n.;]*)*")
_CUTS = (re.compile(r"[,()](?!\d)"), re.compile(r"(?<!\w)(?:et|ou|and|or)(?!\w)"))
_PERIOD = re.compile(r" ?(?:ttc )?(?:par|/|chaque|tous les|per|each|every) ?(\w+)")
_MADE = re.compile(r"(?<!\w)(\w{3,})(ons|ez)(?!\w)")


@dataclass(frozen=True, slots=True)
class Placed:
    """A fact with what stands around it, and that as it is shown; `period`: what an amount counts for, or ""."""

    fact: Span
    shown: str
    around: frozenset[str]
    period: str


def placed(text: str) -> Iterator[Placed]:
    """The amounts, percentages, delays and documents of a text. What is around one ends where the next one's begins."""
    folded = fold(text)
    found = sorted(fact for fact in (*facts(text), *documents(text, folded)) if fact.kind in _KINDS)
    for sentence in _SENTENCE.finditer(folded):
        inside = [fact for fact in found if sentence.start() <= fact.start < sentence.end()]
        for fact in inside:
            same = [other for other in inside if other.kind == fact.kind]
            start, end = _room(folded, fact, same, sentence.span())
            within = [other for other in inside if start <= other.start < end and other.kind != "document"]
            period = _period(folded, fact)
            own = tokens(folded[fact.start : fact.end], fact.start, ()).keys() | {
                token(fact),
                period,
                *stems((period,)),
            }
            around = tokens(folded[start:end], start, within).keys() - own
            shown = " ".join(text[start:end].split()).strip(" ,;:-")
            yield Placed(fact, shown, frozenset(around), period)


def _room(folded: str, fact: Span, same: Sequence[Span], whole: tuple[int, int]) -> tuple[int, int]:
    if fact.kind == "document" and len(same) > 1:
        return _between(folded, *fact[:2], whole)
    place = same.index(fact)
    start = _cut(folded, same[place - 1].end, fact.start) if place else whole[0]
    end = _cut(folded, fact.end, same[place + 1].start) if place + 1 < len(same) else whole[1]
    return start, end


def _between(folded: str, start: int, end: int, whole: tuple[int, int]) -> tuple[int, int]:
    """Where an item of an enumeration begins and ends."""
    cuts = [found.span() for cut in _CUTS for found in cut.finditer(folded, *whole)]
    return (
        max((after for _, after in cuts if after <= start), default=whole[0]),
        min((before for before, _ in cuts if before >= end), default=whole[1]),
    )


def _cut(folded: str, start: int, end: int) -> int:
    """Where two facts part: at the first comma or bracket between them, else at an "et", else before the later."""
    for cut in _CUTS:
        if found := cut.search(folded, start, end):
            return found.end()
    return end


def _period(folded: str, fact: Span) -> str:
    if fact.kind != "amount":
        return ""
    found = _PERIOD.match(folded, fact.end)
    return group_of(found[1]) if found else ""


def fitting(mine: Sequence[Placed], theirs: Sequence[Placed]) -> Iterator[Span]:
    """Facts of a draft around which stands what stands around them in a source."""
    for one in mine:
        if any(token(other.fact) == token(one.fact) and one.around & other.around for other in theirs):
            yield one.fact


def moved(mine: Sequence[Placed], theirs: Sequence[Placed], ignored: Set[str]) -> Iterator[tuple[Span, Placed]]:
    """Facts of a draft that its sources say of something else, each with what they say there instead."""
    for one in mine:
        own = [other for other in theirs if token(other.fact) == token(one.fact)]
        if not own:
            continue
        if one.period and all(other.period not in ("", one.period) for other in own):
            yield one.fact, own[0]
            continue
        passed = ignored | meaning().of_any_document if one.fact.kind == "document" else ignored
        rivals = [other for other in theirs if other.fact.kind == one.fact.kind and other not in own]
        known = frozenset().union(*(other.around for other in own))
        for rival in rivals:
            fits = one.around & rival.around - known - passed
            if fits and not one.around & known - rival.around - passed:
                yield one.fact, rival
                break


def roles(clause: Clause, sources: Sequence[Clause]) -> re.Match[str] | None:
    """A verb that the sources have one side do and the clause the other: "vous nous écrivez" for "nous écrivons"."""
    doers: dict[str, set[str]] = {}
    for source in sources:
        for verb in _MADE.finditer(source.text):
            doers.setdefault(group_of(verb[1]), set()).add(verb[2])
    for verb in _MADE.finditer(clause.text):
        sides = doers.get(group_of(verb[1]))
        if sides and verb[2] not in sides:
            return verb
    return None
