"""Runs a bulk job, and goes on where an earlier run of it stopped."""

import asyncio
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from itertools import islice
from typing import BinaryIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from service.cli.bulk_files import Job, count_lines, resume_point, written_alone
from service.cli.bulk_flow import many_in_flight
from service.cli.bulk_pool import many_processes
from service.cli.bulk_worker import Line
from service.cli.inputs import read_lines
from service.cli.options import opened
from service.errors import UnavailableError
from service.settings import Settings
from service.wiring import Desk

GOES_ON = "What is done is kept: the same command goes on from there."


def run_job(job: Job, settings: Settings) -> int:
    """The exit code: 0 done, 1 where a line failed by a mistake of ours, 2 where lines were wrong, 130 where
    it was interrupted. Raises UnavailableError where the database went away, or the disk is full."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        with written_alone(job.out):
            tally = _go_on(job, settings, console)
    except KeyboardInterrupt:
        console.print(f"Interrupted. {GOES_ON}")
        return 130
    except UnavailableError as error:
        raise UnavailableError(f"{error.detail} {GOES_ON}", problems=error.problems) from error
    except OSError as error:
        if error.filename is not None or isinstance(error, BrokenPipeError):
            raise
        raise UnavailableError(f"{job.out} cannot be written ({error.strerror}). {GOES_ON}") from error
    return 1 if tally["failed"] else 2 if tally["wrong"] else 0


def _go_on(job: Job, settings: Settings, console: Console) -> Counter[str]:
    done, total = resume_point(job), count_lines(job.source)
    job = _made_ready(job, settings)
    if done:
        console.print(f"{done:,} of {total:,} lines are in {job.out} already; going on from there.", markup=False)
    return _run(job, settings, done, _progress(console, done, total))


def _made_ready(job: Job, settings: Settings) -> Job:
    """Does once what each worker would do otherwise, and settles which account is meant where none is named.
    Raises UnreadableError for a named account whose playbook this program does not take."""

    async def known(desk: Desk) -> list[str]:
        if job.account is None:
            return await desk.accounts.list()
        return [(await desk.playbooks.active(await desk.account(job.account))).account]

    with opened(settings) as desk:
        accounts = asyncio.run(known(desk))
    return replace(job, account=accounts[0]) if len(accounts) == 1 else job


def _run(job: Job, settings: Settings, done: int, progress: Progress) -> Counter[str]:
    tally: Counter[str] = Counter()
    began = time.monotonic()
    lines = islice(read_lines(job.source), done, None)
    results = many_processes if settings.engine_in_force == "local" else many_in_flight
    with job.out.open("ab") as out, progress, closing(results(job, settings, lines)) as chunks:
        for chunk in chunks:
            _write(chunk, out)
            tally.update(_name(line) for line in chunk)
            progress.advance(progress.task_ids[0], len(chunk))
    _sum_up(tally, time.monotonic() - began, progress.console)
    return tally


def _write(chunk: list[Line], out: BinaryIO) -> None:
    out.write("".join(f"{line.text}\n" for line in chunk).encode())
    out.flush()


def _sum_up(tally: Counter[str], passed_s: float, console: Console) -> None:
    count = sum(tally.values())
    kinds = ", ".join(f"{number:,} {name}" for name, number in sorted(tally.items()))
    rate = f" in {passed_s:.1f} s ({count / passed_s:.0f}/s)" if count else ""
    console.print(f"{count:,} lines{rate}{': ' if kinds else ''}{kinds}.")


def _name(line: Line) -> str:
    if line.kind != "done":
        return line.kind
    return f"{line.outcome} (degraded)" if line.degraded else line.outcome


def _progress(console: Console, done: int, total: int) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    progress = Progress(*columns, console=console, disable=not sys.stderr.isatty())
    progress.add_task("triage", total=total, completed=done)
    return progress
