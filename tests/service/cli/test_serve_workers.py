"""What looks after several serving processes, with processes that hold no desk."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.cli.serve import listening
from service.cli.serve_workers import serve_in_processes
from service.connectors.counting import FOLDER
from service.errors import RefusedError
from service.settings import Settings
from tests.service.cli.command import ROOT

COUNT = 2
KINDS = ("gauge_livemax", "counter")


def serve(settings: Settings, listener: socket.socket) -> None:
    """Tells every caller who it is and how many calls to a model it may have in flight, then ends if asked to; whoever
    counts says something of the present, and something that stays."""
    for kind in KINDS:
        Path(os.environ[FOLDER], f"{kind}_{os.getpid()}.db").touch()
    while True:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(f"{os.getpid()} {settings.model_concurrency}".encode())
            if connection.recv(10) == b"end":
                sys.exit(3)


def main() -> None:
    listeners = listening("127.0.0.1", 0, COUNT)
    _say(listeners[0].getsockname()[1])
    serve_in_processes(Settings(_env_file=None, model_concurrency=5), listeners, serve)
    _say("stopped")


def _say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


def test_a_process_that_ends_is_replaced_and_all_stop_together(tmp_path: Path) -> None:
    with started(tmp_path) as parent:
        port = told(parent)
        first = known(port, COUNT)
        assert {share for _, share in first} == {3}
        ended, _ = asked(port, b"end")
        assert until(lambda: ended not in pids(port))
        assert len(known(port, COUNT)) == COUNT
        os.kill(next(iter(pids(port))), signal.SIGKILL)
        last = known(port, COUNT)
        parent.send_signal(signal.SIGINT)
        assert parent.communicate(timeout=20)[0] == "stopped\n"
        assert parent.returncode == 0
        assert not any(alive(pid) for pid, _ in last)


def test_what_a_process_told_of_the_present_goes_with_it_and_what_it_counted_stays(tmp_path: Path) -> None:
    with started(tmp_path) as parent:
        port = told(parent)
        known(port, COUNT)
        gone, _ = asked(port, b"end")
        assert until(lambda: gone not in pids(port))
        after = {pid for pid, _ in known(port, COUNT)}
        (folder,) = tmp_path.glob("aiguilleur-*")
        of_kind = {kind: {int(one.stem.rpartition("_")[2]) for one in folder.glob(f"{kind}_*")} for kind in KINDS}
        assert of_kind == {"gauge_livemax": after, "counter": {*after, gone}}


def test_none_outlives_a_parent_that_is_killed(tmp_path: Path) -> None:
    with started(tmp_path) as parent:
        both = known(told(parent), COUNT)
        parent.kill()
        assert until(lambda: not any(alive(pid) for pid, _ in both))


def test_each_has_its_share_of_what_comes(tmp_path: Path) -> None:
    with started(tmp_path) as parent:
        port = told(parent)
        known(port, COUNT)
        shares = Counter(asked(port)[0] for _ in range(80))
        assert len(shares) == COUNT
        assert min(shares.values()) >= 10
        parent.kill()


def test_an_address_that_several_processes_serve_is_in_use() -> None:
    first, second = listening("127.0.0.1", 0, COUNT)
    with first, second, pytest.raises(RefusedError):
        listening("127.0.0.1", first.getsockname()[1], COUNT)


@contextmanager
def started(folder: Path) -> "Iterator[subprocess.Popen[str]]":
    """Killed at the end: a test that fails does not wait for it."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.service.cli.test_serve_workers"],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        try:
            yield parent
        finally:
            parent.kill()


def told(parent: "subprocess.Popen[str]") -> int:
    assert parent.stdout
    return int(parent.stdout.readline())


def asked(port: int, words: bytes = b"no") -> tuple[int, int]:
    """Again where a process was killed between taking the call and answering it."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        if said := connection.recv(100):
            connection.sendall(words)
    pid, share = map(int, said.split()) if said else asked(port, words)
    return pid, share


def pids(port: int) -> set[int]:
    """Of those that answered one of some calls."""
    return {asked(port)[0] for _ in range(10)}


def known(port: int, count: int) -> set[tuple[int, int]]:
    """Who answers, once so many living ones do."""
    found: set[tuple[int, int]] = set()

    def enough() -> bool:
        found.add(asked(port))
        found.difference_update([one for one in found if not alive(one[0])])
        return len(found) >= count

    assert until(enough)
    return found


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}/exe").exists()


def until(there: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if there():
            return True
        time.sleep(0.02)
    return False


if __name__ == "__main__":
    main()
