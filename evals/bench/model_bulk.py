"""`aiguilleur bulk` with a model, on every core, beside bare litellm right before and right after it: in one process,
and in as many."""

from collections.abc import Sequence

from evals.bench.bulk import run_bulk
from evals.bench.corpus import write_lines
from evals.bench.loopback import MODEL, BareLitellm, rate
from evals.bench.machine import cores
from evals.bench.rows import Row, at_least
from evals.bench.workplace import Workplace

LINES = {50: (400, 60), 200: (600, 80)}
"""Lines by calls in flight: in full, and in the quick form."""


def bulk_rows(place: Workplace, base: str, bare: Sequence[BareLitellm], in_flight: int, share: float) -> list[Row]:
    """Blocks. Raises FailedError where not every line became a Triage."""
    total = place.amount(*LINES[in_flight])
    name = f"bulk-{in_flight}-in-flight"
    source = place.folder / f"{name}.jsonl"
    write_lines(source, total)
    before = _bare_rates(bare, in_flight, total // 2)
    run = run_bulk(
        place.store(name),
        source,
        place.folder / f"{name}-out.jsonl",
        total,
        engine="model",
        model=MODEL,
        model_api_base=base,
        model_api_key="unused",
        model_concurrency=str(in_flight),
    )
    after = _bare_rates(bare, in_flight, total // 2)
    alone, as_many = ((one + other) / 2 for one, other in zip(before, after, strict=True))
    bulk, count = run.steady(total), min(in_flight, cores())
    name = f"{in_flight} in flight: bulk"
    note = f"once started; {count} processes, the largest {run.peak_mb:.0f} MB"
    return [
        Row("model", name, bulk, "/s", total, note=note),
        Row("model", f"{name} / bare", bulk / alone, "×", total, at_least(share), f"bare in one process {alone:.0f}/s"),
        Row("model", f"{name} / bare in {len(bare)}", bulk / as_many, "×", total, at_least(share), f"{as_many:.0f}/s"),
    ]


def _bare_rates(bare: Sequence[BareLitellm], in_flight: int, calls: int) -> tuple[float, float]:
    """In one process, and in all of them."""
    return rate(bare[:1], in_flight, calls), rate(bare, in_flight, calls)
