"""An account's playbook: everything that its advisors wrote, as one frozen value."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints, model_serializer

from service.domain.retention import Retention
from service.domain.situation import Calls, Situation
from service.domain.value import Value

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _readable(pattern: str) -> str:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from error
    return pattern


Pattern = Annotated[str, AfterValidator(_readable)]
OneLine = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^#\s][^\r\n]*$")]


class Keyword(Value):
    """One keyword expression (docs/keywords.md) with its weight; a negative weight speaks against."""

    expression: Prose
    weight: Annotated[float, Field(ge=-10, le=10, strict=False)] = 1.0


class QueueExample(Value):
    """What a customer may write, made up by an advisor; written and dumped as one line, tags after `||`.

    `secondary` are the other queues that it asks for. `flags` is None where nobody has looked: such an
    example tells nothing of flags and other asks, not even that there are none.
    """

    text: OneLine
    secondary: Annotated[tuple[Slug, ...], Field(strict=False)] = ()
    flags: Annotated[tuple[Slug, ...], Field(strict=False)] | None = None

    @model_serializer
    def line(self) -> str:
        if self.flags is None:
            return self.text
        return " ".join([self.text, "||", *(f"+{queue}" for queue in self.secondary), *(f"#{it}" for it in self.flags)])


class Queue(Value):
    """One queue: what it is for, how to recognise it, and how soon it must be answered.

    `examples` teach the learned voters before there is any history, and name the reasons that a history
    has not seen yet.
    """

    id: Slug
    label: Prose
    level: Annotated[int, Field(ge=1, le=3)]
    sla_hours: Annotated[int, Field(ge=1)]
    definition: Prose
    instructions: Annotated[tuple[Prose, ...], Field(strict=False)]
    keywords: Annotated[tuple[Keyword, ...], Field(strict=False)] = ()
    examples: Annotated[tuple[QueueExample, ...], Field(strict=False)] = ()
    sensitive: bool = False
    retention: bool = False
    out_of_scope: bool = False
    must_not_miss: bool = False


class Precedence(Value):
    """Which queue wins when a message fits two. `over` names the queues that lose, or `*` for all."""

    rule: Prose
    winner: Slug | None = None
    over: Annotated[tuple[str, ...], Field(strict=False)] = ()


class Flag(Value):
    """A flag, independent of the queue, with the keywords that raise it. `must_not_miss`: better raised once too
    often than missed."""

    id: Slug
    definition: Prose
    keywords: Annotated[tuple[Keyword, ...], Field(strict=False)] = ()
    must_not_miss: bool = False


class Thresholds(Value):
    """When a message is routed without an advisor.

    `accepted_error`: share of wrong labels accepted among those routed; `missed`: share of the messages of a
    queue that must not be missed accepted to be routed elsewhere; `certainty`: with which
    confidence these bounds must hold; `routing`: calibrated probability from which a message is
    routed until the history is long enough to choose it (`service/learning`). `possible_ask`: probability from which
    another ask is named to the advisor, where its sentence reads like one.
    """

    accepted_error: Annotated[float, Field(gt=0, lt=1)] = 0.03
    missed: Annotated[float, Field(gt=0, lt=1)] = 0.03
    certainty: Annotated[float, Field(gt=0, lt=1)] = 0.9
    routing: Annotated[float, Field(gt=0, le=1)] = 0.8
    secondary: Annotated[float, Field(gt=0, le=1)] = 0.25
    possible_ask: Annotated[float, Field(gt=0, le=1)] = 0.1
    answer_score: Annotated[float, Field(ge=0, le=1)] = 0.2


class History(Value):
    """What is known of an account's confirmed messages: regular expressions over external ids, "" for none.

    `studied`: messages that the playbook's authors read while they wrote its keywords. Keywords look better on
    these than on any other, so the weight of each voter is learned from the rest.
    `ordinary`: messages that came as mail comes, not picked for being rare or wrong. Only these tell how often
    new messages will be routed wrongly. "": all of them.
    """

    studied: Pattern = ""
    ordinary: Pattern = ""


class Bursts(Value):
    """Messages that belong together, of one sender or about one file.

    `hours`: so long after a message the sender's next one joins its case; 0: never. `numbers` are the kinds of
    `identifiers` that are a file's. `wait_hours`: from so long without a reply on, the next message is likely to
    chase the one before.
    """

    hours: Annotated[int, Field(ge=0, le=24 * 90)] = 48
    wait_hours: Annotated[int, Field(ge=1)] = 24
    numbers: Annotated[tuple[str, ...], Field(strict=False)] = ()


class Tone(Value):
    """How the account writes: sentences of instruction for the model, and fixed words for drafts. A sentence that
    holds one of `commitments` promises something, one of `commercial` sells something."""

    instructions: Annotated[tuple[Prose, ...], Field(strict=False)]
    signature: Prose
    commitments: Annotated[tuple[Prose, ...], Field(strict=False)] = ()
    commercial: Annotated[tuple[Prose, ...], Field(strict=False)] = ()


class Targets(Value):
    """What the account wants to reach: the share of its messages that are answered."""

    answered: Annotated[float, Field(gt=0, le=1, strict=False)]


class Playbook(Value):
    """All of it. `version` is the hash of its content (`service.playbooks.version`)."""

    account: Slug
    label: Prose
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] = "fr"
    timezone: str = "Europe/Paris"
    version: str
    queues: Annotated[tuple[Queue, ...], Field(strict=False, min_length=2)]
    precedence: Annotated[tuple[Precedence, ...], Field(strict=False)] = ()
    flags: Annotated[tuple[Flag, ...], Field(strict=False)] = ()
    thresholds: Thresholds = Thresholds()
    history: History = History()
    bursts: Bursts = Bursts()
    tone: Tone
    situations: Annotated[tuple[Situation, ...], Field(strict=False)] = ()
    calls: Calls | None = None
    retention: Retention | None = None
    targets: Targets | None = None
    facts: dict[str, Any] = Field(default_factory=dict)
    texts: dict[str, str] = Field(default_factory=dict)
    identifiers: dict[str, str] = Field(default_factory=dict)

    def queue(self, queue_id: str) -> Queue:
        """The queue of that id. Raises KeyError."""
        for queue in self.queues:
            if queue.id == queue_id:
                return queue
        raise KeyError(queue_id)

    @property
    def queue_ids(self) -> tuple[str, ...]:
        return tuple(queue.id for queue in self.queues)
