"""`aiguilleur eval`: what the product is worth on labelled messages, and whether a change made it better."""

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from service.cli.options import account_option, engine_option, settings_for

MANY = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


class ManyValues(click.Command):
    """An option that may be given several times takes several values at once, too, as a shell's `*` makes them."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        names = {name for one in self.params if getattr(one, "multiple", False) for name in one.opts}
        return super().parse_args(ctx, list(_one_by_one(args, names)))


def _one_by_one(arguments: Iterable[str], names: Collection[str]) -> Iterator[str]:
    """`--dataset a b` as `--dataset a --dataset b`."""
    name, taken = "", False
    for argument in arguments:
        if argument.startswith("-"):
            name = argument.partition("=")[0] if argument.partition("=")[0] in names else ""
            taken = "=" in argument
        elif name and taken:
            yield name
        else:
            taken = True
        yield argument


@click.group("eval")
def eval_() -> None:
    """Measure a run on labelled messages, and compare two runs."""


@eval_.command(cls=ManyValues)
@click.option("--dataset", type=MANY, multiple=True, required=True, help="Labelled messages; several files.")
@click.option("--history", type=MANY, multiple=True, help="Learn from these alone; by default what the store holds.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="By default runs/<time>-<engine>.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@account_option
@engine_option
def run(
    dataset: tuple[Path, ...],
    history: tuple[Path, ...],
    out: Path | None,
    as_json: bool,
    account: str | None,
    engine: str | None,
) -> int:
    """Predict every message of the DATASET as the product would, and score it. Your store stays as it is.

    Started again with the same --out after an interruption, it goes on where it stopped.
    """
    from evals.harness.running import Order, run_order  # noqa: PLC0415 - numpy and scipy

    settings = settings_for(engine)
    folder = out or Path("runs") / f"{datetime.now():%Y%m%d-%H%M%S}-{settings.engine_in_force}"  # noqa: DTZ005
    try:
        summary = run_order(Order(dataset, history, account, folder), settings, _say)
    except KeyboardInterrupt:
        _say(f"Interrupted. What is done is kept: the same command with --out {folder} goes on from there.")
        return 130
    click.echo(_as_json(summary) if as_json else _in_words(summary))
    return 0


@eval_.command()
@click.argument("run_a", type=FOLDER)
@click.argument("run_b", type=FOLDER)
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON.")
def compare(run_a: Path, run_b: Path, as_json: bool) -> int:
    """Whether RUN_B is better than RUN_A on the messages that both hold; exit 1 where it is worse."""
    from evals.harness.comparison import compare_runs, in_words  # noqa: PLC0415 - numpy and scipy

    comparison = compare_runs(run_a, run_b, _say)
    click.echo(_as_json(comparison) if as_json else in_words(comparison))
    return 1 if comparison["verdict"] == "worse" else 0


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)


def _as_json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)


def _in_words(summary: dict[str, Any]) -> str:
    names = ("n", "accuracy", "accuracy_ci95", "macro_f1", "top3_accuracy", "coverage", "routed_accuracy", "ece")
    lines = [f"{name}\t{summary[name]}" for name in names]
    groups = [f"{name}\taccuracy {some['accuracy']} of {some['n']}" for name, some in summary["by_file"].items()]
    return "\n".join([*lines, *groups])
