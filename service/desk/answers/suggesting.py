"""What sent replies suggest about the canned answers: a new one, a changed one, two that contradict, one never kept."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from hashlib import sha256
from itertools import islice
from pathlib import Path

from service.desk.answers.wording import common_words, with_edit
from service.domain.answers import CannedAnswer
from service.domain.playbook import Playbook
from service.domain.suggestion import Suggestion, SuggestionKind
from service.learning.suggest_answers import FEWEST_ADVISORS, FEWEST_MESSAGES, Agreed, Written, agreed
from service.phrases import Phrases, load_phrases
from service.pipeline.check.lint import lint
from service.pipeline.clean.language import language_of
from service.pipeline.redact.words import fold
from service.settings import PROMPTS
from service.storage.answer_uses import EditKept, Use
from service.storage.replies import Sent

NEW, CHANGED, CONTRADICTIONS, UNKEPT = 20, 20, 20, 20
"""How many of each kind are shown at most."""
SHOWN = 20
ALIKE = 0.85
"""Share of equal characters from which two new sentences are the same change."""
OFTEN = 0.3
"""Share of an answer's replies that made the change."""
FEWEST_SENT, LITTLE = 8, 0.5
"""Replies from which an answer that was never kept is told of, and the share of its words that they took at most."""
OWN = frozenset({"", "rewritten"})
"""Verdicts of replies that an advisor wrote himself."""


@dataclass(frozen=True, slots=True)
class AnswerGround:
    """What is known of an account's answers and of the replies that were sent."""

    playbook: Playbook
    library: Sequence[CannedAnswer]
    sent: Sequence[Sent]
    edits: Sequence[EditKept]
    uses: Sequence[Use]
    today: date


class AnswerSuggesting:
    """Some seconds for a thousand replies, to be run in a thread."""

    def __init__(self, prompts: Path = PROMPTS) -> None:
        self._prompts = prompts

    def __call__(self, ground: AnswerGround) -> list[Suggestion]:
        """The best of each kind first."""
        phrases = load_phrases(self._prompts, ground.playbook.language)
        finder = _Finder(ground, phrases, self._prompts)
        kinds = ((finder.new, NEW), (finder.changed, CHANGED), (finder.contradictory, CONTRADICTIONS))
        return [one for find, most in (*kinds, (finder.unkept, UNKEPT)) for one in islice(find(), most)]


