"""`aiguilleur bulk` on every core: messages a second, and the memory of its processes."""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from evals.bench.corpus import write_lines
from evals.bench.machine import cores
from evals.bench.memory import children, peak_mb
from evals.bench.programs import AIGUILLEUR, FailedError, environment
from evals.bench.round_trip import PEAK_MB
from evals.bench.rows import Row, at_least, at_most
from evals.bench.workplace import Workplace

A_YEAR = 655_000
A_SECOND = 182.0
LOOK_S = 0.05


@dataclass
class Run:
    """Seconds until the first results were written, until the last ones, and in all; lines written at first;
    the largest process."""

    first_s: float = 0.0
    first_lines: int = 0
    last_s: float = 0.0
    whole_s: float = 0.0
    peak_mb: float = 0.0

    def steady(self, total: int) -> float:
        """Lines a second, without start and end; of a run too short to tell them apart, on the whole."""
        if self.last_s - self.first_s < 2 * LOOK_S:
            return total / self.whole_s
        return (total - self.first_lines) / (self.last_s - self.first_s)


def measure_bulk(place: Workplace) -> list[Row]:
    total = place.amount(5_280, 320)
    source = place.folder / "bulk.jsonl"
    write_lines(source, total)
    run = run_bulk(place.store("bulk"), source, place.folder / "bulk-out.jsonl", total)
    steady = run.steady(total)
    year_min = (run.first_s + A_YEAR / steady) / 60
    note = f"once started; {total / run.whole_s:.0f}/s with {run.first_s:.1f} s of start; {cores()} processes"
    return [
        Row("bulk", "messages a second", steady, "/s", total, at_least(A_SECOND), note),
        Row("bulk", f"{A_YEAR:,} messages", year_min, "min", total, at_most(60), "start included"),
        Row("memory", "bulk worker, peak", run.peak_mb, "MB", 1, at_most(PEAK_MB), f"{total:,} lines"),
    ]


def run_bulk(data: Path, source: Path, out: Path, total: int, **settings: str) -> Run:
    """With other settings than the defaults. Raises FailedError where not every line became a Triage."""
    run, begun = Run(), time.perf_counter()
    command = [AIGUILLEUR, "bulk", str(source), "--out", str(out)]
    given = environment(data) | {f"AIGUILLEUR_{name.upper()}": value for name, value in settings.items()}
    with subprocess.Popen(command, env=given, cwd=data, stderr=subprocess.PIPE) as process:
        while process.poll() is None:
            _look(run, process.pid, out, begun)
            time.sleep(LOOK_S)
        run.whole_s = time.perf_counter() - begun
        run.last_s = run.whole_s - (time.time() - out.stat().st_mtime) if out.exists() else run.whole_s
        said = (process.stderr.read() if process.stderr else b"").decode()
    written = _lines(out)
    if process.returncode or written != total:
        raise FailedError(f"bulk ended with {process.returncode} and {written} of {total} lines:\n{said[-2000:]}")
    return run


def _look(run: Run, process: int, out: Path, begun: float) -> None:
    run.peak_mb = max([run.peak_mb, *(peak_mb(child) for child in children(process))])
    if not run.first_lines and out.exists() and (lines := _lines(out)):
        run.first_s, run.first_lines = time.perf_counter() - begun, lines


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.exists() else 0
