"""Steps that can be left out of the pipeline, each by wiring: what an account knows without it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from evals.harness.step import Step
from service.desk.learning.fitting import Fitting
from service.domain.answers import CannedAnswer
from service.domain.cleaned import Cleaned, Part, Segment
from service.domain.message import Message
from service.domain.playbook import Playbook
from service.domain.redacted import Redacted
from service.learning.learned import Learned
from service.pipeline.clean import clean, opened
from service.pipeline.knowledge import Knowledge
from service.pipeline.redact import redact
from service.playbooks import KeywordMatcher
from service.storage.confirmed import Lesson


@dataclass(frozen=True, slots=True)
class Ground:
    """What the whole pipeline knows, and what it was learned from."""

    knowledge: Knowledge
    lessons: Sequence[Lesson]
    library: Sequence[CannedAnswer]
    fitting: Fitting

    def without(self, step: Step) -> Knowledge:
        """The same without one step, everything that is learned fitted anew without it.

        A voter left out is not heard, and the weights are those fitted for the voters that are left. `clean` needs
        another index: its ground is made by `prepare_whole` and only its `clean` differs here.
        """
        match step:
            case "clean":
                return replace(self.knowledge, clean=clean_whole)
            case "classifier" | "neighbours":
                return replace(self.knowledge, silent=frozenset({step}))
            case "model":
                return replace(self.knowledge, engine="local", asking=None)
            case "answers":
                return self._learned(self.knowledge.playbook, ())
            case _:
                return self._learned(_WITHOUT[step](self.knowledge.playbook), self.library)

    def _learned(self, playbook: Playbook, library: Sequence[CannedAnswer]) -> Knowledge:
        fitted = self.fitting(playbook, self.lessons, library)
        return replace(
            self.knowledge,
            playbook=playbook,
            matcher=KeywordMatcher(playbook),
            learned=Learned.from_bytes(fitted.content),
            versions=self.knowledge.versions.model_copy(update={"classifier": fitted.version}),
        )


def _without_keywords(playbook: Playbook) -> Playbook:
    queues = tuple(queue.model_copy(update={"keywords": ()}) for queue in playbook.queues)
    flags = tuple(flag.model_copy(update={"keywords": ()}) for flag in playbook.flags)
    return playbook.model_copy(update={"queues": queues, "flags": flags})


def _without_examples(playbook: Playbook) -> Playbook:
    queues = tuple(queue.model_copy(update={"examples": ()}) for queue in playbook.queues)
    return playbook.model_copy(update={"queues": queues})


def _without_instructions(playbook: Playbook) -> Playbook:
    queues = tuple(queue.model_copy(update={"instructions": ()}) for queue in playbook.queues)
    return playbook.model_copy(update={"queues": queues})


def _without_precedence(playbook: Playbook) -> Playbook:
    return playbook.model_copy(update={"precedence": ()})


_WITHOUT: dict[str, Callable[[Playbook], Playbook]] = {
    "keywords": _without_keywords,
    "examples": _without_examples,
    "instructions": _without_instructions,
    "precedence": _without_precedence,
}


def clean_whole(message: Message) -> Cleaned:
    """Readable text, all of it taken for the customer's own new words."""
    cleaned = clean(message)
    return replace(cleaned, segments=_whole(cleaned.text))


def prepare_whole(message: Message, playbook: Playbook) -> Redacted:
    """`service.wiring.prepare` likewise."""
    message = opened(message)
    redacted, _ = redact(clean_whole(message), message, playbook)
    return redacted


def _whole(text: str) -> tuple[Segment, ...]:
    return (Segment(Part.BODY, 0, len(text)),) if text.strip() else ()
