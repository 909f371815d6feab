"""Many confirmed messages in one account: what looks through them, and what one more costs."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path

from evals.bench.corpus import ACCOUNT, messages
from evals.bench.growth.library import WORDS, recalled
from evals.bench.growth.stores import made, opened
from evals.bench.growth.work import Operation
from retrieval.passages import Passage
from service.domain.collections import confirmed_of
from service.storage.ids import new_id
from service.storage.passages import Passages
from service.wiring import Desk

AT_ONCE = 5_000
LESSONS = confirmed_of(ACCOUNT)


def learned_much(folder: Path, start: Path, totals: Sequence[int]) -> dict[int, Path]:
    """By number, the data folder of a store in which search finds so many confirmed messages, at least those of the
    reference account; what is there already is taken as it is."""
    return {total: made(folder / f"confirmed-{total}", start, partial(_teach, total=total)) for total in totals}


def _teach(data: Path, total: int) -> None:
    with opened(data) as desk:
        store, new = Passages(desk.database), _lessons(seed=7)
        while (missing := total - desk.library.prepare(LESSONS)) > 0:
            store.put(LESSONS, [next(new) for _ in range(min(missing, AT_ONCE))])


def _lessons(seed: int) -> Iterator[Passage]:
    """Words of two messages in each, so that few are alike."""
    chance, bodies = random.Random(seed), [message.body.split() for message in messages()]
    while True:
        one, other = chance.choice(bodies), chance.choice(bodies)
        start = chance.randrange(max(1, len(other) - WORDS))
        text = " ".join([*one, *other[start : start + WORDS]])
        lesson = new_id()
        about = {"language": "fr", "group": "facture", "queue": "facture", "answers": "", "voice": lesson}
        yield Passage(lesson, text, about)


@dataclass
class LessonsWork:
    """Over an account that has confirmed so many messages. Vectors are compared one by one: an index would not be asked
    for what has just changed."""

    desk: Desk
    size: int

    def __post_init__(self) -> None:
        self._messages, self._lessons = cycle(messages()), _lessons(seed=8)
        self._store = Passages(self.desk.database)

    @property
    def operations(self) -> dict[str, tuple[Operation, int]]:
        return {
            "confirmed messages: recall": (self._recall, 10),
            "confirmed messages: one more taken in": (self._take_in, 3),
        }

    async def _recall(self) -> None:
        await recalled(self.desk, next(self._messages))

    async def _take_in(self) -> None:
        self._store.put(LESSONS, [next(self._lessons)])
        await asyncio.to_thread(self.desk.library.prepare, LESSONS)
