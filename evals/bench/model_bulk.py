"""`aiguilleur bulk` with a model, on every core, beside bare litellm right before and right after it."""

from evals.bench.bulk import run_bulk
from evals.bench.corpus import write_lines
from evals.bench.loopback import MODEL, BareLitellm
from evals.bench.machine import cores
from evals.bench.rows import Row, at_least
from evals.bench.workplace import Workplace

LINES = {50: (400, 60), 200: (600, 80)}
"""Lines by calls in flight: in full, and in the quick form."""


def bulk_rows(place: Workplace, base: str, bare: BareLitellm, in_flight: int, share: float) -> list[Row]:
    """Blocks. Raises FailedError where not every line became a Triage."""
    total = place.amount(*LINES[in_flight])
    name = f"bulk-{in_flight}-in-flight"
    source = place.folder / f"{name}.jsonl"
    write_lines(source, total)
    before = bare.seconds(in_flight, total // 2)
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
    bare_rate = 2 * (total // 2) / (before + bare.seconds(in_flight, total // 2))
    rate = run.steady(total)
    note = (
        f"once started; {min(in_flight, cores())} processes, the largest {run.peak_mb:.0f} MB; bare {bare_rate:.0f}/s"
    )
    return [
        Row("model", f"{in_flight} in flight: bulk", rate, "/s", total, note=note),
        Row("model", f"{in_flight} in flight: bulk / bare", rate / bare_rate, "×", total, at_least(share)),
    ]
