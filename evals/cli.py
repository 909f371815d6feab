"""`aiguilleur eval`: what the product is worth on labelled messages, and whether a change made it better."""

from pathlib import Path

import click

from evals.cli_batch import requests, score
from evals.cli_judge import judge
from evals.cli_learning import ablate, stream
from evals.cli_options import (
    FILE,
    FOLDER,
    NEW_FOLDER,
    ManyValues,
    against_option,
    dataset_option,
    document,
    failed,
    gates_option,
    history_option,
    in_words,
    interrupted,
    json_option,
    run_folder,
    say,
    say_all,
    split_option,
    told_to_stop,
)
from service.cli.options import account_option, engine_option, settings_for
from service.learning.split import Split


@click.group("eval")
@click.pass_context
def eval_(context: click.Context) -> None:
    """Measure on labelled messages, compare, gate, and watch an account learn."""
    context.with_resource(told_to_stop())


@eval_.command(cls=ManyValues)
@dataset_option
@history_option
@split_option
@gates_option
@against_option
@click.option("--out", type=NEW_FOLDER, help="By default runs/<time>-<engine>.")
@json_option
@account_option
@engine_option
def run(
    *,
    dataset: tuple[Path, ...],
    history: tuple[Path, ...],
    split: Split,
    gates: Path | None,
    against: Path | None,
    out: Path | None,
    as_json: bool,
    account: str | None,
    engine: str | None,
) -> int:
    """Predict every message of the DATASET as the product would, and score it. Your store stays as it is.

    Started again with the same --out after an interruption, it goes on where it stopped.
    """
    from evals.harness.gates import as_document, judge, read_gates  # noqa: PLC0415 - numpy and scipy
    from evals.harness.order import Order  # noqa: PLC0415
    from evals.harness.running import run_order  # noqa: PLC0415

    settings = settings_for(engine)
    folder = out or run_folder(settings.engine_in_force)
    asked = read_gates(gates) if gates else None
    try:
        summary = run_order(Order(dataset, history, account, folder, split), settings, say, against)
    except KeyboardInterrupt:
        return interrupted(folder)
    found = judge(asked, folder, against, say) if asked else []
    say_all(found)
    click.echo(document(summary | ({"gates": as_document(found)} if asked else {})) if as_json else in_words(summary))
    return failed(found)


@eval_.command()
@click.argument("run", type=FOLDER)
@against_option
@click.option("--gates", type=FILE, help="By default the gates that ship with the program.")
@json_option
def gate(run: Path, against: Path | None, gates: Path | None, as_json: bool) -> int:
    """Whether RUN reaches what a file of gates asks for; exit 1 names each gate that fails."""
    from evals.harness.gates import SHIPPED, as_document, judge, read_gates  # noqa: PLC0415 - numpy and scipy

    found = judge(read_gates(gates or SHIPPED), run, against, say)
    if as_json:
        say_all(one for one in found if one.passed is False)
        click.echo(document({"passed": not failed(found), "gates": as_document(found)}))
    else:
        click.echo("\n".join(map(str, found)))
    return failed(found)


@eval_.command()
@click.argument("run_a", type=FOLDER)
@click.argument("run_b", type=FOLDER)
@json_option
def compare(run_a: Path, run_b: Path, as_json: bool) -> int:
    """Whether RUN_B is better than RUN_A on the messages that both hold; exit 1 where it is worse."""
    from evals.harness.comparison import compare_runs, in_words  # noqa: PLC0415 - numpy and scipy

    comparison = compare_runs(run_a, run_b, say)
    click.echo(document(comparison) if as_json else in_words(comparison))
    return 1 if comparison["verdict"] == "worse" else 0


eval_.add_command(requests)
eval_.add_command(score)
eval_.add_command(judge)
eval_.add_command(stream)
eval_.add_command(ablate)
