"""A small account, processes that serve it, a model, a program that webhooks are told to, and a stream of messages."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from service.settings import Settings
from service.wiring import open_desk
from tests.conftest import GivenSettings
from tests.faults.crew import Place
from tests.loopback_model import LoopbackModel
from tests.receiver import Receiver, receiving
from tests.service.small_account import write_account

LEASE_S = 4.0
SUBJECTS = ("facture", "départ")
PATIENCE_S = 120.0


@dataclass
class Stage:
    """`accepted`: ids by external id, and when each was; whatever the service said no to is sent again."""

    settings: Settings
    places: list[Place]
    receiver: Receiver
    model: LoopbackModel
    key: str
    accepted: dict[str, tuple[str, float]] = field(default_factory=dict)
    refused: Counter[int] = field(default_factory=Counter)
    heard_at: dict[str, float] = field(default_factory=dict)
    strikes: list[float] = field(default_factory=list)
    _sent: int = 0
    _turn: int = 0

    def struck(self, _fault: str) -> None:
        self.strikes.append(time.monotonic())

    def next_place(self) -> Place:
        self._turn += 1
        return self.places[self._turn % len(self.places)]

    def anew(self) -> None:
        """What was sent so far is no longer looked at."""
        self.accepted, self.strikes = {}, []

    async def send(self, count: int) -> None:
        """So many more messages, from several callers at once, until each is accepted."""
        first, self._sent = self._sent, self._sent + count
        names = [f"m-{n}" for n in range(first, first + count)]
        async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
            await asyncio.gather(*(self._hand_in(client, name) for name in names))

    async def _hand_in(self, client: httpx.AsyncClient, name: str) -> None:
        number = int(name.partition("-")[2])
        body = {
            "external_id": name,
            "account": "petit",
            "body": f"Bonjour, mon {SUBJECTS[number % 2]} numéro {number} ?",
        }
        headers = {"Authorization": f"Bearer {self.key}"}
        end, turn = time.monotonic() + PATIENCE_S, number
        while time.monotonic() < end:
            place, turn = self.places[turn % len(self.places)], turn + 1
            try:
                response = await client.post(f"{place.address}/v1/messages", json=body, headers=headers)
            except httpx.HTTPError:
                self.refused[0] += 1
            else:
                if response.status_code == 202:
                    self.accepted[name] = (response.json()["id"], time.monotonic())
                    return
                self.refused[response.status_code] += 1
            await asyncio.sleep(0.05)
        raise AssertionError(f"{name} was never accepted: {dict(self.refused)}")

    async def confirm(self) -> None:
        """Somebody corrects the last message: from then on it is found among those that are like it."""
        await self.all_told()
        if not self.accepted:
            await self.send(1)
            await self.all_told()
        message_id, _ = list(self.accepted.values())[-1]
        headers = {"Authorization": f"Bearer {self.key}"}
        async with httpx.AsyncClient(timeout=30, trust_env=False) as client:
            path = f"{self.places[0].address}/v1/messages/{message_id}/queue"
            said = await client.put(path, json={"queue": "departs", "by": "lea"}, headers=headers)
            said.raise_for_status()

    async def all_told(self, patience_s: float = PATIENCE_S) -> None:
        """Waits until each accepted message was told of."""
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            self._note()
            if all(message_id in self.heard_at for message_id, _ in self.accepted.values()):
                return
            await asyncio.sleep(0.02)

    def _note(self) -> None:
        for heard in self.receiver.heard:
            self.heard_at.setdefault(heard.told["data"]["id"], time.monotonic())

    def recovered_s(self) -> float:
        """From the first fault until all that was accepted before and after it was told of."""
        last = max((self.heard_at.get(one, 0.0) for one, _ in self.accepted.values()), default=0.0)
        return max(0.0, last - self.strikes[0]) if self.strikes else 0.0


@asynccontextmanager
async def staged(folder: Path, url: str = "", urls: Sequence[str] = ("", ""), **given: Any) -> AsyncIterator[Stage]:
    """Everything runs until it is left: a process for each of `urls`, where it finds the database (empty: at `url`).
    `given`: settings besides."""
    with LoopbackModel() as model:
        async with receiving() as receiver:
            values: dict[str, Any] = {
                "data": folder / "data",
                "database_url": url,
                "lease_s": LEASE_S,
                "webhook_allow": "127.0.0.1",
                "webhook_http": True,
                "webhook_timeout_s": 5.0,
                "model_deadline_s": 10.0,
                "learn_after": 0,
                "key_rate": 0,
            }
            settings = GivenSettings(
                **(values | given | ({"model_api_base": model.base} if given.get("model") else {}))
            )
            key = await asyncio.to_thread(_prepared, folder, settings, receiver)
            places = [Place(settings.model_copy(update={"database_url": each or url})) for each in urls]
            stage = Stage(settings, places, receiver, model, key)
            watching = asyncio.create_task(_watch(places))
            try:
                for place in places:
                    place.start()
                yield stage
            finally:
                watching.cancel()
                for place in places:
                    place.stop()


async def _watch(places: list[Place]) -> None:
    """Dead ones are replaced, and the time of what was heard is noted."""
    while True:
        for place in places:
            place.look()
        await asyncio.sleep(0.05)


def _prepared(folder: Path, settings: Settings, receiver: Receiver) -> str:
    """The account, a key and a webhook, by a desk that is closed again."""
    desk = open_desk(settings.model_copy(update={"model": ""}), index=False, ready=False)

    async def prepare() -> str:
        await desk.import_folder(write_account(folder / "small", "petit"), by="test")
        await desk.learning.learn("petit", by="test")
        await desk.webhooks.add("petit", receiver.url(), by="test")
        return (await desk.keys.create("faults", "admin", None, by="test"))[1]

    try:
        return asyncio.run(prepare())
    finally:
        desk.close()
