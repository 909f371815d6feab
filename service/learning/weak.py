"""What the playbook and the canned answers say, as weak examples of each queue.

Confirmed messages name few of the reasons that people write for; definitions, instructions and the
situations of canned answers name most. They teach like examples of less weight, and alone where
there is no history yet.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from service.domain.alignment import Alignment
from service.domain.answers import CannedAnswer
from service.domain.cleaned import Part, Segment
from service.domain.playbook import Playbook, Queue, QueueExample
from service.domain.redacted import EMPTY, Redacted, ours
from service.learning.examples import Example
from service.learning.reading import Reading, read_text

DEFINITION, SITUATION, BODY, INSTRUCTION, KEYWORDS = 1.0, 1.0, 0.5, 0.5, 0.5
EXAMPLE = 2.0
"""A made-up example is a whole message, so it says more than a message's worth: 1 to 3 measure alike."""
PLACEHOLDER = re.compile(r"\{\w+\}")
_NOT_A_WORD = re.compile(r"[\"*&!]")


@dataclass(frozen=True, slots=True)
class WeakExample:
    """`flags` is None where nobody has looked for flags and other asks."""

    reading: Reading
    queue: str
    weight: float
    secondary: tuple[str, ...] = ()
    flags: tuple[str, ...] | None = None


def weak_examples(playbook: Playbook, answers: Sequence[CannedAnswer]) -> list[WeakExample]:
    """What is written about queues in the playbook's order, the answers by id, then the made-up examples.

    Queues that the playbook lacks are left out.
    """
    known = set(playbook.queue_ids)
    ordered = sorted((answer for answer in answers if answer.queue in known), key=lambda answer: answer.id)
    written = [text for queue in playbook.queues for text in _of_queue(queue, known)]
    told = (
        *((text, queue, weight, playbook.language) for text, queue, weight in written),
        *(found for answer in ordered for found in _of_answer(answer)),
    )
    return [
        *(WeakExample(read_text(text, language), queue, weight) for text, queue, weight, language in told),
        *(_made_up(example, queue.id, playbook.language) for queue in playbook.queues for example in queue.examples),
    ]


def as_messages(playbook: Playbook) -> list[Example]:
    """The queues' made-up examples as if customers had sent them."""
    return [
        Example(
            f"{queue.id}/{at}",
            _as_sent(one.text, playbook.language),
            queue.id,
            one.secondary,
            one.flags or (),
            weight=EXAMPLE,
            flags_told=one.flags is not None,
            asks_told=one.flags is not None,
            made_up=True,
        )
        for queue in playbook.queues
        for at, one in enumerate(queue.examples)
    ]


def _made_up(one: QueueExample, queue: str, language: str) -> WeakExample:
    return WeakExample(read_text(one.text, language), queue, EXAMPLE, one.secondary, one.flags)


def _as_sent(text: str, language: str) -> Redacted:
    whole = Segment(Part.BODY, 0, len(text))
    return Redacted(EMPTY, ours(text), (whole,), Alignment.identity(len(text)), language=language)


def described(queue: Queue) -> str:
    """Its label and its definition; once, where they are the same."""
    return "\n".join(dict.fromkeys((queue.label, queue.definition)))


def _of_queue(queue: Queue, known: set[str]) -> Iterator[tuple[str, str, float]]:
    yield described(queue), queue.id, DEFINITION
    for sentence in queue.instructions:
        if not _names_another(sentence, known - {queue.id}):
            yield sentence, queue.id, INSTRUCTION
    if said := " ; ".join(_expressions(queue)):
        yield said, queue.id, KEYWORDS


def _expressions(queue: Queue) -> Iterable[str]:
    return (_NOT_A_WORD.sub(" ", keyword.expression.split("!")[0]) for keyword in queue.keywords if keyword.weight > 0)


def _names_another(sentence: str, others: set[str]) -> bool:
    """An instruction that says when another queue wins describes that one as much as this one."""
    return any(queue in others for queue in re.findall(r"[a-z][a-z0-9_-]+", sentence))


def _of_answer(answer: CannedAnswer) -> Iterator[tuple[str, str, float, str]]:
    yield f"{answer.title}\n{answer.situation}", answer.queue, SITUATION, answer.language
    yield PLACEHOLDER.sub(" ", answer.body), answer.queue, BODY, answer.language
