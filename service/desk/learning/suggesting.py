"""Makes suggestions from what the store holds: findings of `service.learning`, each with an id and a sentence."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from retrieval.embedding import Vectors
from service.domain.answers import CannedAnswer
from service.domain.playbook import Playbook
from service.domain.suggestion import Effect, Suggestion, SuggestionKind
from service.domain.votes import Vote
from service.learning.examples import Example
from service.learning.suggest_contradictions import ContradictionFound, suggest_contradictions
from service.learning.suggest_keywords import KeywordFound, suggest_keywords
from service.learning.suggest_labels import LabelFound, suggest_labels
from service.learning.suggest_pairs import PairFound, suggest_pairs
from service.learning.suggest_replay import Held, Reader, as_lived, hold_out
from service.learning.suggest_terms import Terms
from service.phrases import Phrases, load_phrases
from service.pipeline.redact.words import words
from service.pipeline.votes.keywords import keyword_hits, vote_of
from service.settings import PROMPTS
from service.storage.confirmed import Lesson

KEYWORDS, LABELS, PAIRS, CONTRADICTIONS = 20, 50, 10, 20
"""How many of each kind are shown at most."""
SHOWN = 20

ReadLessons = Callable[[str, Sequence[Lesson]], tuple[Sequence[Example], Vectors | None]]
"""An account's lessons as examples, and their vectors one a row."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What suggestions are made from. `corrected`: the votes, as they were, of the messages whose corrections are
    looked at, by external id; None: whatever the voters miss."""

    playbook: Playbook
    lessons: Sequence[Lesson]
    library: Sequence[CannedAnswer]
    corrected: Mapping[str, Sequence[Vote]] | None


class Suggesting:
    """Some seconds of work for a thousand messages, to be run in a thread."""

    def __init__(self, read: ReadLessons, prompts: Path = PROMPTS) -> None:
        self._read = read
        self._prompts = prompts

    def __call__(self, ground: Ground) -> list[Suggestion]:
        """The best of each kind first."""
        playbook = ground.playbook
        known = [one for one in ground.lessons if one.confirmed.queue in playbook.queue_ids]
        examples, vectors = self._read(playbook.account, known)
        if not examples:
            return []
        reader = Reader(keyword_hits, vote_of)
        held = hold_out(examples, playbook, ground.library, reader, vectors)
        return list(_found(held, ground, _Writer(playbook, load_phrases(self._prompts, playbook.language))))


def _found(held: Held, ground: Ground, writer: "_Writer") -> Iterator[Suggestion]:
    """A label is judged by what the voters would say today, what was missed by what they said then."""
    terms = Terms(held.examples, held.readings, may_be_name, held.playbook.language)
    recent = ground.corrected
    lived = as_lived(held, recent or {})
    guesses = np.asarray(lived.probabilities().argmax(axis=1))
    rows = range(len(held.labels))
    missed = [row for row in rows if recent is None or held.examples[row].external_id in recent]
    yield from map(writer.keyword, suggest_keywords(lived, terms, guesses, missed, KEYWORDS))
    yield from (writer.label(held, one) for one in suggest_labels(held, held.probabilities(), LABELS))
    yield from (writer.confusion(held, one) for one in suggest_pairs(lived, terms, guesses, missed, PAIRS))
    yield from map(writer.contradiction, suggest_contradictions(lived, guesses, CONTRADICTIONS))


def may_be_name(word: str) -> bool:
    """Whether a folded word is a first name, and not an ordinary word as well."""
    lists = words()
    return word in lists.first_names and word not in lists.ordinary


class _Writer:
    """Findings to suggestions, in the account's language."""

    def __init__(self, playbook: Playbook, phrases: Phrases) -> None:
        self._labels = {queue.id: queue.label for queue in playbook.queues}
        self._phrases = phrases

    def keyword(self, found: KeywordFound) -> Suggestion:
        text = self._phrases(
            "suggestions.keyword",
            queue=self._labels[found.queue],
            expression=found.expression,
            weight=f"{found.weight:g}",
            effect=self._effect(found.effect),
            fixed=found.elsewhere.fixed,
            broken=found.elsewhere.broken,
        )
        return Suggestion(
            id=_id("keyword", found.queue, found.expression),
            kind="keyword",
            queue=found.queue,
            expression=found.expression,
            weight=found.weight,
            effect=found.effect,
            elsewhere=found.elsewhere,
            text=text,
        )

    def label(self, held: Held, found: LabelFound) -> Suggestion:
        message = held.examples[found.row].external_id
        text = self._phrases(
            "suggestions.label",
            message=message,
            **self._names(found.queue, found.other),
            percent=round(100 * found.probability),
            other_percent=round(100 * found.other_probability),
        )
        return Suggestion(
            id=_id("label", message, found.queue),
            kind="label",
            queue=found.queue,
            other=found.other,
            messages=(message,),
            probability=found.probability,
            other_probability=found.other_probability,
            effect=found.effect,
            text=text,
        )

    def confusion(self, held: Held, found: PairFound) -> Suggestion:
        return Suggestion(
            id=_id("confusion", found.queue, found.other),
            kind="confusion",
            queue=found.queue,
            other=found.other,
            reason="ruled" if found.ruled else "written" if found.sentences else "bare",
            sentences=found.sentences,
            words=found.words,
            other_words=found.other_words,
            messages=tuple(held.examples[row].external_id for row in found.rows[:SHOWN]),
            count=len(found.rows),
            effect=found.effect,
            text=self._confusion(found),
        )

    def _confusion(self, found: PairFound) -> str:
        said = {"mine": ", ".join(found.words) or "-", "theirs": ", ".join(found.other_words) or "-"}
        kind = "words" if found.words or found.other_words else "none"
        told = self._phrases(f"suggestions.confusion.{kind}", **said, effect=self._effect(found.effect))
        reason = "ruled" if found.ruled else "written" if found.sentences else "bare"
        values = {**self._names(found.queue, found.other), "sentence": next(iter(found.sentences), "")}
        return self._phrases(f"suggestions.confusion.{reason}", **values, count=len(found.rows), words=told)

    def contradiction(self, found: ContradictionFound) -> Suggestion:
        first, second = found.sentences
        text = self._phrases(
            f"suggestions.contradiction.{found.reason}",
            **self._names(found.queue, found.other),
            first=first,
            second=second,
            count=found.count,
            effect=self._effect(found.effect) if found.effect else "",
        )
        return Suggestion(
            id=_id("contradiction", found.reason, found.queue, found.other, *found.sentences),
            kind="contradiction",
            queue=found.queue,
            other=found.other,
            reason=found.reason,
            expression=found.expression,
            sentences=found.sentences,
            count=found.count,
            effect=found.effect,
            text=text,
        )

    def _names(self, queue: str, other: str) -> dict[str, str]:
        return {"queue": self._labels[queue], "other": self._labels[other]}

    def _effect(self, effect: Effect) -> str:
        verdict = self._phrases(f"suggestions.verdict.{effect.verdict}")
        return self._phrases(
            "suggestions.effect", n=effect.n, fixed=effect.fixed, broken=effect.broken, verdict=verdict
        )


def _id(kind: SuggestionKind, *parts: str) -> str:
    return f"{kind}-{sha256('|'.join(parts).encode()).hexdigest()[:12]}"
