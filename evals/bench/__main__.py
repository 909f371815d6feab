"""`python -m evals.bench`: every figure of speed and size, beside its floor or its aim. See `--help`."""

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

import click

from evals.bench.bulk import measure_bulk
from evals.bench.latency import measure_in_process
from evals.bench.machine import described, warning
from evals.bench.model import measure_model
from evals.bench.refit import measure_refit
from evals.bench.round_trip import measure_round_trip
from evals.bench.rows import SECTIONS, Row
from evals.bench.startup import measure_start
from evals.bench.table import table
from evals.bench.workplace import Workplace

Measurement = Callable[[Workplace], list[Row]]

MEASUREMENTS: dict[Measurement, frozenset[str]] = {
    measure_in_process: frozenset({"latency"}),
    measure_round_trip: frozenset({"latency", "memory"}),
    measure_bulk: frozenset({"bulk", "memory"}),
    measure_start: frozenset({"start"}),
    measure_model: frozenset({"model"}),
    measure_refit: frozenset({"refit"}),
}
"""With the sections that each fills."""


@click.command()
@click.option("--only", type=click.Choice(SECTIONS), help="One section instead of all.")
@click.option("--quick", is_flag=True, help="A short form: shows that everything can be measured, not how fast it is.")
@click.option(
    "--store",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Works on copies of this data folder; the first start, which makes one, is not measured then.",
)
@click.option("--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Keep the figures in a file.")
def main(only: str | None, quick: bool, store: Path | None, file: Path | None) -> None:
    """Exit code 0 whatever the verdicts; 1 where something could not be measured."""
    for name in [name for name in os.environ if name.startswith("AIGUILLEUR_")]:
        del os.environ[name]
    machine = described()
    print("  ".join(f"{name}: {value}" for name, value in machine.items()))
    print(warning(float(str(machine["load_average"]))) or "The machine is idle.", flush=True)
    with tempfile.TemporaryDirectory(prefix="aiguilleur-bench-") as folder:
        rows, failed = measured(Workplace(Path(folder), quick, store), only)
    shown = [row for row in rows if only in (None, row.section)]
    if file is not None:
        figures = {"machine": machine, "quick": quick, "rows": [row.as_json() for row in shown], "failed": failed}
        file.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", "utf-8")
    sys.exit(1 if failed else 0)


def measured(place: Workplace, only: str | None) -> tuple[list[Row], list[str]]:
    """What was measured, printed as it comes, and the names of what could not be."""
    rows: list[Row] = []
    failed: list[str] = []
    for measure, sections in MEASUREMENTS.items():
        if only is not None and only not in sections:
            continue
        try:
            found = measure(place)
        except Exception:
            traceback.print_exc()
            failed.append(measure.__name__)
            continue
        print(f"\n{table([row for row in found if only in (None, row.section)])}")
        print(f"load average meanwhile: {os.getloadavg()[0]:.1f}", flush=True)
        rows += found
    for name in failed:
        print(f"\n{name} FAILED", flush=True)
    return rows, failed


if __name__ == "__main__":
    main()
