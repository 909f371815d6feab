"""A day's spending ends at midnight of the account's time zone."""

from datetime import UTC, datetime

from service.connectors.ledger import MemoryLedger


async def test_spending_starts_anew_at_local_midnight() -> None:
    now = datetime(2026, 3, 1, 22, 50, tzinfo=UTC)
    ledger = MemoryLedger("Europe/Paris", lambda: now)
    await ledger.add(1.0)
    await ledger.add(0.5)
    assert await ledger.today() == 1.5
    now = datetime(2026, 3, 1, 23, 10, tzinfo=UTC)
    assert await ledger.today() == 0.0
