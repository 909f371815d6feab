"""Does what is to be done once in a while. Runs inside `serve` and `worker`, in one process at a time for each duty."""

import secrets
from collections.abc import Callable, Sequence

from service.desk.upkeep.schedule import Schedule, Work
from service.log import Said, code, code_of, log
from service.rounds import Rounds

Duty = tuple[Schedule, Work]


class Scheduler(Rounds):
    """Looks which of its duties are due. One that fails stops no other, is counted by `failed` under its name, and is
    due again, as one that is cut short."""

    def __init__(
        self, duties: Sequence[Duty], failed: Callable[[str], None] = lambda _: None, poll_s: float = 60.0
    ) -> None:
        super().__init__("scheduler", Said.DUTY_FAILED, poll_s)
        self._failed = failed
        self.name = f"{self.name}:{secrets.token_hex(4)}"
        self._duties = tuple(duties)

    async def look(self) -> None:
        """Does what is due now."""
        for schedule, work in self._duties:
            try:
                await schedule.run(self.name, work)
            except Exception as error:
                log(Said.DUTY_FAILED, duty=code(schedule.name), cause=code_of(error))
                self._failed(schedule.name)
