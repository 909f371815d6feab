"""The real command, in processes of its own, with nothing of the caller's environment."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

AIGUILLEUR = str(Path(sys.executable).with_name("aiguilleur"))
READY_WITHIN_S = 180.0


class FailedError(Exception):
    """What was to be measured did not work."""


def environment(data: Path) -> dict[str, str]:
    """The caller's, without the settings of an installation of his own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AIGUILLEUR_")}
    return kept | {"AIGUILLEUR_DATA": str(data), "AIGUILLEUR_ENGINE": "local"}


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers `/readyz`: where, its process, its key, and how long it took from its start."""

    port: int
    process: int
    key: str
    ready_s: float


@contextmanager
def serving(data: Path, *options: str, **settings: str) -> Iterator[Served]:
    """With other settings than the defaults. Raises FailedError where it does not get ready."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data.mkdir(parents=True, exist_ok=True)
    with (data.parent / f"{data.name}.log").open("w") as log:
        begun = time.perf_counter()
        command = [AIGUILLEUR, "serve", "--port", str(port), *options]
        given = environment(data) | {f"AIGUILLEUR_{name.upper()}": value for name, value in settings.items()}
        process = subprocess.Popen(command, env=given, cwd=data, stdout=log, stderr=log)
        try:
            _wait(port, process, log.name)
            ready_s = time.perf_counter() - begun
            yield Served(port, process.pid, (data / "first-key").read_text().strip(), ready_s)
        finally:
            process.terminate()
            process.wait(30)


def _wait(port: int, process: "subprocess.Popen[bytes]", log: str) -> None:
    end = time.perf_counter() + READY_WITHIN_S
    while time.perf_counter() < end and process.poll() is None:
        if _ready(port):
            return
        time.sleep(0.02)
    raise FailedError(f"the server did not get ready:\n{Path(log).read_text()[-2000:]}")


def _ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
