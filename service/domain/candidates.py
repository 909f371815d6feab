"""What recall found: canned answers and confirmed messages near a message."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.answers import CannedAnswer
from service.domain.redacted import RedactedText


@dataclass(frozen=True, slots=True)
class ScoredAnswer:
    """`score` in [0, 1]: how well the answer fits; best first wherever a list of them stands."""

    answer: CannedAnswer
    score: float


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A confirmed message. `similarity` is the cosine with the message at hand, in [-1, 1]."""

    id: str
    text: RedactedText
    queue: str
    similarity: float
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """All of an account's canned answers with what search says of each: its BM25 score for the message's words, from
    0 up, and its cosine with the message, in [-1, 1]."""

    answers: Sequence[CannedAnswer] = ()
    words: Sequence[float] = ()
    vectors: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Candidates:
    """Both lists are best first. `degraded` names what answered from a fallback, e.g. `index`. `told` is what the
    answers are ranked from, once it is decided which queues the message may belong to."""

    answers: tuple[ScoredAnswer, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    degraded: tuple[str, ...] = ()
    told: Told = Told()
