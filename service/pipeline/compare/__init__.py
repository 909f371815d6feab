"""Compare: the reply that a person sent, beside the draft that he was shown. Pure; quadratic in 2,000 words at most."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence

from service.domain.comparison import Comparison, Edit, Fate, ParagraphFate, Verdict
from service.domain.draft import Draft
from service.domain.playbook import Playbook
from service.pipeline.compare.changes import changed, language_change
from service.pipeline.compare.content import Content, Word, content_of_draft, content_of_reply
from service.pipeline.compare.matching import matched
from service.pipeline.compare.rules import rules

Span = tuple[int, int]


def compare(draft: Draft, reply: str, playbook: Playbook, version: int = 0, locked: Collection[int] = ()) -> Comparison:
    """What became of a draft. `locked`: indexes of its paragraphs that a person wrote: they count for nothing.

    The verdict: `kept` where all words stand in the reply in their order and the reply has no others; `rewritten`
    where few do (prompts/drafts/comparing.yaml); else `edited`.
    """
    ours = content_of_draft(draft.paragraphs, playbook.tone.signature)
    theirs = content_of_reply(reply, playbook.tone.signature)
    return _Comparing(draft, ours, theirs, frozenset(locked)).result(playbook, version)


class _Comparing:
    def __init__(self, draft: Draft, ours: Content, theirs: Content, locked: frozenset[int]) -> None:
        self._draft, self._ours, self._theirs, self._locked = draft, ours, theirs, locked
        self._match = matched(ours.words, theirs.words)
        self._fates = tuple(self._paragraphs())

    def result(self, playbook: Playbook, version: int) -> Comparison:
        kept, taken = self._shares()
        edits = tuple(self._edits())
        ignored = (self._is_ignored, self._is_filled)
        language = tuple(language_change(self._draft.language, self._theirs))
        changes = language or tuple(dict.fromkeys(changed(self._ours, self._theirs, edits, ignored, playbook)))
        return Comparison(
            version=version,
            verdict=_verdict(kept, taken, bool(changes or self._match.moved)),
            kept=round(kept, 4),
            taken=round(taken, 4),
            likeness=round(2 * kept * taken / (kept + taken), 4) if kept + taken else 0.0,
            paragraphs=self._fates,
            changes=changes,
            edits=edits,
        )

    def _shares(self) -> tuple[float, float]:
        """Of the draft's words those that stand in the reply; of the reply's those that come from the draft."""
        words, match = self._ours.words, self._match
        mine = [at for at, word in enumerate(words) if not word.holder and not self._is_locked(word)]
        stand = {to for at in mine if (to := match.there[at]) is not None}
        written = {to for at, to in enumerate(match.there) if to is not None and self._is_locked(words[at])}
        theirs = (to for to, word in enumerate(self._theirs.words) if not word.holder)
        others = [to for to in theirs if to not in match.filled and to not in written]
        return _share(len(stand), len(mine)), _share(len(stand & {*others}), len(others))

    def _is_locked(self, word: Word) -> bool:
        return self._ours.paragraph_of(word.start) in self._locked

    def _is_ignored(self, place: int) -> bool:
        index = self._ours.paragraph_of(place)
        return any(one.index == index and one.fate in {"dropped", "advisor"} for one in self._fates)

    def _is_filled(self, place: int) -> bool:
        words = self._theirs.words
        at = bisect_left(words, place, key=lambda word: word.end - 1)
        return at in self._match.filled

    def _paragraphs(self) -> Iterator[ParagraphFate]:
        for index, start, end in self._ours.paragraphs:
            inside = self._inside(self._ours, (start, end))
            real = [at for at in inside if not self._ours.words[at].holder]
            stand = [at for at in real if self._match.there[at] is not None]
            share = _share(len(stand), len(real))
            fate: Fate = "advisor" if index in self._locked else self._fate(inside, real, stand, share)
            sources = self._draft.paragraphs[index].sources
            yield ParagraphFate(index=index, sources=sources, fate=fate, kept=round(share, 4))

    def _fate(self, inside: Sequence[int], real: Sequence[int], stand: Sequence[int], share: float) -> Fate:
        if real and share < rules().dropped:
            return "dropped"
        if share < rules().kept or self._added(inside) > (1 - rules().kept) * len(real):
            return "edited"
        return "moved" if stand and sum(at in self._match.moved for at in stand) * 2 > len(stand) else "kept"

    def _added(self, inside: Sequence[int]) -> int:
        """Words of the reply that stand between those of a paragraph and come from nowhere in the draft."""
        places = sorted(to for at in inside if (to := self._match.there[at]) is not None)
        known = self._match.taken | self._match.filled
        return sum(to not in known for to in range(places[0], places[-1])) if places else 0

    def _edits(self) -> Iterator[Edit]:
        """Sentences that changed, in the order of the draft, then those that were added. What stands in a paragraph
        that was dropped is no edit of a sentence, and neither is what a person had written before."""
        used: set[Span] = set()
        for span in self._ours.sentences:
            if self._is_ignored(span[0]) or not self._real(span):
                continue
            twin, share = self._twin(span)
            if twin is not None:
                used.add(twin)
            if twin is None or share < rules().dropped:
                yield self._edit(span, None)
            elif share < 1 or self._new_share(twin) > 0:
                yield self._edit(span, twin)
        for span in self._theirs.sentences:
            if span not in used and self._new_share(span) > 1 - rules().dropped:
                yield Edit(sources=self._beside(span), before="", after=_shown(self._theirs, span))

    def _edit(self, span: Span, twin: Span | None) -> Edit:
        sources = self._draft.paragraphs[self._ours.paragraph_of(span[0])].sources
        after = _shown(self._theirs, twin) if twin else ""
        return Edit(sources=sources, before=_shown(self._ours, span), after=after)

    def _twin(self, span: Span) -> tuple[Span | None, float]:
        """The sentence of the reply that holds most of this one's words, and the share that stands in the reply."""
        inside = self._real(span)
        places = [to for at in inside if (to := self._match.there[at]) is not None]
        counted = [
            (sum(to in self._inside(self._theirs, other) for to in places), other) for other in self._theirs.sentences
        ]
        most, twin = max(counted, key=lambda one: one[0], default=(0, None))
        return (twin if most else None), _share(len(places), len(inside))

    def _real(self, span: Span) -> list[int]:
        """Words of the draft that are no placeholders."""
        return [at for at in self._inside(self._ours, span) if not self._ours.words[at].holder]

    def _new_share(self, span: Span) -> float:
        inside = [to for to in self._inside(self._theirs, span) if to not in self._match.filled]
        return _share(sum(to not in self._match.taken for to in inside), len(inside), 0.0)

    def _beside(self, span: Span) -> tuple[str, ...]:
        """The sources of the draft's paragraph whose words stand last before that sentence."""
        first = min(self._inside(self._theirs, span), default=0)
        before = [(to, at) for at, to in enumerate(self._match.there) if to is not None and to < first]
        at = max(before)[1] if before else None
        return (
            self._draft.paragraphs[self._ours.paragraph_of(self._ours.words[at].start)].sources
            if at is not None
            else ()
        )

    @staticmethod
    def _inside(content: Content, span: Span) -> range:
        """The numbers of the words that stand there."""
        first = bisect_left(content.words, span[0], key=lambda word: word.start)
        return range(first, bisect_left(content.words, span[1], key=lambda word: word.start))


def _verdict(kept: float, taken: float, otherwise: bool) -> Verdict:
    if kept < rules().rewritten:
        return "rewritten"
    return "kept" if min(kept, taken) >= rules().kept and not otherwise else "edited"


def _share(some: int, all_: int, none: float = 1.0) -> float:
    return some / all_ if all_ else none


def _shown(content: Content, span: Span) -> str:
    return " ".join(content.text[slice(*span)].split())
