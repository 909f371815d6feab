"""`POST /v1/triage` over loopback, to a server in a process of its own, one request after another."""

import http.client
import time

from evals.bench.corpus import messages
from evals.bench.memory import peak_mb
from evals.bench.programs import FailedError, Served, serving
from evals.bench.rows import Row, at_most, p50, p95
from evals.bench.workplace import Workplace

WARM_UP = 60
PEAK_MB = 700.0


def measure_round_trip(place: Workplace) -> list[Row]:
    with serving(place.store("round-trip")) as server:
        time.sleep(place.amount(5, 1))  # what it warms in the background is none of a message's business
        passed = _posted(server, place.amount(1260, 40))
        peak = peak_mb(server.process)
    return [
        Row("latency", "HTTP round trip, p50", p50(passed), "ms", len(passed)),
        Row("latency", "HTTP round trip, p95", p95(passed), "ms", len(passed)),
        Row("memory", "server, peak", peak, "MB", 1, at_most(PEAK_MB), f"after {len(passed) + WARM_UP:,} messages"),
    ]


def _posted(server: Served, count: int) -> list[float]:
    """Milliseconds of each, on one connection."""
    bodies = [message.model_dump_json().encode() for message in messages(WARM_UP + count)]
    headers = {"Authorization": f"Bearer {server.key}", "Content-Type": "application/json"}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    passed = []
    for body in bodies:
        begun = time.perf_counter()
        connection.request("POST", "/v1/triage", body, headers)
        answer = connection.getresponse()
        content = answer.read()
        passed.append((time.perf_counter() - begun) * 1000)
        if answer.status != 200:
            raise FailedError(f"POST /v1/triage answered {answer.status}: {content[:500]!r}")
    connection.close()
    return passed[WARM_UP:]
