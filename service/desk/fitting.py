"""Fits the learned voters from what the store holds."""

from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256

from retrieval.embedding import Embedder
from service.desk.learning import Fitted
from service.desk.passages import lesson_text
from service.domain.answers import CannedAnswer
from service.domain.playbook import Playbook
from service.learning.examples import Example
from service.learning.fit import fit
from service.pipeline.votes import keywords
from service.playbooks.matcher import KeywordMatcher
from service.storage.confirmed import Lesson


class Fitting:
    """A `service.desk.learning.Fit`. `embedder` gives the vectors by which neighbours are weighed."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def __call__(self, playbook: Playbook, lessons: Sequence[Lesson], library: Sequence[CannedAnswer]) -> Fitted:
        matcher = KeywordMatcher(playbook)
        vectors = self._embedder.embed([lesson_text(lesson) for lesson in lessons]) if lessons else None
        examples = [_example(lesson) for lesson in lessons]
        learned = fit(examples, playbook, library, lambda redacted: keywords.vote(redacted, matcher), vectors)
        chosen = asdict(learned.threshold)
        metrics = {"examples": learned.examples, "threshold": chosen.pop("value"), **chosen}
        return Fitted(learned.version, learned.to_bytes(), metrics)


def _example(lesson: Lesson) -> Example:
    confirmed, sender = lesson.confirmed, lesson.confirmed.message.sender
    name = (sender.address or sender.name).casefold()
    return Example(
        external_id=lesson.id,
        redacted=lesson.redacted,
        queue=confirmed.queue,
        secondary=confirmed.secondary,
        flags=confirmed.flags,
        sender_key=sha256(name.encode()).hexdigest()[:16] if name else "",
    )
