"""`aiguilleur eval judge`: a model's verdicts on the drafts of a run, held against people's."""

from pathlib import Path

import click

from evals.cli_options import FILE, FOLDER, document, interrupted, json_option, say
from service.cli.options import settings_for


@click.command()
@click.argument("run_dir", type=FOLDER)
@click.option("--verdicts", type=FILE, help="People's verdicts, one a line: {id, verdict}.")
@click.option("--model", help="The judge; by default AIGUILLEUR_MODEL.")
@click.option("--sample", type=click.IntRange(min=0), default=0, help="So many drafts; by default all.")
@click.option("--floor", type=FILE, help="What it takes to give scores; by default what ships with the program.")
@click.option(
    "--sheet",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Ask no model: write the drafts for people to judge.",
)
@json_option
def judge(
    run_dir: Path,
    verdicts: Path | None,
    model: str | None,
    sample: int,
    floor: Path | None,
    sheet: Path | None,
    as_json: bool,
) -> int:
    """Ask a model whether the drafts of RUN_DIR are usable as they are, after edits or not; first, how far people
    agree with it. Where they do not, or too few have judged, no scores are given."""
    from evals.judging.agreement import SHIPPED, read_floor  # noqa: PLC0415 - numpy
    from evals.judging.order import JudgeOrder, chosen, in_words, judge_run  # noqa: PLC0415
    from evals.judging.verdicts import drafts_of, human_verdicts, write_sheet  # noqa: PLC0415

    if sheet is not None:
        people = human_verdicts(verdicts) if verdicts else {}
        write_sheet(sheet, chosen(drafts_of(run_dir), people, sample))
        click.echo(sheet)
        return 0
    settings = settings_for()
    if model:
        settings = settings.model_copy(update={"model": model, "model_fallbacks": ""})
    try:
        found = judge_run(JudgeOrder(run_dir, verdicts, sample, read_floor(floor or SHIPPED)), settings, say)
    except KeyboardInterrupt:
        return interrupted(run_dir)
    click.echo(document(found) if as_json else in_words(found))
    return 0
