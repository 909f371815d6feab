"""The day's budget, where many ask at once."""

import asyncio

import pytest

from service.connectors.ledger import MemoryLedger
from service.errors import BudgetSpentError, UnavailableError
from tests.loopback_model import LoopbackModel
from tests.service.connectors.test_gateway import Make, complete, make, server

__all__ = ["make", "server"]


async def test_those_that_wait_for_their_turn_are_not_called_once_the_budget_is_spent(
    make: Make, server: LoopbackModel
) -> None:
    server.script("slow:0.05")
    ledger = MemoryLedger()
    price = (await complete(make(ledger, model="openai/gpt-4o-mini"))).usage.cost_usd or 0.0
    before = len(server.asked)
    gateway = make(ledger, model="openai/gpt-4o-mini", model_concurrency=2, model_daily_budget_usd=3.5 * price)
    done = await asyncio.gather(*(complete(gateway) for _ in range(30)), return_exceptions=True)
    called = len(server.asked) - before
    assert sum(isinstance(one, BudgetSpentError) for one in done) == 30 - called
    assert called in {4, 5}  # the fifth was in flight when the fourth spent the last of it


async def test_a_budget_that_cannot_be_read_is_no_fault_of_the_model(make: Make, server: LoopbackModel) -> None:
    gateway = make(Unread(), model_daily_budget_usd=1.0)
    for _ in range(2):
        with pytest.raises(UnavailableError, match="database"):
            await complete(gateway)
    assert server.asked == []
    assert gateway.rest.resting == {}


class Unread(MemoryLedger):
    """A ledger whose database goes away between the first look and the call."""

    looked = 0

    async def today(self) -> float:
        self.looked += 1
        if self.looked % 2 == 0:
            raise UnavailableError("The database does not answer.")
        return 0.0
