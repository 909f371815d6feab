"""One thing that a message asks for."""

from service.domain.value import Value
from service.domain.votes import Probability


class Ask(Value):
    """`text` is the customer's words, `start` and `end` their place in the body as received (None where they do not
    stand there: a subject, an encoded part). `probability` that `queue` is asked for.

    `answered_by` are the draft's paragraphs, counted from 0, that answer it, `answers` the canned answers behind them.
    `uncovered_reason`: why nothing answers it, a sentence in the account's language; None where something does.
    """

    text: str
    start: int | None = None
    end: int | None = None
    queue: str
    probability: Probability
    answered_by: tuple[int, ...] = ()
    answers: tuple[str, ...] = ()
    uncovered_reason: str | None = None