class _Finder:
    def __init__(self, ground: AnswerGround, phrases: Phrases, prompts: Path) -> None:
        self._ground, self._phrases, self._prompts = ground, phrases, prompts
        self._library = {answer.id: answer for answer in ground.library}
        self._labels = {queue.id: queue.label for queue in ground.playbook.queues}

    def new(self) -> Iterator[Suggestion]:
        written = [
            Written(one.message_id, one.queue, one.by, one.text)
            for one in self._ground.sent
            if one.verdict in OWN and one.queue in self._labels
        ]
        for cluster in agreed(written, [answer.body for answer in self._ground.library]):
            same = [written[row] for row in cluster.rows]
            yield from self._proposed(cluster, same, cluster.rows.index(cluster.medoid))

    def _proposed(self, cluster: Agreed, replies: Sequence[Written], medoid: int) -> Iterator[Suggestion]:
        words = common_words([one.text for one in replies], medoid)
        if len(words.split()) < FEWEST_SENT:
            return
        queue, advisors = replies[0].queue, {one.by for one in replies}
        values = {"queue": self._labels[queue], "count": len(replies), "advisors": len(advisors)}
        yield Suggestion(
            id=_id("answer", queue, words),
            kind="answer",
            queue=queue,
            body=self._framed(words),
            messages=tuple(one.message for one in replies[:SHOWN]),
            count=len(replies),
            probability=min(1.0, cluster.likeness),
            text=self._phrases("answers.suggested.new", **values),
        )

    def _framed(self, words: str) -> str:
        """With greeting and signature, in the language of the words."""
        language = language_of(words)
        frame = load_phrases(self._prompts, language)
        return frame("answers.suggested.frame", body=words, signature=self._ground.playbook.tone.signature)

    def changed(self) -> Iterator[Suggestion]:
        replied = Counter(use.answer for use in self._ground.uses if use.fate)
        repeated = [same for same in _repeated(self._ground.edits) if len(same) >= OFTEN * replied[same[0].answer]]
        for same in sorted(repeated, key=lambda one: -len(one)):
            first = same[0]
            answer = self._library.get(first.answer)
            if answer is not None:
                yield self._edited(answer, same)

    def _edited(self, answer: CannedAnswer, same: Sequence[EditKept]) -> Suggestion:
        first = same[0]
        way = "added" if not first.before else "changed" if first.after else "removed"
        values = {"title": answer.title, "before": first.before, "after": first.after, "count": len(same)}
        return Suggestion(
            id=_id("answer_edit", answer.id, fold(first.before), fold(first.after)),
            kind="answer_edit",
            queue=answer.queue,
            answers=(answer.id,),
            sentences=(first.before, first.after),
            body=with_edit(answer.body, first.before, first.after) or "",
            messages=tuple(one.message_id for one in same[:SHOWN]),
            count=len(same),
            text=self._phrases(f"answers.suggested.{way}", **values, advisors=len({one.by for one in same})),
        )

    def contradictory(self) -> Iterator[Suggestion]:
        for found in lint(self._ground.library, self._ground.playbook, self._ground.today, self._phrases):
            one, other = self._library.get(found.answer), self._library.get(found.other or "")
            if found.kind == "contradicts_answer" and one and other:
                values = {"title": one.title, "other": other.title, "why": found.why}
                yield Suggestion(
                    id=_id("answer_conflict", *sorted((one.id, other.id)), found.text),
                    kind="answer_conflict",
                    queue=one.queue,
                    answers=(one.id, other.id),
                    sentences=(found.text,),
                    text=self._phrases("answers.suggested.contradiction", **values),
                )

    def unkept(self) -> Iterator[Suggestion]:
        sent: dict[str, list[Use]] = defaultdict(list)
        for use in self._ground.uses:
            if use.fate and use.answer in self._library:
                sent[use.answer].append(use)
        for answer_id, uses in sorted(sent.items(), key=lambda one: -len(one[1])):
            fates = Counter(use.fate for use in uses)
            words = sum(use.kept for use in uses) / len(uses)
            if len(uses) >= FEWEST_SENT and not fates["kept"] and words < LITTLE:
                answer = self._library[answer_id]
                values = {"title": answer.title, "count": len(uses)}
                numbers = {"rewritten": fates["rewritten"], "dropped": fates["dropped"]}
                yield Suggestion(
                    id=_id("answer_unkept", answer_id, answer.body),
                    kind="answer_unkept",
                    queue=answer.queue,
                    answers=(answer_id,),
                    messages=tuple(use.message_id for use in uses[:SHOWN]),
                    count=len(uses),
                    text=self._phrases("answers.suggested.unkept", **values, **numbers),
                )


def _repeated(edits: Sequence[EditKept]) -> Iterator[list[EditKept]]:
    """The same change of a sentence in enough different messages, by enough advisors; the usual wording first."""
    by_sentence: dict[tuple[str, str], list[EditKept]] = defaultdict(list)
    for edit in edits:
        by_sentence[edit.answer, fold(edit.before)].append(edit)
    for several in by_sentence.values():
        usual = Counter(fold(one.after) for one in several)
        left = sorted(several, key=lambda one: -usual[fold(one.after)])
        while left:
            same = [one for one in left if _same(one.after, left[0].after)]
            left = [one for one in left if one not in same]
            once = list({one.message_id: one for one in reversed(same)}.values())[::-1]
            if len(once) >= FEWEST_MESSAGES and len({one.by for one in once}) >= FEWEST_ADVISORS:
                yield once


def _same(one: str, other: str) -> bool:
    if not one or not other:
        return one == other
    return SequenceMatcher(None, fold(one), fold(other), autojunk=False).ratio() >= ALIKE


def _id(kind: SuggestionKind, *parts: str) -> str:
    return f"{kind}-{sha256('|'.join(parts).encode()).hexdigest()[:12]}"
