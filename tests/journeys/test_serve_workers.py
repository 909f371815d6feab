"""`aiguilleur serve --workers`: several processes behind one address."""

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from service.domain.triage import Triage
from tests.journeys.served import Served, served
from tests.loopback_model import LoopbackModel

AT_ONCE = 40
"""Callers that connect in one moment: more than a short queue of connections takes."""
REFUND = "Bonjour, vous m'avez prélevée deux fois 42 € en novembre. Pouvez-vous me rembourser la deuxième fois ?"


def test_two_processes_answer_as_one_and_one_that_is_killed_is_replaced(data_folder: Path) -> None:
    model = LoopbackModel(latency_s=0.1)
    given = {"model": "openai/loopback", "model_api_key": "x", "model_concurrency": "4"}
    with model, served(data_folder, "--workers", "2", model_api_base=model.base, **given) as service:
        both = children(service, 2)
        same = together(service, [{"external_id": "same", "body": REFUND}] * 40)
        assert len({json.dumps(one, sort_keys=True) for one in same}) == 1
        others = together(service, [{"external_id": f"m-{number}", "body": REFUND} for number in range(20)])
        assert {(one["engine"], one["degraded"]) for one in [*same, *others]} == {("model", False)}
        assert model.most_in_flight <= 4
        with service.client as client:
            listed = Counter(item["external_id"] for item in client.get("/v1/messages?limit=200").json()["items"])
            told = client.get("/metrics").text
        assert listed == Counter(["same", *(f"m-{number}" for number in range(20))])
        assert counted(told, "aiguilleur_triages_total") >= 21
        assert counted(told, "aiguilleur_unsettled_messages") == 0

        os.kill(both[0], signal.SIGKILL)
        again = children(service, 2, without=both[0])
        assert both[1] in again
        together(service, [{"external_id": f"n-{number}", "body": REFUND} for number in range(8)])

        service.process.terminate()
        began = time.monotonic()
        assert service.process.wait(30) == 0
        assert time.monotonic() - began < 10
        assert not any(alive(pid) for pid in again)
    assert sum("process_ended" in line for line in service.lines) == 1


def together(service: Served, messages: list[dict[str, str]]) -> list[dict[str, object]]:
    def handed_in(message: dict[str, str]) -> dict[str, object]:
        with service.client as client:
            response = client.post("/v1/triage", json=message)
        assert response.status_code == 200, response.text
        Triage.model_validate_json(response.content)
        found: dict[str, object] = response.json()
        return found

    with ThreadPoolExecutor(AT_ONCE) as callers:
        return list(callers.map(handed_in, messages))


def children(service: Served, count: int, without: int = 0) -> list[int]:
    """The processes that serve, once there are so many and each has started to listen."""
    parent = service.process.pid
    found: list[int] = []

    def there() -> bool:
        processes = [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]
        found[:] = [pid for pid in processes if serves(pid, parent)]
        return len(found) == count and without not in found

    assert until(there)
    return found


def serves(pid: int, parent: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return f"\nPPid:\t{parent}\n" in status and b"spawn_main" in command and "State:\tZ" not in status


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}/exe").exists()


def until(there: Callable[[], bool], seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if there():
            return True
        time.sleep(0.05)
    return False


def counted(told: str, name: str) -> float:
    return sum(float(line.rpartition(" ")[2]) for line in told.splitlines() if line.startswith(name + "{"))
