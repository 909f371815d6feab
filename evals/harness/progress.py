"""How far a run is, on standard error."""

import sys
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

EVERY_S = 15.0
"""Where nobody watches a terminal, a line so often."""


class Progress:
    """A bar on a terminal, a line now and then in a log."""

    def __init__(self, total: int) -> None:
        self._done, self._total = 0, total
        self._watched = sys.stderr.isatty()
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Bar(*columns, console=self._console, disable=not self._watched)
        self._task = self._bar.add_task("eval", total=total)
        self._said = time.monotonic()

    def __enter__(self) -> "Progress":
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def advance(self, messages: int = 1) -> None:
        self._done += messages
        self._bar.advance(self._task, messages)
        if not self._watched and time.monotonic() - self._said >= EVERY_S:
            self._said = time.monotonic()
            self._console.print(f"{self._done:,} of {self._total:,} messages", markup=False)
