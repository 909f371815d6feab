"""`aiguilleur serve --workers` with a model, over HTTP, beside bare litellm right before it: in one process, and in as
many."""

from collections.abc import Sequence
from contextlib import ExitStack

from evals.bench.loopback import MODEL, BareLitellm, Caller, rate
from evals.bench.programs import serving
from evals.bench.rows import Row, at_least, p50
from evals.bench.workplace import Workplace

CALLS = {50: (150, 40), 200: (300, 80)}
"""Calls of one round by messages in flight: in full, and in the quick form."""
ROUNDS = 3


def serve_rows(place: Workplace, base: str, bare: Sequence[BareLitellm], share: float) -> list[Row]:
    """Blocks. Raises FailedError where a message was triaged without the model."""
    count = len(bare)
    given = {"engine": "model", "model": MODEL, "model_api_base": base, "model_api_key": "unused"}
    limits = {"model_concurrency": str(max(CALLS)), "model_deadline_s": "60", "model_timeout_s": "30"}
    with ExitStack() as stack:
        data = place.store("serve")
        server = stack.enter_context(serving(data, "--workers", str(count), **given, **limits))
        posts = stack.enter_context(Caller("evals.bench.posts", str(server.port), server.key))
        posts.seconds(20, place.amount(200, 40))
        rate(bare, 20, 40)
        found: list[Row] = []
        for in_flight, amounts in CALLS.items():
            calls = place.amount(*amounts)
            rounds = [
                (rate(bare[:1], in_flight, calls), rate(bare, in_flight, calls), rate([posts], in_flight, calls))
                for _ in range(place.amount(ROUNDS, 1))
            ]
            found += _rows(f"{in_flight} in flight: serve --workers {count}", count, rounds, share)
    return found


def _rows(name: str, count: int, rounds: Sequence[tuple[float, float, float]], share: float) -> list[Row]:
    """`rounds` are calls a second of bare litellm in one process, of it in as many, and of the server."""
    alone, as_many, served = (p50(rates) for rates in zip(*rounds, strict=True))
    to_one, to_all = (p50([one[2] / one[at] for one in rounds]) for at in (0, 1))
    n, aim = len(rounds), at_least(share)
    return [
        Row("model", name, served, "/s", n, note="over HTTP"),
        Row("model", f"{name} / bare", to_one, "×", n, aim, f"bare in one process {alone:.0f}/s"),
        Row("model", f"{name} / bare in {count}", to_all, "×", n, aim, f"{as_many:.0f}/s"),
    ]
