"""What one paragraph of a draft says that its sources do not."""

from collections.abc import Container, Iterable, Iterator, Sequence, Set

from service.domain.answers import PLACEHOLDER
from service.domain.draft import Finding, Paragraph
from service.phrases import Phrases
from service.pipeline.check.body import Body
from service.pipeline.check.clauses import NEAR, Clause, Near, common, covered, nearest_of, shares
from service.pipeline.check.conditions import sweeps, unbound, uncased, unconditional
from service.pipeline.check.denials import contradicted, denied
from service.pipeline.check.edits import beside, edited
from service.pipeline.check.grounds import Cited, Sources
from service.pipeline.check.home import home_of
from service.pipeline.check.limits import left_out, unlimited
from service.pipeline.check.modality import surer
from service.pipeline.check.names import names
from service.pipeline.check.pieces import against
from service.pipeline.check.places import Placed, fitting, moved, roles
from service.pipeline.check.presumed import presumed
from service.pipeline.check.retold import Retold
from service.pipeline.check.seen import Read, Seen, Severity
from service.pipeline.check.sources import instead, nearest
from service.pipeline.check.tokens import weight
from service.pipeline.check.touched import touched
from service.pipeline.check.unsupported import unsupported
from service.pipeline.redact.spans import Span
from service.pipeline.redact.words import fold

_ALIKE, _HINTED = 0.25, 0.3
"""Shares of what a clause says from which on a source clause speaks of what it waves away; and from which
on a contradiction of it is more than a hint."""
_ROUND = 2
"""Clauses before and after one where what a condition ties on may be told."""
_MORE_THAN_A_WORD = 1.2
"""Weight of what a clause has in common with the source clause that it is judged by."""
_BUT_A_WORD = 0.7
"""Share of what two clauses say, each way, from which on they are the same but for a few words."""
_SAME = 0.8
"""Share from which on a clause says what its source says, and no word of denial was to be added."""
_OTHERWISE = frozenset({"negation_added", "negation_lost", "opposite", "condition_lost"})
_GRAVE = frozenset({"amount", "percentage", "date", "delay", "hours", "phone", "email", "link", "article"})


class Paragraphs:
    """Finds in paragraph after paragraph of one draft."""

    def __init__(self, sources: Sources, phrases: Phrases, retold: Retold) -> None:
        self._sources, self._phrases, self._retold = sources, phrases, retold

    def findings(self, paragraph: Paragraph, offset: int) -> Iterator[Finding]:
        cited = self._sources.cited(paragraph.sources)
        said = Body(paragraph.text)
        found = [] if cited.fills(said.body) else [*_seen(said, cited, self._retold)]
        for seen in (*found, *presumed(said, cited, found)):
            yield self._finding(seen, paragraph.text, offset)

    def _finding(self, seen: Seen, text: str, offset: int) -> Finding:
        detail = self._phrases(_detail(seen.kind))
        if seen.kind in _OTHERWISE and seen.sure != "warning":
            detail = f"{detail} {self._phrases(f'check.sure.{seen.sure}')}"
        if seen.nearest:
            detail = f"{detail} {self._phrases('check.nearest', nearest=seen.nearest)}"
        return Finding(
            kind=seen.kind,
            text=text[seen.at.start : seen.at.end],
            start=offset + seen.at.start,
            end=offset + seen.at.end,
            severity=seen.sure,
            detail=detail,
            nearest=seen.nearest,
            source=seen.source,
        )


def _detail(kind: str) -> str:
    sort, _, of = kind.partition("_")
    return f"check.unsourced.{of}" if sort == "unsourced" else f"check.{'misplaced' if sort == 'misplaced' else kind}"


def _sure(clause: Clause, source: Clause, share: float) -> Severity:
    """How surely a clause that says something otherwise than its source is wrong: an error where it is the source's but
    for a few words, a hint where the two are only related."""
    if share >= _BUT_A_WORD and weight(common(source, clause)) >= _BUT_A_WORD * source.weight:
        return "error"
    return "warning" if share >= _HINTED else "info"


def _seen(said: Body, cited: Cited, retold: Retold) -> Iterator[Seen]:
    text, ours = said.body, said.clauses
    mine = said.places if cited.places else ()
    told = cited.told(ours)
    verbatim = {clause.text.strip() for clause in cited.clauses if clause.lead is None}
    new = [clause for clause in ours if clause.text.strip() not in verbatim]
    near = {clause: shares(clause, cited.all_clauses, told) for clause in new}
    found = [*_unsourced(text, ours, cited)]
    fit = {*fitting(mine, cited.places)}
    left = [place.span() for place in PLACEHOLDER.finditer(text)]
    judged = {one.at for one in found} | {fact for clause in ours for fact in clause.facts if _inside(fact, left)}
    found += _otherwise(near, cited, told, judged, fit)
    found += _in_pieces(near, told, [one.at for one in found if one.kind in _OTHERWISE], cited)
    found += _edited(near, told, [one.at for one in found if one.kind in _OTHERWISE], cited)
    taken = {one.at for one in found}
    found += [one for one in _moved(mine, cited, told) if one.at not in taken]
    found += _unlimited(ours, new, cited, [one for one in found if one.kind == "condition_lost"])
    yield from sorted(found, key=lambda one: one.at)
    yield from unsupported(near, cited, told, found, retold)


