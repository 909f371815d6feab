"""Where the library has nothing to say: messages without a draft, and asks that no canned answer covers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from service.storage import answers, gaps
from service.storage.database import Database, Transaction
from service.storage.gaps import Gap

__all__ = ["AnswerGaps", "Gap", "Gaps", "QueueGap"]

LOOKED_AT = 400
"""Of the newest messages: what is missing today, not what was missing last year."""
SHOWN = 5


@dataclass(slots=True)
class QueueGap:
    """Of one queue: its canned answers, messages without a draft, asks that nothing covers, the newest few of both."""

    queue: str
    answers: int = 0
    undrafted: int = 0
    uncovered: int = 0
    examples: list[Gap] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Gaps:
    """`looked_at`: how many messages were looked through. The widest gaps first."""

    looked_at: int
    queues: Sequence[QueueGap]


class AnswerGaps:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, account: str) -> Gaps:
        return await self._database.read(_gaps, account)


def _gaps(transaction: Transaction, account: str) -> Gaps:
    count, found = gaps.looked_at(transaction, account, LOOKED_AT)
    queues: dict[str, QueueGap] = {}
    for gap in found:
        one = queues.setdefault(gap.queue, QueueGap(gap.queue))
        one.undrafted += not gap.ask
        one.uncovered += bool(gap.ask)
        if len(one.examples) < SHOWN:
            one.examples.append(gap)
    written: dict[str, int] = defaultdict(int)
    for answer in answers.library(transaction, account):
        written[answer.queue] += 1
    for one in queues.values():
        one.answers = written[one.queue]
    return Gaps(count, sorted(queues.values(), key=lambda one: -(one.undrafted + one.uncovered)))
