"""`aiguilleur eval requests` and `eval score`: a suite through a provider's batch endpoint, scored without a call."""

from pathlib import Path

import click

from evals.cli_options import (
    FILE,
    FOLDER,
    ManyValues,
    against_option,
    dataset_option,
    document,
    history_option,
    in_words,
    json_option,
    say,
    split_option,
)
from service.cli.options import account_option, engine_option, settings_for
from service.learning.split import Split


@click.command(cls=ManyValues)
@dataset_option
@history_option
@split_option
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="One request a line.")
@account_option
@engine_option
def requests(
    dataset: tuple[Path, ...],
    history: tuple[Path, ...],
    split: Split,
    out: Path,
    account: str | None,
    engine: str | None,
) -> int:
    """Write what the model would be asked for the DATASET, for a provider's batch endpoint; ask nobody.

    What it takes to score the answers is kept in a run folder beside OUT.
    """
    from evals.harness.batch_requests import write_requests  # noqa: PLC0415 - numpy and scipy
    from evals.harness.order import Order  # noqa: PLC0415

    settings = settings_for(engine)
    order = Order(dataset, history, account, out.with_suffix(".run"), split)
    try:
        folder = write_requests(order, out, settings, say)
    except KeyboardInterrupt:
        say("Interrupted. Nothing was written: start again.")
        return 130
    click.echo(folder)
    return 0


@click.command()
@click.option("--responses", type=FILE, multiple=True, required=True, help="The batch's output; several files.")
@click.argument("run_dir", type=FOLDER)
@click.option("--half-price", is_flag=True, help="Count half the price of a live call, as most batch endpoints do.")
@against_option
@json_option
def score(responses: tuple[Path, ...], run_dir: Path, half_price: bool, against: Path | None, as_json: bool) -> int:
    """Score a batch's answers in RUN_DIR through the same pipeline, without any call."""
    from evals.harness.batch_scoring import score_batch  # noqa: PLC0415 - numpy and scipy

    summary = score_batch(run_dir, responses, 0.5 if half_price else 1.0, settings_for(), say, against)
    click.echo(document(summary) if as_json else in_words(summary))
    return 0
