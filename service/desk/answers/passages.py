"""What search finds of an account: its canned answers and its confirmed messages, as passages."""

from collections.abc import Iterable
from hashlib import sha256

from retrieval.passages import Passage
from service.domain.answers import CannedAnswer
from service.pipeline.recall import search_text
from service.storage.confirmed import Lesson


def answer_passages(answers: Iterable[CannedAnswer]) -> list[Passage]:
    return [
        Passage(
            answer.id,
            answer.searched,
            {"language": answer.language, "group": answer.queue, "answer": answer.model_dump_json()},
        )
        for answer in answers
    ]


def lesson_text(lesson: Lesson) -> str:
    """What is searched of a confirmed message: what is searched for with a new one."""
    return search_text(lesson.redacted)


def lesson_passages(lessons: Iterable[Lesson]) -> list[Passage]:
    """Redacted text only. Those of one `voice` speak as one: the same text of the same sender."""
    return [
        Passage(
            lesson.id,
            lesson_text(lesson),
            {
                "language": lesson.confirmed.language,
                "group": lesson.confirmed.queue,
                "queue": lesson.confirmed.queue,
                "answers": ",".join(lesson.confirmed.answers),
                "voice": _voice(lesson),
            },
        )
        for lesson in lessons
    ]


def _voice(lesson: Lesson) -> str:
    """A hash of sender, text and queue together, which tells nobody's address."""
    sender = lesson.confirmed.message.sender
    name = (sender.address or sender.name).casefold()
    words = " ".join(lesson_text(lesson).casefold().split())
    return sha256(f"{name}\n{lesson.confirmed.queue}\n{words}".encode()).hexdigest()[:16] if name else ""
