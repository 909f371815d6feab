"""Does the trials of changed playbooks beside the triage: a process of low priority thinks, this one watches it."""

import asyncio
import sys

from service.connectors.apart import run_apart
from service.desk.playbooks.trials import Trials
from service.log import Said, code, id_of, log
from service.rounds import Rounds

COMMAND = (sys.executable, "-m", "service.wiring.trial")
"""Takes the settings as JSON on its input; its arguments are the trial and the holder of the lease."""

RENEW_S = 2.0
"""So soon a cancelled trial's process ends."""


class Prover(Rounds):
    """Looks every five seconds whether a trial waits, and does one at a time. Runs inside `serve` and `worker`."""

    def __init__(self, trials: Trials, settings: str) -> None:
        super().__init__("prover", Said.TRIALS_BLIND, 5.0)
        self._trials = trials
        self._settings = settings.encode()

    async def look(self) -> None:
        while (trial_id := await self._trials.take(self.name)) is not None:
            await self._prove(trial_id)

    async def _prove(self, trial_id: str) -> None:
        command = [*COMMAND, trial_id, self.name]
        try:
            ended, said = await run_apart(command, self._settings, lambda: self._renew(trial_id), RENEW_S)
        except asyncio.CancelledError:
            await asyncio.shield(self._trials.give_back(trial_id, self.name))
            raise
        if ended:
            said = said if ended > 0 and said else f"ended by {ended}"
            log(Said.TRIAL_FAILED, trial=id_of(trial_id), cause=code(said))
            await self._trials.fail(trial_id, self.name, said)

    async def _renew(self, trial_id: str) -> bool:
        return await self._trials.renew(trial_id, self.name)
