"""How long each step took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Stopwatch:
    """Adds up milliseconds by step. `total_ms` runs from its making."""

    def __init__(self) -> None:
        self.steps_ms: dict[str, float] = {}
        self._started = time.perf_counter()

    @contextmanager
    def __call__(self, step: str) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            passed = (time.perf_counter() - started) * 1000
            self.steps_ms[step] = self.steps_ms.get(step, 0.0) + passed

    @property
    def total_ms(self) -> float:
        return (time.perf_counter() - self._started) * 1000
