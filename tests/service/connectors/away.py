"""A day's spending whose store can be away."""

from service.connectors.ledger import MemoryLedger
from service.errors import UnavailableError


class Away(MemoryLedger):
    """Its store is away while it is said to be."""

    away = True

    async def add(self, cost_usd: float) -> None:
        if self.away:
            raise UnavailableError("The database does not answer.")
        await super().add(cost_usd)
