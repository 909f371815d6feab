"""Fits the learned voters from what the store holds."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np

from retrieval.embedding import Embedder, Vectors, knows_meanings
from retrieval.passages import StoredPassage, Vector
from service.desk.answers.passages import lesson_text
from service.desk.learning.exam import Decide, Exam, sit
from service.desk.learning.promises import promised
from service.desk.learning.versions import Fitted
from service.domain.answers import CannedAnswer
from service.domain.candidates import Candidates, Neighbour
from service.domain.decision import Decision
from service.domain.playbook import Playbook
from service.domain.redacted import EMPTY
from service.learning.examples import Example
from service.learning.fit import fit
from service.learning.fit_weighed import Step
from service.learning.learned import Learned
from service.learning.nearest import NEIGHBOURS
from service.learning.replay import Replayed, replay
from service.learning.voices import loudness, near_level
from service.learning.weak import described
from service.phrases import load_phrases
from service.pipeline.decide import decide
from service.pipeline.votes import classifier, keywords, neighbours
from service.playbooks.matcher import KeywordMatcher
from service.settings import PROMPTS
from service.storage.confirmed import Lesson

Stored = Callable[[str], Sequence[StoredPassage]]
"""An account's confirmed messages as search has them, with the vectors that were made already."""


def nothing_stored(_account: str) -> Sequence[StoredPassage]:
    return ()


class Fitting:
    """A `service.desk.learning.versions.Fit`, and the exam of what it fits. `embedder` gives the vectors by which
    neighbours are weighed; those that search has made are taken from `stored`."""

    def __init__(self, embedder: Embedder, stored: Stored = nothing_stored, prompts: Path = PROMPTS) -> None:
        self._embedder = embedder
        self._stored = stored
        self._prompts = prompts

    def __call__(self, playbook: Playbook, lessons: Sequence[Lesson], library: Sequence[CannedAnswer]) -> Fitted:
        vectors = self._vectors(playbook.account, lessons)
        examples = _examples(lessons, vectors)
        learned = self._fitted(examples, playbook, library, vectors)
        metrics = {"examples": learned.examples, **promised(learned, playbook)}
        if vectors is not None:
            metrics["near"] = near_level(vectors, [_group(one) for one in examples], [one.queue for one in examples])
        return Fitted(learned.version, learned.to_bytes(), metrics)

    def read(self, account: str, lessons: Sequence[Lesson]) -> tuple[list[Example], Vectors | None]:
        """Lessons as examples, and their vectors one a row."""
        vectors = self._vectors(account, lessons)
        return _examples(lessons, vectors), vectors

    def replay(
        self, playbook: Playbook, lessons: Sequence[Lesson], library: Sequence[CannedAnswer], step: Step
    ) -> Sequence[Replayed]:
        """What voters fitted under that playbook say of messages that they have not learned from."""
        known = [lesson for lesson in lessons if lesson.confirmed.queue in set(playbook.queue_ids)]
        vectors = self._vectors(playbook.account, known)
        examples, matcher = _examples(known, vectors), KeywordMatcher(playbook)
        queues = self._queue_vectors(playbook)
        return replay(
            examples, playbook, library, lambda redacted: keywords.vote(redacted, matcher), vectors, queues, step
        )

    def examine(self, playbook: Playbook, lessons: Sequence[Lesson], library: Sequence[CannedAnswer]) -> Exam:
        """What twins say of messages that they have not learned from: some whole fits."""
        known = [lesson for lesson in lessons if lesson.confirmed.queue in set(playbook.queue_ids)]
        vectors = self._vectors(playbook.account, known)
        examples = _examples(known, vectors)

        def twin(held: Sequence[int]) -> Decide:
            return self._twin(playbook, library, examples, vectors, held)

        return sit(examples, twin)

    def _twin(
        self,
        playbook: Playbook,
        library: Sequence[CannedAnswer],
        examples: Sequence[Example],
        vectors: Vectors | None,
        held: Sequence[int],
    ) -> Decide:
        out = set(held)
        kept = [row for row in range(len(examples)) if row not in out]
        known = [replace(examples[row], answers=()) for row in kept]  # answers are not examined
        rows = vectors[kept] if vectors is not None and kept else None
        learned = self._fitted(known, playbook, library, rows, asides=False)
        matcher = KeywordMatcher(playbook)
        phrases = load_phrases(self._prompts, playbook.language)

        def decided(row: int) -> Decision:
            redacted = examples[row].redacted
            near = _nearest(vectors[row], rows, known) if vectors is not None and rows is not None else ()
            votes = (
                keywords.vote(redacted, matcher),
                classifier.vote(redacted, learned, vectors[row] if vectors is not None else None),
                neighbours.vote(Candidates(neighbours=tuple(near))),
            )
            return decide(votes, playbook, learned, phrases)

        return decided

    def _fitted(
        self,
        examples: Sequence[Example],
        playbook: Playbook,
        library: Sequence[CannedAnswer],
        vectors: Vectors | None,
        asides: bool = True,
    ) -> Learned:
        matcher = KeywordMatcher(playbook)
        return fit(
            examples,
            playbook,
            library,
            lambda redacted: keywords.vote(redacted, matcher),
            vectors,
            self._queue_vectors(playbook),
            self._embedder.embed([answer.searched for answer in library]) if library and vectors is not None else None,
            asides,
        )

    def _queue_vectors(self, playbook: Playbook) -> Vectors | None:
        """None by an embedder that knows no meanings."""
        if not knows_meanings(self._embedder.name):
            return None
        return self._embedder.embed([described(queue) for queue in playbook.queues])

    def _vectors(self, account: str, lessons: Sequence[Lesson]) -> Vectors | None:
        """One a lesson; only texts that search has not embedded yet are embedded."""
        if not lessons:
            return None
        texts = [lesson_text(lesson) for lesson in lessons]
        made = {one.passage.text: one.vector for one in self._stored(account) if one.vector is not None}
        lacking = [text for text in dict.fromkeys(texts) if text not in made]
        if lacking:
            made |= dict(zip(lacking, self._embedder.embed(lacking), strict=True))
        return np.stack([made[text] for text in texts])


