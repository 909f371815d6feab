"""`python -m evals.suites [SUITE]…`: every figure that the product answers for, beside the plain baseline's."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from evals.suites.figures import Section, verdict
from evals.suites.public import DATASETS, NoDataError

SUITES = ("reference", "harness", "banking77", "clinc150")


@click.command()
@click.argument("suites", nargs=-1, type=click.Choice(SUITES))
@click.option("--data", type=click.Path(path_type=Path), default=DATASETS, help="Folder of the public data sets.")
@click.option("--embedder", help="The sentence embedder, named as AIGUILLEUR_EMBEDDER names one: `local:<folder>`.")
def main(suites: tuple[str, ...], data: Path, embedder: str | None) -> None:
    """Runs the SUITES, by default all, and says which targets are met."""
    sections: list[Section] = []
    begun, used = time.perf_counter(), time.process_time()
    for suite in suites or SUITES:
        started, spent = time.perf_counter(), time.process_time()
        for section in _run(suite, data, embedder):
            click.echo(str(section))
            sections.append(section)
        click.echo(f"\n{suite} {_took(started, spent)}")
    click.echo(verdict(sections))
    click.echo(f"all of it {_took(begun, used)}")


def _took(begun: float, used: float) -> str:
    return f"took {time.perf_counter() - begun:.0f} s, {time.process_time() - used:.0f} s of processor time"


def _say(said: str) -> None:
    click.echo(f"  … {said}", err=True)


def _run(suite: str, data: Path, embedder: str | None) -> Iterator[Section]:
    try:
        yield from _suites()[suite](data, embedder)
    except NoDataError as error:
        yield Section(f"{suite}: skipped", notes=[str(error)])


def _suites() -> dict[str, Callable[[Path, str | None], Iterator[Section]]]:
    from evals.suites import banking77, clinc150, harness, reference  # noqa: PLC0415 - scikit-learn takes seconds

    return {
        "reference": lambda _data, _embedder: reference.run(_say),
        "harness": lambda _data, _embedder: harness.run(_say),
        "banking77": lambda data, embedder: banking77.run(data, embedder, _say),
        "clinc150": lambda data, embedder: clinc150.run(data, embedder, _say),
    }


if __name__ == "__main__":
    sys.exit(main())
