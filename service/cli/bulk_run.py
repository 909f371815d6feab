"""Runs a bulk job over processes, and goes on where an earlier run of it stopped."""

import json
import multiprocessing
import sys
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from service.cli.bulk_worker import Line, start, work
from service.cli.inputs import parse_message, read_lines
from service.errors import AiguilleurError, RefusedError
from service.settings import Settings

CHUNK = 32
AHEAD = 4
"""Chunks in flight for each process: enough that none waits, few enough that memory stays small."""

Chunk = list[tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class Job:
    source: Path
    out: Path
    account: str | None
    workers: int
    store: bool


def run_job(job: Job, settings: Settings) -> int:
    """The exit code: 0 done, 2 where lines were wrong, 130 where it was interrupted."""
    total = sum(1 for _ in read_lines(job.source))
    done = resume_point(job)
    tally: Counter[str] = Counter()
    console = Console(stderr=True)
    if done:
        console.print(f"{done:,} of {total:,} lines are in {job.out} already; going on from there.")
    try:
        with job.out.open("ab") as out, _progress(console) as progress:
            task = progress.add_task("triage", total=total, completed=done)
            for lines in _results(job, settings, islice(read_lines(job.source), done, None)):
                out.write("".join(f"{line.text}\n" for line in lines).encode())
                out.flush()
                tally.update(_name(line) for line in lines)
                progress.advance(task, len(lines))
    except KeyboardInterrupt:
        console.print("Interrupted. What is done is kept: the same command goes on from there.")
        return 130
    console.print(f"{sum(tally.values()):,} lines: " + ", ".join(f"{n:,} {name}" for name, n in sorted(tally.items())))
    return 2 if tally["wrong"] else 0


def resume_point(job: Job) -> int:
    """How many lines of the source are done. A last line that was cut off is removed.

    Raises RefusedError where the results are not those of this source: the first and the last are compared.
    """
    if not job.out.exists():
        return 0
    done = _drop_cut_line(job.out)
    for number in {1, done} - {0}:
        expected, found = _fingerprint(_line(job.source, number), number), json.loads(_line(job.out, number))
        if expected is not None and found.get("message_hash") != expected:
            detail = f"{job.out}: line {number} is not the result of that line of {job.source}."
            raise RefusedError(f"{detail} Remove the file or give another --out.")
    return done


def _drop_cut_line(path: Path) -> int:
    """The number of whole lines, once what follows the last of them is gone."""
    count = end = 0
    with path.open("r+b") as file:
        for line in file:
            if line.endswith(b"\n"):
                count, end = count + 1, end + len(line)
        file.truncate(end)
    return count


def _line(path: Path, number: int) -> bytes:
    return next(islice((raw for _, raw in read_lines(path)), number - 1, None), b"{}")


def _fingerprint(raw: bytes, number: int) -> str | None:
    try:
        return parse_message(raw, f"line {number}").fingerprint
    except AiguilleurError:
        return None


def _results(job: Job, settings: Settings, lines: Iterator[tuple[int, bytes]]) -> Iterator[list[Line]]:
    """Chunks of results in the order of the source."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(job.workers, context, start, (settings, job.account)) as pool:
        running: deque[Future[list[Line]]] = deque()
        try:
            for chunk in _chunks(lines):
                running.append(pool.submit(work, chunk))
                if len(running) >= AHEAD * job.workers:
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _chunks(lines: Iterator[tuple[int, bytes]]) -> Iterator[Chunk]:
    while chunk := list(islice(lines, CHUNK)):
        yield chunk


def _name(line: Line) -> str:
    if line.wrong:
        return "wrong"
    return f"{line.outcome} (degraded)" if line.degraded else line.outcome


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, disable=not sys.stderr.isatty())
