"""What a reply says otherwise than its draft: facts, promises, conditions, tone, language."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from service.domain.answers import CannedAnswer
from service.domain.comparison import Change, Edit
from service.domain.draft import Draft, Paragraph
from service.domain.message import Message
from service.domain.playbook import Playbook
from service.phrases import load_phrases
from service.pipeline.check import check
from service.pipeline.check.clauses import Clause, Near, clauses
from service.pipeline.check.conditions import unbound
from service.pipeline.check.denials import denied, kind_of, turned
from service.pipeline.check.facts import facts
from service.pipeline.clean import clean
from service.pipeline.clean.language import language_of
from service.pipeline.compare.content import Content
from service.pipeline.compare.rules import rules
from service.pipeline.redact.spans import Span
from service.pipeline.redact.words import fold
from service.settings import PROMPTS

NEAR = 0.5
"""Share of words from which two clauses say the same thing."""
FEWEST_WORDS = 12
"""Words from which a reply's language can be told."""

OTHER, NOTHING = "other", Message()

Ignored = Callable[[int], bool]
"""Whether the character at a place of a text is left out: filled in, or of a paragraph that was dropped."""


def changed(
    draft: Content, reply: Content, edits: Sequence[Edit], ignored: tuple[Ignored, Ignored], playbook: Playbook
) -> Iterator[Change]:
    yield from _facts(draft, reply, edits, ignored)
    yield from _promises(draft, reply, edits, playbook)
    yield from _meanings(edits)
    yield from _tones(rules().tones, draft, reply, ignored)


def language_change(written: str, reply: Content) -> Iterator[Change]:
    if len(reply.words) >= FEWEST_WORDS and (found := language_of(reply.text)) != written:
        yield Change(kind="language", before=written, after=found)


def _facts(draft: Content, reply: Content, edits: Sequence[Edit], ignored: tuple[Ignored, Ignored]) -> Iterator[Change]:
    ours, theirs = facts(draft.text), facts(reply.text)
    lost = [one for one in ours if not ignored[0](one.start) and not _among(one, theirs)]
    gained = [one for one in theirs if not ignored[1](one.start) and not _among(one, ours)]
    exchanged = list(_exchanged(edits, ours, theirs))
    for one in lost:
        before = draft.text[one.start : one.end]
        other = _instead(before, one.kind, edits, gained, reply.text)
        if other is not None:
            gained.remove(other)
            yield Change(kind=one.kind, before=before, after=reply.text[other.start : other.end])
        elif not any(change.kind == one.kind and change.before == before for change in exchanged):
            yield Change(kind=one.kind, before=before, after="")
    yield from exchanged
    yield from (Change(kind=one.kind, before="", after=reply.text[one.start : one.end]) for one in gained)


def _exchanged(edits: Sequence[Edit], ours: Sequence[Span], theirs: Sequence[Span]) -> Iterator[Change]:
    """Facts of one sentence that became another that the draft has elsewhere, such as two delays in each other's
    place."""
    for edit in edits:
        had, has = facts(edit.before), facts(edit.after)
        gone = [one for one in had if _among(one, ours) and not _among(one, has)]
        for new in has:
            old = next((one for one in gone if one.kind == new.kind), None)
            if old and _among(new, ours) and _among(new, theirs) and not _among(new, had):
                gone.remove(old)
                before, after = edit.before[old.start : old.end], edit.after[new.start : new.end]
                yield Change(kind=new.kind, before=before, after=after)


def _among(fact: Span, others: Iterable[Span]) -> bool:
    return any(other.kind == fact.kind and _same(fact, other) for other in others)


def _same(one: Span, other: Span) -> bool:
    """A date may leave its year out."""
    if one.kind == "date":
        return all(
            "*" in pair or pair[0] == pair[1] for pair in zip(one.key.split("-"), other.key.split("-"), strict=True)
        )
    return one.key == other.key


def _instead(before: str, kind: str, edits: Sequence[Edit], gained: Sequence[Span], reply: str) -> Span | None:
    """The new fact of that kind in the sentence that the old one's sentence became."""
    after = [edit.after for edit in edits if edit.after and before in edit.before]
    for one in gained:
        if one.kind == kind and any(reply[one.start : one.end] in sentence for sentence in after):
            return one
    return None


def _promises(draft: Content, reply: Content, edits: Sequence[Edit], playbook: Playbook) -> Iterator[Change]:
    """What one side promises in a changed sentence and the other nowhere: each is checked as a draft that rests on the
    other."""
    for made in _unmade([edit.after for edit in edits if edit.after], draft, playbook):
        yield Change(kind="promise", before="", after=made)
    for gone in _unmade([edit.before for edit in edits if edit.before], reply, playbook):
        yield Change(kind="promise", before=gone, after="")


def _unmade(sentences: Sequence[str], other: Content, playbook: Playbook) -> Iterator[str]:
    if not sentences or not other.text.strip():
        return
    parts = tuple(Paragraph(text=sentence, sources=(OTHER,)) for sentence in dict.fromkeys(sentences))
    body = "\n\n".join(part.text for part in parts)
    source = CannedAnswer(id=OTHER, queue=OTHER, title=OTHER, situation=OTHER, body=other.text)
    draft = Draft(language=playbook.language, subject="", body=body, paragraphs=parts)
    phrases = load_phrases(PROMPTS, playbook.language)
    checked = check(draft, [source], clean(NOTHING), NOTHING, playbook, phrases, lasting=False)
    for finding in checked.findings:
        if finding.kind == "commitment":
            yield finding.text


def _tones(
    families: Mapping[str, re.Pattern[str]],
    draft: Content,
    reply: Content,
    ignored: tuple[Ignored, Ignored],
) -> Iterator[Change]:
    """Families of words that one side has and the other has not."""
    ours, theirs = fold(draft.text), fold(reply.text)
    for pattern in families.values():
        had, has = pattern.search(ours), pattern.search(theirs)
        if had and not has and not ignored[0](had.start()):
            yield Change(kind="tone", before=draft.text[had.start() : had.end()], after="")
        if has and not had and not ignored[1](has.start()):
            yield Change(kind="tone", before="", after=reply.text[has.start() : has.end()])


def _meanings(edits: Iterable[Edit]) -> Iterator[Change]:
    """Conditions and negations that an edited sentence lost or gained."""
    for edit in edits:
        sources = clauses(edit.before)
        for clause in clauses(edit.after) if sources else ():
            nearest = max(sources, key=lambda source: _shared(clause, source))
            for kind in _otherwise(clause, nearest) if _shared(clause, nearest) >= NEAR else ():
                yield Change(kind=kind, before=edit.before, after=edit.after)


def _shared(clause: Clause, source: Clause) -> float:
    """Share of the words of the shorter one that the other has."""
    ours, theirs = {*clause.words}, {*source.words}
    return len(ours & theirs) / max(1, min(len(ours), len(theirs)))


def _otherwise(clause: Clause, source: Clause) -> Iterator[str]:
    if any(turned(clause, source)) or denied(clause, [Near(_shared(clause, source), source)]):
        yield kind_of(clause, source)
    if unbound(clause, source):
        yield "condition_lost"
