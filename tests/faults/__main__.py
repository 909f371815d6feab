"""`make faults`: each fault for real, with a stream of messages running; then everything is counted.

python -m tests.faults [--times N] [--only WORDS]
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from tests.faults import scenes
from tests.faults.count import Count, counted
from tests.faults.crew import ready
from tests.faults.scenes import Faults
from tests.faults.stage import LEASE_S, Stage
from tests.postgres import cluster

CONTROL = "FAKETIME_TIMESTAMP_FILE"
LIBRARY = "*/faketime/libfaketimeMT.so.1"
OTHER = "AIGUILLEUR_TESTS_FAKETIME"
HEAD = ("times", "accepted", "lost", "doubled", "repeated", "recovery")


async def run(
    scene: AbstractAsyncContextManager[tuple[Stage, Faults]], times: int, wanted: str = ""
) -> list[tuple[str, Count]]:
    """Each fault so many times, then counted, before the next one."""
    rows = []
    async with scene as (stage, faults):
        for name, fault in faults.items():
            if wanted not in name:
                continue
            count, slowest_s = Count(), 0.0
            for _ in range(times):
                stage.anew()
                await fault(stage)
                await stage.all_told()
                count, slowest_s = count + counted(stage), max(slowest_s, stage.recovered_s())
            rows.append((name, count))
            _say(name, times, count, slowest_s)
    return rows


def _say(name: str, times: int, count: Count, recovery_s: float) -> None:
    counts = (times, count.accepted, count.lost, count.doubled, count.repeated, f"{recovery_s:.1f} s")
    _line(name, *counts)


def _line(name: str, *columns: object) -> None:
    sys.stdout.write(f"{name:<42}" + "".join(f"{column!s:>10}" for column in columns) + "\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--only", default="", help="faults whose name holds these words")
    options = parser.parse_args()
    times, wanted = options.times, options.only
    ready(model=True)
    if control := os.environ.get(CONTROL):
        return told(asyncio.run(run(scenes.clocked(Path(control)), times, wanted)))
    _line(f"leases of {LEASE_S:g} s (30 by default)", *HEAD)
    _line("SQLite, two processes")
    rows = asyncio.run(run(scenes.embedded(), times, wanted))
    failed = with_another_clock(times, wanted)
    with cluster(durable=True) as running:
        _line("PostgreSQL, two processes")
        rows += asyncio.run(run(scenes.on_postgres(running), times, wanted))
        _line("PostgreSQL, Chroma server, model")
        rows += asyncio.run(run(scenes.with_model(running), times, wanted))
    return max(failed, told(rows))


def with_another_clock(times: int, wanted: str) -> int:
    """libfaketime (Debian's package) steps the clock of a process of its own."""
    library = clock_library()
    if not library:
        _line("clock: left out, libfaketime is not installed")
        return 0
    with tempfile.NamedTemporaryFile("w+") as control:
        control.write("+0")
        control.flush()
        faked = {"LD_PRELOAD": library, CONTROL: control.name, "FAKETIME_NO_CACHE": "1", "DONT_FAKE_MONOTONIC": "1"}
        command = [sys.executable, "-m", "tests.faults", "--times", str(times), "--only", wanted]
        return subprocess.run(command, env=os.environ | faked, check=False).returncode


def clock_library() -> str:
    """Where libfaketime is; empty where it is not installed."""
    return os.environ.get(OTHER) or next(map(str, Path("/usr/lib").glob(LIBRARY)), "")


def told(rows: list[tuple[str, Count]]) -> int:
    """1 where anything was lost or doubled."""
    return int(any(count.lost or count.doubled for _, count in rows))


if __name__ == "__main__":
    sys.exit(main())
