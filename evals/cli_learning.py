"""`aiguilleur eval stream` and `eval ablate`: how an account learns, and what each step of the pipeline is worth."""

from pathlib import Path
from typing import Any

import click

from evals.cli_options import (
    NEW_FOLDER,
    ManyValues,
    dataset_option,
    document,
    history_option,
    in_words,
    interrupted,
    json_option,
    run_folder,
    say,
    split_option,
)
from evals.harness.step import STEPS, Step
from service.cli.options import account_option, engine_option, settings_for
from service.learning.split import Split

COUNT = click.IntRange(min=1)


@click.command(cls=ManyValues)
@dataset_option
@click.option("--history", type=click.Path(exists=True, dir_okay=False, path_type=Path), multiple=True, help="Known "
              "before the first message; by default nothing is.")  # fmt: skip
@split_option
@click.option("--window", type=COUNT, default=100, show_default=True, help="Messages in the windowed accuracy.")
@click.option("--refit-every", type=COUNT, help="Learn anew after so many messages; by default after ever more.")
@click.option("--week", type=COUNT, help="Messages that make a week; by default the dates of the messages tell.")
@click.option("--out", type=NEW_FOLDER, help="By default runs/<time>-stream.")
@json_option
@account_option
@engine_option
def stream(
    *,
    dataset: tuple[Path, ...],
    history: tuple[Path, ...],
    split: Split,
    window: int,
    refit_every: int | None,
    week: int | None,
    out: Path | None,
    as_json: bool,
    account: str | None,
    engine: str | None,
) -> int:
    """Predict, then learn, message by message in the order of their dates: the learning curve.

    The account begins with its playbook and canned answers. Started again with the same --out after an
    interruption, it goes on where it stopped.
    """
    from evals.harness.order import Order  # noqa: PLC0415 - numpy and scipy
    from evals.harness.streaming import Pace, stream_order  # noqa: PLC0415

    folder = out or run_folder("stream")
    order = Order(dataset, history, account, folder, split)
    try:
        summary = stream_order(order, Pace(window, refit_every, week), settings_for(engine), say)
    except KeyboardInterrupt:
        return interrupted(folder)
    click.echo(document(summary) if as_json else "\n".join((in_words(summary), _curve(summary["stream"]))))
    return 0


def _curve(found: dict[str, Any]) -> str:
    week = found["first_week"]
    low, high = week["accuracy_ci95"]
    lines = [
        f"baseline accuracy\t{found['baseline_accuracy']}",
        f"first week\taccuracy {week['accuracy']} [{low}, {high}] of {week['n']} messages, by {week['by']}; "
        f"baseline {week['baseline_accuracy']}",
    ]
    for level, passes in found["passes"].items():
        for who, at in passes.items():
            first = "never" if at["first"] is None else f"first after {at['first']:,} messages"
            stays = "does not stay" if at["stays"] is None else f"stays from {at['stays']:,}"
            lines.append(f"{who}: {found['window']} messages at {level}\t{first}, {stays}")
    return "\n".join(lines)


@click.command(cls=ManyValues)
@dataset_option
@history_option
@split_option
@click.option(
    "--without", type=click.Choice(STEPS), multiple=True, help="Steps to leave out, one at a time; by default each."
)
@click.option("--out", type=NEW_FOLDER, help="By default runs/<time>-ablate.")
@json_option
@account_option
@engine_option
def ablate(
    *,
    dataset: tuple[Path, ...],
    history: tuple[Path, ...],
    split: Split,
    without: tuple[Step, ...],
    out: Path | None,
    as_json: bool,
    account: str | None,
    engine: str | None,
) -> int:
    """What each step of the pipeline is worth: accuracy lost without it, everything learned anew without it.

    Started again with the same --out after an interruption, it goes on where it stopped.
    """
    from evals.harness.ablation import ablate_order, in_words  # noqa: PLC0415 - numpy and scipy
    from evals.harness.order import Order  # noqa: PLC0415

    settings, folder = settings_for(engine), out or run_folder("ablate")
    asked = without or tuple(step for step in STEPS if step != "model" or settings.engine_in_force != "local")
    try:
        found = ablate_order(Order(dataset, history, account, folder, split), asked, settings, say)
    except KeyboardInterrupt:
        return interrupted(folder)
    click.echo(document(found) if as_json else in_words(found))
    return 0
