"""A day's spending ends at midnight of the account's time zone; none of it is forgotten while its store is away."""

from datetime import UTC, datetime

import pytest

from service.connectors.ledger import MemoryLedger, OwingLedger
from tests.service.connectors.away import Away


async def test_spending_starts_anew_at_local_midnight() -> None:
    now = datetime(2026, 3, 1, 22, 50, tzinfo=UTC)
    ledger = MemoryLedger(lambda: now)
    await ledger.add(1.0)
    await ledger.add(0.5)
    assert await ledger.today() == 1.5
    now = datetime(2026, 3, 1, 23, 10, tzinfo=UTC)
    assert await ledger.today() == 0.0


async def test_what_cannot_be_written_down_counts_at_once_and_is_written_with_the_next() -> None:
    store = Away()
    ledger = OwingLedger(store)
    await ledger.add(1.0)
    assert (await store.today(), await ledger.today()) == (0.0, 1.0)
    store.away = False
    await ledger.add(0.5)
    assert await store.today() == pytest.approx(1.5)
    assert await ledger.today() == pytest.approx(1.5)
