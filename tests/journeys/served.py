"""`aiguilleur serve` as a process of its own, as a person meets it."""

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import httpx2

from service.cli.serve import FIRST_KEY
from tests.service.cli.command import started


@dataclass
class Served:
    """`told` is what was printed until the service was ready, after `ready_s`; `lines` is all of it, also later."""

    process: "subprocess.Popen[str]"
    told: str
    address: str
    key: str
    ready_s: float
    lines: list[str]

    @property
    def client(self) -> httpx2.Client:
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx2.Client(base_url=self.address, headers=headers, timeout=60, trust_env=False)

    def cpu_s(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100


@contextmanager
def served(data: Path, *options: str, **settings: str) -> Iterator[Served]:
    """Runs until it is left, then is stopped as Ctrl-C does, unless it was killed before."""
    began = time.monotonic()
    process = started(data, "serve", "--port", "0", *options, **settings)
    lines: list[str] = []
    reader = Thread(target=_read, args=(process, lines), daemon=True)
    reader.start()
    try:
        address = _told(process, lines)
        _ready(address)
        key = (data / FIRST_KEY).read_text().strip()
        yield Served(process, "".join(lines), address, key, time.monotonic() - began, lines)
    finally:
        process.terminate()
        process.wait(30)
        reader.join(10)
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()


def _read(process: "subprocess.Popen[str]", lines: list[str]) -> None:
    assert process.stderr
    for line in process.stderr:
        lines.append(line)  # noqa: PERF402 - others look at it meanwhile


def _told(process: "subprocess.Popen[str]", lines: list[str]) -> str:
    end = time.monotonic() + 300
    while time.monotonic() < end and process.poll() is None:
        text = "".join(lines)
        if "curl" in text and text.endswith("\n"):
            address = re.search(r"listens on (\S+)", text)
            assert address
            return address.group(1)
        time.sleep(0.05)
    raise AssertionError(f"It did not start: {''.join(lines)}")


def _ready(address: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if httpx2.get(f"{address}/readyz", timeout=60, trust_env=False).status_code == 200:
            return
        time.sleep(0.05)
    raise AssertionError("It did not become ready.")
