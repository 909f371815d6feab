"""`aiguilleur bulk`: a file of messages in, a file of results out, one line each, in the same order."""

import os
from pathlib import Path

import click

from service.cli.bulk_files import Job
from service.cli.bulk_run import run_job
from service.cli.options import engine_option, settings_for


@click.command()
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where the results go.")
@click.option("--account", help="For messages that name no account; needed where there are several.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=None,
    help="Processes; by default one a core. With a model they share the calls in flight.",
)
@click.option("--store", is_flag=True, help="Put messages and results on the desk too; each message needs its id.")
@engine_option
def bulk(source: Path, out: Path, account: str | None, workers: int | None, store: bool, engine: str | None) -> int:
    """Triage SOURCE, one JSON message a line, into --out, one Triage a line in the same order.

    Started again after Ctrl-C or a crash, it goes on where it stopped: no line is repeated or lost.
    A line that is no message becomes a line with an `error`, and the exit code is 2.
    """
    settings = settings_for(engine)
    job = Job(source, out, account, workers or os.cpu_count() or 1, store)
    return run_job(job, settings)