def _unsourced(text: str, ours: Sequence[Clause], cited: Cited) -> Iterator[Seen]:
    """Facts that no source holds."""
    left = [found.span() for found in PLACEHOLDER.finditer(text)]
    stated = [fact for clause in ours for fact in clause.facts]
    folded = fold(text)
    for fact in (*stated, *names(text, folded, stated)):
        if _inside(fact, left) or cited.says(fact, _around(ours, fact)):
            continue
        like = nearest(fact, cited.named()) or nearest(fact, (("account", cited.all.account),)) or (None, None)
        yield Seen(f"unsourced_{fact.kind}", fact, like[0], like[1], "error" if fact.kind in _GRAVE else "warning")


def _inside(fact: Span, places: Iterable[tuple[int, int]]) -> bool:
    return any(start <= fact.start < end for start, end in places)


def _around(ours: Sequence[Clause], fact: Span) -> str:
    return next((clause.text for clause in ours if clause.start <= fact.start < clause.end), "")


def _otherwise(
    read: Read, cited: Cited, told: Set[str], judged: Container[Span], fit: Container[Span]
) -> Iterator[Seen]:
    """Negations and conditions lost or gained, roles changed, and facts that stand for another one of their clause."""
    yield from _turned(read, cited)
    yield from _swept(read, cited)
    resting = {clause: found for clause, near in read.items() if (found := nearest_of(near))}
    for clause, near in resting.items():
        source = near[0].clause
        same = [other for other, theirs in resting.items() if other is not clause and theirs[0].clause is source]
        same += [other for other in _neighbours(clause, [*read]) if other not in same and other not in resting]
        if clause.lead is not None:
            same += [other for other in _neighbours(clause, [*read], _ROUND) if other.text.endswith("?")]
        around = told | {name for other in _neighbours(clause, [*read], _ROUND) for name in other.tokens}
        yield from _changed(clause, _telling(clause, near), same, around, cited)
        for fact in clause.facts:
            if fact in judged or cited.is_own(fact, source):
                continue
            if said := instead(fact, clause, near, fact in fit, cited.clauses):
                yield Seen(f"misplaced_{fact.kind}", fact, said, cited.name_of(source))


def _telling(clause: Clause, near: Sequence[Near]) -> list[Near]:
    """The nearest source clauses, where the first has more than a single word in common with it; the others only for
    what they have and the first has not."""
    first, *others = near
    if not _is_of(clause, first.clause):
        return []
    known = common(clause, first.clause)
    return [first, *(one for one in others if common(clause, one.clause).keys() - known.keys())]


def _is_of(clause: Clause, source: Clause) -> bool:
    return weight(common(clause, source)) >= _MORE_THAN_A_WORD


def _neighbours(clause: Clause, ours: Sequence[Clause], far: int = 1) -> Sequence[Clause]:
    """The clauses before and after it, where its condition may stand in a sentence of its own."""
    at = ours.index(clause)
    return (*ours[max(0, at - far) : at], *ours[at + 1 : at + 1 + far])


def _changed(
    clause: Clause, near: Sequence[Near], same: Sequence[Clause], told: Set[str], cited: Cited
) -> Iterator[Seen]:
    if not near or clause.text.endswith("?"):
        return
    closest = near[0].clause
    near = [one for one in near if cited.name_of(one.clause) != "account"]
    read = [("condition_lost", one.clause) for one in near if unbound(clause, one.clause, same, told)]
    if len(read) < len(near):
        whole = (source for source in covered(clause, cited.clauses) if all(source is not one.clause for one in near))
        read = [("condition_lost", source) for source in whole if unbound(clause, source, same, told)]
        read += [("condition_lost", source) for source in _ruling(clause, near, same, told, cited)]
    if read and (home := home_of(clause, cited, told)):
        read = [(kind, source) for kind, source in read if source in home]
    for kind, source in read[:1]:
        share = next((one.share for one in near if one.clause is source), _HINTED)
        yield Seen(kind, clause.place, source.written, cited.name_of(source), _sure(clause, source, share))
    if done := roles(clause, [one.clause for one in near]):
        at = Span(clause.start + done.start(), clause.start + done.end(), "role", "")
        yield Seen("role", at, closest.written, cited.name_of(closest))


