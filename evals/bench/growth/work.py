"""What is done to a store while its cost is taken: one operation of each kind, as the doors ask for it."""

import random
import uuid
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle

from evals.bench.corpus import ACCOUNT, messages
from evals.bench.desk import ASKED
from evals.bench.full_store import FIRST, FORM, FORM_SHARE, NAMES
from service.desk.board.board import Look
from service.domain.message import Message
from service.domain.triage import Triage
from service.storage.cases import Filter
from service.wiring import Desk

Operation = Callable[[], Awaitable[object]]


@dataclass
class Work:
    """Over a store of so many messages; every message that comes in is a new one."""

    desk: Desk
    size: int
    chance: random.Random = field(default_factory=lambda: random.Random(3))
    _taken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._messages = self._anew()
        self._asked = cycle(ASKED)
        self._triage: Triage | None = None

    @property
    def operations(self) -> dict[str, tuple[Operation, int]]:
        """By name, with how often each is done in a round. Those that come in are worked off in the same round."""
        return {
            "intake": (self._intake, 10),
            "take from the backlog": (self._take, 5),
            "triage of what waits": (self._finish, 10),
            "triage, asked for": (self._triage_now, 10),
            "storing a triage": (self._store, 10),
            "the desk's page": (self._board, 5),
            "a message's page": (self._open, 10),
            "a page of messages": (self._list, 5),
            "search": (self._search, len(ASKED)),
        }

    def _anew(self) -> Iterator[Message]:
        run, known = uuid.uuid4().hex[:8], messages()
        for number, message in enumerate(cycle(known)):
            named = f"client{self.chance.randrange(self.size // 3)}@example.org"
            sender = {
                "name": self.chance.choice(NAMES),
                "address": FORM if self.chance.random() < FORM_SHARE else named,
            }
            told = message.model_dump() | {"external_id": f"growth-{run}-{number}", "sender": sender}
            yield Message.model_validate(told)

    async def _intake(self) -> None:
        await self.desk.intake.receive(next(self._messages))

    async def _take(self) -> None:
        self._taken += await self.desk.backlog.take("growth", 2)

    async def _finish(self) -> None:
        await self.desk.triages.finish(self._taken.pop(), "growth")

    async def _triage_now(self) -> None:
        self._triage = await self.desk.triages.triage(next(self._messages))

    async def _store(self) -> None:
        """What the triage of a message costs beside the thinking: everything that the database does for it."""
        message = next(self._messages)
        assert self._triage
        stamp = str(uuid.uuid4())
        made = self._triage.model_copy(update={"id": stamp, "external_id": message.external_id})
        await self.desk.triages.keep([(message, made)])

    async def _board(self) -> None:
        board = self.desk.workbench.board
        await board.standing(None)
        await board.page(Look())

    async def _open(self) -> None:
        assert self._triage
        await self.desk.messages.get(self._triage.id)

    async def _list(self) -> None:
        await self.desk.messages.list(Filter(account=ACCOUNT), 50)

    async def _search(self) -> None:
        said = {"number": self.chance.randrange(self.size), "sender": self.chance.randrange(self.size // 3)}
        asked = next(self._asked).format(**said, first=self.chance.choice(FIRST), name=self.chance.choice(NAMES))
        await self.desk.workbench.searching.page(Look(stage="all"), asked)


@dataclass
class Refitting:
    """What the background does after corrections, but for the comparison with the version in force."""

    desk: Desk
    size: int

    @property
    def operations(self) -> dict[str, tuple[Operation, int]]:
        return {"refit": (self._refit, 1)}

    async def _refit(self) -> None:
        await self.desk.learning.learn(ACCOUNT, by="growth", anyway=True)
