"""Many canned answers in several accounts, and what looks through them."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from pathlib import Path

from evals.bench.corpus import ACCOUNT, messages
from evals.bench.growth.stores import made, opened
from evals.bench.growth.work import Operation
from service.desk.accounts import AccountContent
from service.desk.answers.finding import Asked
from service.desk.clock import utc_now
from service.domain.answers import CannedAnswer
from service.domain.collections import answers_of
from service.domain.message import Message
from service.pipeline.recall import recall
from service.playbooks.folder import read_account
from service.settings import REFERENCE
from service.storage.ids import new_id
from service.wiring import Desk, prepare

ACCOUNTS = 10
WORDS = 12
"""Of a customer's, which stand in a canned answer beside what the company wrote, so that no two are alike."""


def stocked(folder: Path, start: Path, totals: Sequence[int]) -> dict[int, Path]:
    """By number, the data folder of a store with so many canned answers; what is there already is taken as it is."""
    return {total: made(folder / f"answers-{total}", start, partial(_stock, total=total)) for total in totals}


def _stock(data: Path, total: int) -> None:
    """In ten accounts of one playbook: those of the reference account in many variants."""
    found = read_account(REFERENCE)
    known = found.answers or ()

    async def import_all(desk: Desk) -> None:
        for number in range(ACCOUNTS):
            account = ACCOUNT if number == 0 else f"compte-{number}"
            playbook = found.playbook.model_copy(update={"account": account})
            await desk.accounts.import_(AccountContent(found.files, playbook), by="growth")
            await desk.answers.import_(account, variants(known, total // ACCOUNTS), by="growth")
            await asyncio.to_thread(desk.library.prepare, answers_of(account))

    with opened(data) as desk:
        asyncio.run(import_all(desk))


def variants(known: Sequence[CannedAnswer], total: int) -> list[CannedAnswer]:
    """The first ones are those that are known."""
    chance, bodies = random.Random(5), [message.body.split() for message in messages()]
    made = []
    for number in range(total):
        one, words = known[number % len(known)], chance.choice(bodies)
        start = chance.randrange(max(1, len(words) - WORDS))
        more = {"id": f"{one.id}_{number}", "situation": f"{one.situation} {' '.join(words[start : start + WORDS])}"}
        made.append(one if number < len(known) else one.model_copy(update=more))
    return made


async def recalled(desk: Desk, message: Message) -> None:
    knowledge = await desk.shelf.of(ACCOUNT)
    await recall(prepare(message, knowledge.playbook), ACCOUNT, knowledge.search)


@dataclass
class LibraryWork:
    """Over a store of so many canned answers, a tenth of them the reference account's."""

    desk: Desk
    size: int

    def __post_init__(self) -> None:
        self._messages = cycle(messages())
        self._typed = cycle(["remboursement", "carte grise", "rési*", "délai"])

    @property
    def operations(self) -> dict[str, tuple[Operation, int]]:
        return {
            "canned answers: a triage": (self._triage, 10),
            "canned answers: recall": (self._recall, 10),
            "canned answers: found while one types": (self._find, 3),
        }

    async def _triage(self) -> None:
        await self.desk.conclude(next(self._messages), new_id(), utc_now())

    async def _recall(self) -> None:
        await recalled(self.desk, next(self._messages))

    async def _find(self) -> None:
        await self.desk.workbench.finding_answers.find(ACCOUNT, next(self._typed), Asked("remboursement"))