def _ruling(
    clause: Clause, near: Sequence[Near], same: Sequence[Clause], told: Set[str], cited: Cited
) -> Iterator[Clause]:
    """Source clauses of which it says most but their condition, and which no other one stands beside."""
    for source in covered(clause, cited.clauses, unconditional):
        besides = [one.clause for one in near if one.clause not in (source, source.lead, source.above)]
        if (
            cited.name_of(source) != "account"
            and _alone(clause, source, cited)
            and unbound(clause, source, same, told, besides)
        ):
            yield source


def _alone(clause: Clause, source: Clause, cited: Cited) -> bool:
    """Whether no other clause of the sources says all that the clause has of this one."""
    common = clause.tokens.keys() & source.tokens.keys()
    return not any(other is not source and common <= other.tokens.keys() for other in cited.all_clauses)


def _turned(read: Read, cited: Cited) -> Iterator[Seen]:
    """Negations lost or gained, and opposites: where the words are related, not only where they are the same."""
    for clause, near in read.items():
        shared = [one for one in near if one.clause not in cited.all.held]
        if found := contradicted(clause, shared):
            source = found.near.clause
            sure = _sure(clause, source, found.near.share)
            yield Seen(found.kind, clause.place, source.written, cited.name_of(source), sure)
            continue
        if shared and shared[0].share >= _SAME and _is_of(clause, shared[0].clause) and denied(clause, shared):
            source = shared[0].clause
            yield Seen("negation_added", clause.place, source.written, cited.name_of(source), "warning")


def _in_pieces(read: Read, told: Set[str], found: Sequence[Span], cited: Cited) -> Iterator[Seen]:
    """Pieces of clauses that say the contrary of a piece of a source, where the whole clauses are too far apart."""
    for clause, shared in read.items():
        if clause.text.endswith("?") or any(at.start < clause.end and at.end > clause.start for at in found):
            continue
        if turned := against(clause, shared, cited.clauses, told):
            piece, (kind, near) = turned
            yield Seen(kind, piece.place, near.clause.written, cited.name_of(near.clause))


def _edited(read: Read, told: Set[str], found: Sequence[Span], cited: Cited) -> Iterator[Seen]:
    """Clauses that are a source's but for a negation or a condition, wherever nothing of the kind was found."""
    ours = [*read]
    known = told | {name for block in cited.blocks for name in block.tokens}
    for clause, shared in read.items():
        if clause.text.endswith("?") or any(at.start < clause.end and at.end > clause.start for at in found):
            continue
        around = told | {name for other in _neighbours(clause, ours, _ROUND) for name in other.tokens}
        compared = beside(clause, [one for one in shared if cited.name_of(one.clause) != "account"])
        if done := edited(compared, around):
            yield Seen(done.kind, clause.place, done.source.written, cited.name_of(done.source), "error")
        elif shared and shared[0].share >= NEAR and left_out(clause, shared[0].clause, ours):
            source = shared[0].clause
            yield Seen("condition_lost", clause.place, source.written, cited.name_of(source))
        elif more := surer(clause, shared) or touched(compared, around, known):
            yield Seen(more.kind, clause.place, more.source.written, cited.name_of(more.source))
        elif case := uncased(clause, shared, around):
            yield Seen("condition_lost", clause.place, case.written, cited.name_of(case))


def _swept(read: Read, cited: Cited) -> Iterator[Seen]:
    """Words that wave conditions away ("dans tous les cas", "ou non") where none of the related sources has such."""
    for clause, shared in read.items():
        if sweeps(clause) and shared and shared[0].share >= _ALIKE and not any(sweeps(one.clause) for one in shared):
            yield Seen("condition_lost", clause.place, shared[0].clause.written, cited.name_of(shared[0].clause))


def _moved(mine: Sequence[Placed], cited: Cited, told: Set[str]) -> Iterator[Seen]:
    """Facts that the sources say of something else, or by another period."""
    for fact, there in moved(mine, cited.places, told):
        yield Seen(f"misplaced_{fact.kind}", fact, there.shown, cited.holder(there))


def _unlimited(ours: Sequence[Clause], new: Iterable[Clause], cited: Cited, found: Sequence[Seen]) -> Iterator[Seen]:
    """Facts whose limit is lost or turned round, wherever no condition of their clause was found lost."""
    for clause in new:
        if any(clause.start <= one.at.start < clause.end for one in found):
            continue
        at = ours.index(clause)
        for fact, source in unlimited(clause, ours[max(0, at - 1) : at + 2], cited.clauses):
            yield Seen("condition_lost", fact, source.written, cited.name_of(source))
