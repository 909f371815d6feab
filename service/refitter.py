"""Keeps the learned voters up to date beside the triage: a process of low priority fits, this one watches it."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic

from service.connectors.apart import run_apart
from service.desk.learning.refit import Refits
from service.log import Said, code, log
from service.rounds import Rounds

COMMAND = (sys.executable, "-m", "service.wiring.refit")
"""Takes the settings as JSON on its input; its arguments are the account and the holder of the lease."""

RENEW_S = 15.0

Observe = Callable[[str, str, float], None]
"""Counts a refit: the account, what came of it, seconds."""


class Refitter(Rounds):
    """Looks every `poll_s` seconds whether an account's refit is due, and does one at a time. Runs inside `serve` and
    `worker`.

    A fit takes seconds of thinking: in this process it would hold up every message. Whatever becomes of the other
    process, the version in force stays until a better one is there.
    """

    def __init__(
        self,
        refits: Refits,
        accounts: Callable[[], Awaitable[list[str]]],
        settings: str,
        observe: Observe = lambda *_: None,
        poll_s: float = 5.0,
        command: Sequence[str] = COMMAND,
    ) -> None:
        super().__init__("refitter", Said.REFITS_BLIND, poll_s)
        self._refits = refits
        self._accounts = accounts
        self._settings = settings.encode()
        self._observe = observe
        self._command = tuple(command)

    async def look(self) -> None:
        for account in await self._accounts():
            if await self._refits.take(account, self.name):
                await self._refit(account)

    async def _refit(self, account: str) -> None:
        began = monotonic()
        command = [*self._command, account, self.name]
        try:
            ended, said = await run_apart(command, self._settings, lambda: self._renew(account), RENEW_S)
        except asyncio.CancelledError:
            await asyncio.shield(self._refits.give_back(account, self.name))
            raise
        if ended:
            said = said if ended > 0 and said else f"ended by {ended}"
            log(Said.REFIT_FAILED, account=code(account), cause=code(said))
            await self._refits.fail(account, self.name, said)
        self._observe(account, "failed" if ended else said, monotonic() - began)

    async def _renew(self, account: str) -> bool:
        return await self._refits.renew(account, self.name)
