"""`aiguilleur serve --workers` with a model, over HTTP, beside as many processes of bare litellm right before it."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from evals.bench.loopback import MODEL, BareLitellm, Caller
from evals.bench.machine import cores
from evals.bench.programs import serving
from evals.bench.rows import Row, at_least, p50
from evals.bench.workplace import Workplace

CALLS = {50: (150, 40), 200: (300, 80)}
"""Calls of one round by messages in flight: in full, and in the quick form."""
ROUNDS = 3


def serve_rows(place: Workplace, base: str, prompts: Path, share: float) -> list[Row]:
    """Blocks. Raises FailedError where a message was triaged without the model."""
    count = max(2, cores())
    given = {"engine": "model", "model": MODEL, "model_api_base": base, "model_api_key": "unused"}
    limits = {"model_concurrency": str(max(CALLS)), "model_deadline_s": "60", "model_timeout_s": "30"}
    with ExitStack() as stack:
        data = place.store("serve")
        server = stack.enter_context(serving(data, "--workers", str(count), **given, **limits))
        bare = [stack.enter_context(BareLitellm(prompts, base)) for _ in range(count)]
        posts = stack.enter_context(Caller("evals.bench.posts", str(server.port), server.key))
        posts.seconds(20, place.amount(200, 40))
        _together(bare, 20, 40)
        found: list[Row] = []
        for in_flight, amounts in CALLS.items():
            calls = place.amount(*amounts)
            rounds = [
                (calls / _together(bare, in_flight, calls), calls / posts.seconds(in_flight, calls))
                for _ in range(place.amount(ROUNDS, 1))
            ]
            found += _rows(f"{in_flight} in flight: serve --workers {count}", rounds, share)
    return found


def _together(bare: Sequence[Caller], in_flight: int, calls: int) -> float:
    """Seconds until the last is done, each with its share of the calls and of those in flight."""
    count = len(bare)
    with ThreadPoolExecutor(count) as threads:
        passed: list[float] = list(threads.map(lambda one: one.seconds(in_flight // count, calls // count), bare))
    return max(passed)


def _rows(name: str, rounds: Sequence[tuple[float, float]], share: float) -> list[Row]:
    note = f"over HTTP; bare litellm in as many processes {p50([bare for bare, _ in rounds]):.0f}/s"
    ratio = p50([served / bare for bare, served in rounds])
    return [
        Row("model", name, p50([served for _, served in rounds]), "/s", len(rounds), note=note),
        Row("model", f"{name} / bare", ratio, "×", len(rounds), at_least(share)),
    ]
