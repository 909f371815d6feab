"""`make load`: what is accepted and triaged a second and how long callers wait, beside what the parts alone can do.

python -m tests.load [--messages N] [--burst N]
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from service.desk.clock import utc_now
from service.desk.upkeep.backup import back_up, restore
from service.wiring import open_desk
from tests.conftest import GivenSettings, copied
from tests.load.limits import commits_per_s, echoing
from tests.load.scene import TRIAGED, WAITING, Caller, Scene, advisor, page_ms, played
from tests.loopback_model import LoopbackModel
from tests.postgres import cluster
from tests.service.small_account import write_account

INTAKE = "/v1/messages"
COMMITS = 300
BURST_PER_S = 10_000 / 60
"""In waves: ten thousand in a minute."""


def say(name: str, *columns: str) -> None:
    sys.stdout.write(f"{name:<44}" + "".join(f"{column:>16}" for column in columns) + "\n")
    sys.stdout.flush()


def limits(caller: Caller, messages: int, urls: dict[str, str]) -> None:
    say("limits of the parts", "a second", "p50 ms", "p95 ms")
    with echoing() as port:
        caller.start(port, "/echo", "-", 40)
        caller.result()
        caller.start(port, "/echo", "-", messages)
        found = caller.result()
    say("bare FastAPI, echo", f"{found['per_s']:.0f}", f"{found['p50']:.1f}", f"{found['p95']:.1f}")
    for name, url in urls.items():
        say(f"commit of one row, {name}", f"{commits_per_s(url, COMMITS):.0f}")
    with LoopbackModel() as model:
        caller.start(model.port, "/v1/chat/completions", "-", messages)
        say("the model's stub", f"{caller.result()['per_s']:.0f}")


def measure(name: str, scene: Scene, caller: Caller, messages: int) -> None:
    """A first few calls load what is loaded once."""
    caller.start(scene.port, INTAKE, scene.key, 40)
    caller.result()
    scene.worked_off()
    before, began, spent_s = scene.count(TRIAGED), time.perf_counter(), scene.spent_s()
    caller.start(scene.port, INTAKE, scene.key, messages)
    found = caller.result()
    costs_ms = 1000 * (scene.spent_s() - spent_s) / messages
    scene.worked_off()
    triaged = (scene.count(TRIAGED) - before) / (time.perf_counter() - began)
    waits = (f"{found['p50']:.1f}", f"{found['p95']:.1f}", f"{found['p99']:.1f}")
    say(name, f"{found['per_s']:.0f}", *waits, f"{triaged:.0f}", told(found))
    say("  processor ms of the serving process a message", f"{costs_ms:.1f}")


def burst(name: str, scene: Scene, caller: Caller, count: int, cookie: str) -> None:
    """So many messages at that rate, and somebody who looks at the desk each second, until all are worked off."""
    page_ms(scene, cookie)
    caller.start(scene.port, INTAKE, scene.key, count, rate=BURST_PER_S)
    began, pages, coming_s = time.perf_counter(), [], count / BURST_PER_S
    while time.perf_counter() - began < coming_s or scene.count(WAITING):
        pages.append((time.perf_counter() - began, page_ms(scene, cookie)))
        time.sleep(1)
    took, found = time.perf_counter() - began, caller.result()
    waits = (f"{found['p50']:.1f}", f"{found['p95']:.1f}", f"{found['p99']:.1f}")
    accepted = int(found["statuses"].get("202", 0))
    per_s = f"{accepted / found['seconds']:.0f}"
    say(f"burst, {name}: {count} in {found['seconds']:.0f} s", per_s, *waits, "", told(found))
    say("  worked off after", f"{took:.0f} s", "", "", "", f"{accepted / took:.0f}")
    for when, low, high in (("while they come in", 0.0, coming_s), ("while they are worked off", coming_s, took)):
        shown = sorted(ms for at, ms in pages if low <= at <= high) or [0.0]
        say(f"  the desk's page {when}", "", *(f"{shown[int(len(shown) * share)]:.0f}" for share in (0.5, 0.95)))
    say("  pairs triaged out of the order they are due in", f"{100 * scene.out_of_order():.1f} %")


def told(found: dict[str, Any]) -> str:
    """Answers by status, and how busy the machine was besides."""
    return f"{found['statuses']} load {os.getloadavg()[0]:.1f}"


@contextmanager
def stores(small: bool) -> Iterator[tuple[Path, Callable[[str], Path], Callable[[], str]]]:
    """A data folder with an account, copies of it, and PostgreSQL databases with the same."""
    with tempfile.TemporaryDirectory() as name, cluster(durable=True) as running:
        folder = Path(name)
        kept = filled(folder / "account", small)

        def url() -> str:
            made = running.create()
            desk = open_desk(GivenSettings(data=folder / "restored", database_url=made), index=False, ready=False)
            restore(desk.database, kept)
            desk.close()
            return made

        yield folder, lambda called: copied(folder / "account", folder / called), url


def filled(folder: Path, small: bool) -> Path:
    """The reference account, or one that is learned in a second; a backup of it."""
    desk = open_desk(GivenSettings(data=folder), index=False, ready=not small)
    if small:
        asyncio.run(desk.import_folder(write_account(folder / "files", "petit"), by="load"))
        asyncio.run(desk.learning.learn("petit", by="load"))
    kept = back_up(desk.database, folder / "kept.gz", utc_now())
    desk.close()
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=1_000)
    parser.add_argument("--burst", type=int, default=10_000)
    parser.add_argument("--small", action="store_true", help="a small account, that starts in a second")
    options = parser.parse_args()
    caller = Caller()
    with stores(options.small) as (folder, store, database):
        url = database()
        limits(caller, options.messages, {"SQLite": f"sqlite:///{folder / 'commits.db'}", "PostgreSQL": url})
        say("the service", "accepted a s", "p50 ms", "p95 ms", "p99 ms", "triaged a s", "answers, load")
        with played(store("embedded")) as scene:
            measure("SQLite, one process", scene, caller, options.messages)
        with played(store("beside"), workers=1) as scene:
            measure("SQLite, serve and a worker", scene, caller, options.messages)
        shared = store("shared")
        for workers in (1, 2):
            with played(shared, url, workers) as scene:
                measure(f"PostgreSQL, serve and {workers} worker(s)", scene, caller, options.messages)
        if options.burst:
            for name, given, workers in (("SQLite and a worker", "", 1), ("PostgreSQL and two workers", database(), 2)):
                data = store(f"burst-{workers}")
                cookie = advisor(data, given)
                with played(data, given, workers) as scene:
                    burst(name, scene, caller, options.burst, cookie)
    caller.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
