"""How long one waits: for the help, for a first start, for the next one."""

import subprocess
import time

from evals.bench.programs import AIGUILLEUR, environment, serving
from evals.bench.rows import Row, at_most, p50
from evals.bench.workplace import Workplace

HELP_S = 0.5
AGAIN_S = 5.0


def measure_start(place: Workplace) -> list[Row]:
    """The first start has an empty data folder: it imports the reference account and learns."""
    times = place.amount(9, 2)
    helps = [_help(place) for _ in range(times + 1)][1:]
    data = place.store("start")
    again = []
    for _ in range(place.amount(3, 1)):
        with serving(data) as server:
            again.append(server.ready_s)
    return [
        Row("start", "aiguilleur --help", p50(helps), "s", len(helps), at_most(HELP_S)),
        *_first(place),
        Row("start", "second start to /readyz", p50(again), "s", len(again), at_most(AGAIN_S)),
    ]


def _first(place: Workplace) -> list[Row]:
    note = "imports the reference account, learns"
    return [] if place.given else [Row("start", "first start to /readyz", place.first_start_s, "s", 1, note=note)]


def _help(place: Workplace) -> float:
    begun = time.perf_counter()
    subprocess.run([AIGUILLEUR, "--help"], env=environment(place.folder), check=True, capture_output=True)
    return time.perf_counter() - begun
