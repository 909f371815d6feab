"""`make growth`: what an operation costs with a thousand, a hundred thousand and a million messages in the store, and
with as many canned answers in ten accounts or confirmed messages in one: its exponent, and a plot. See `--help`."""

import json
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

import click

from evals.bench.growth.exponents import Growth, growth_of
from evals.bench.growth.lessons import LessonsWork, learned_much
from evals.bench.growth.library import LibraryWork, stocked
from evals.bench.growth.measuring import Took, measured
from evals.bench.growth.plot import chart
from evals.bench.growth.stores import filled, filled_in_postgresql, learned
from evals.bench.growth.work import Refitting, Work
from evals.bench.machine import described, warning

AIM = 1.3
"""So many times what it costs with the fewest may intake and triage cost with the most."""
ANSWERS = ("canned answers in ten accounts", stocked, LibraryWork)
CONFIRMED = ("confirmed messages in one account", learned_much, LessonsWork)
AIMED = ("intake", "triage of what waits", "triage, asked for", "storing a triage")


def _numbers(_context: object, _option: object, value: str) -> tuple[int, ...]:
    return tuple(sorted(int(part) for part in value.split(",") if part))


@click.command()
@click.option("--messages", default="1000,100000,1000000", callback=_numbers, help="Sizes; empty: not measured.")
@click.option("--answers", default="1000,10000,100000", callback=_numbers, help="Canned answers; empty: not measured.")
@click.option("--confirmed", default="1500,10000,100000", callback=_numbers, help="Messages; empty: not measured.")
@click.option("--rounds", default=20, show_default=True, help="Each does everything once with every size.")
@click.option("--refits", default=1, show_default=True, help="Learned anew with every size, so many times.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Keeps the stores, and takes them.")
@click.option("--database", default="", help="PostgreSQL databases without tables, as URL with {size} in the name.")
@click.option("--plot", type=click.Path(dir_okay=False, path_type=Path), help="Where to draw it, as SVG.")
@click.option("--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Keep the figures in a file.")
def main(
    *,
    messages: tuple[int, ...],
    answers: tuple[int, ...],
    confirmed: tuple[int, ...],
    rounds: int,
    refits: int,
    folder: Path | None,
    database: str,
    plot: Path | None,
    file: Path | None,
) -> None:
    """Filling takes some minutes and 14 GB for a million messages. Exit code 0 whatever the verdicts."""
    for name in [name for name in os.environ if name.startswith("AIGUILLEUR_")]:
        del os.environ[name]
    machine = described()
    print("  ".join(f"{name}: {value}" for name, value in machine.items()))
    print(warning(float(str(machine["load_average"]))) or "The machine is idle.", flush=True)
    found: dict[str, dict[str, Growth]] = {}
    with ExitStack() as held:
        place = folder or Path(held.enter_context(tempfile.TemporaryDirectory(prefix="aiguilleur-growth-")))
        place.mkdir(parents=True, exist_ok=True)
        start = place / "start"
        if not start.exists():
            learned(start)
        if messages:
            urls = {size: database.format(size=size) for size in messages} if database else {}
            stores = filled_in_postgresql(place, start, urls) if urls else filled(place, start, messages)
            took = measured(stores, Work, rounds, urls=urls)
            again = measured(stores, Refitting, refits, warm_up=0, urls=urls) if refits else ({}, {})
            found["messages in the store"] = told("messages", (took[0] | again[0], took[1] | again[1]))
        for sizes, across, made, working in ((answers, *ANSWERS), (confirmed, *CONFIRMED)):
            if sizes and not database:
                found[across] = told(across, measured(made(place, start, sizes), working, rounds))
    if plot is not None:
        plot.write_text(chart(found), "utf-8")
    if file is not None:
        figures = {across: {name: vars_of(one) for name, one in each.items()} for across, each in found.items()}
        file.write_text(json.dumps({"machine": machine, "growth": figures}, ensure_ascii=False, indent=1), "utf-8")


def vars_of(one: Growth) -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__slots__}


def told(counted: str, took: tuple[Took, Took]) -> dict[str, Growth]:
    """The growth of processor time by operation; printed beside what it took on the clock."""
    processor, clock = ({name: growth_of(rounds) for name, rounds in each.items()} for each in took)
    sizes = next(iter(processor.values())).sizes
    print(f"\n{'processor ms at ' + counted:<52}" + "".join(f"{size:>11,}" for size in sizes), end="")
    print(f"{'times':>8}{'95 % interval':>16}{'exponent':>10}{'95 % interval':>18}{'clock ms':>20}")
    for name, one in processor.items():
        times, low, high = one.ratio
        exponent, least, most = one.exponent
        aim = ("  met" if times <= AIM else "  MISSED") if name in AIMED else ""
        print(f"{name:<52}" + "".join(f"{cost:>11.2f}" for cost in one.costs), end="")
        print(f"{times:>8.2f}{f'{low:.2f} to {high:.2f}':>16}", end="")
        print(f"{exponent:>10.3f}{f'{least:+.3f} to {most:+.3f}':>18}", end="")
        print(f"{f'{clock[name].costs[0]:.2f} to {clock[name].costs[-1]:.2f}':>20}{aim}", flush=True)
    return processor


if __name__ == "__main__":
    main()