def _nearest(vector: Vector, rows: Vectors, known: Sequence[Example]) -> list[Neighbour]:
    similar = rows @ vector
    nearest = np.argsort(-similar, kind="stable")[:NEIGHBOURS]
    return [Neighbour(known[at].external_id, EMPTY, known[at].queue, float(similar[at])) for at in map(int, nearest)]


def _examples(lessons: Sequence[Lesson], vectors: Vectors | None) -> list[Example]:
    """What a sender repeats counts little more than once."""
    senders = [_sender(lesson) for lesson in lessons]
    weights = loudness(senders, vectors) if vectors is not None else np.ones(len(lessons))
    return [
        _example(lesson, sender, float(weight))
        for lesson, sender, weight in zip(lessons, senders, weights, strict=True)
    ]


def _example(lesson: Lesson, sender: str, weight: float) -> Example:
    """Who corrects or answers a message says where it belongs, and its flags where he has told them: else they are what
    the program took it for, as its other asks are, a model's word among them, and it would learn from itself."""
    confirmed, told = lesson.confirmed, lesson.source == "import"
    return Example(
        external_id=lesson.id,
        redacted=lesson.redacted,
        queue=confirmed.queue,
        secondary=confirmed.secondary,
        flags=confirmed.flags,
        sender_key=sender,
        weight=weight,
        flags_told=told or lesson.flags_told,
        asks_told=told,
        answers=confirmed.answers,
        answers_told=told,
    )


def _sender(lesson: Lesson) -> str:
    sender = lesson.confirmed.message.sender
    name = (sender.address or sender.name).casefold()
    return sha256(name.encode()).hexdigest()[:16] if name else ""


def _group(example: Example) -> str:
    return example.sender_key or example.external_id
