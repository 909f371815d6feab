"""`python -m evals.asks`: second asks found and falsely found, and situations, by nested cross-validation."""

from pathlib import Path

import click

from evals.account import STUDIED, read_account
from evals.asks.figures import tables
from evals.asks.misspelling import measured as misspelt_measured
from evals.asks.misspelling import table as misspelling_told
from evals.asks.triaging import cross_triaged
from evals.asks.waits import table as waits_told
from evals.asks.wrapping import measured
from evals.asks.wrapping import table as wrapping_told
from evals.crossval import FOLDS
from evals.harness.workbench import Material
from service.settings import REFERENCE, Settings


@click.command()
@click.option("--account", "folder", type=click.Path(path_type=Path, exists=True), default=REFERENCE)
@click.option("--folds", default=FOLDS, show_default=True)
@click.option("--studied", default=STUDIED, help="Regular expression of the ids that the playbook's authors have read.")
@click.option("--waits", is_flag=True, help="Measure instead how often the wait that a chaser tells is found.")
@click.option("--wrapped", is_flag=True, help="Measure instead what line breaks of mail programs change.")
@click.option("--misspelt", is_flag=True, help="Measure instead what misspelt words change.")
def main(folder: Path, folds: int, studied: str, waits: bool, wrapped: bool, misspelt: bool) -> None:
    """Prints shares with 95 % intervals (bootstrap over senders), usual and unusual messages apart, without a model."""
    if waits:
        click.echo("\n".join(waits_told()))
        return
    account = read_account(folder, studied)
    settings = Settings(engine="local")
    history = [case.confirmed for case in account.cases]
    known = Material(account.files, account.playbook, account.answers, history)
    if wrapped:
        click.echo("\n".join(wrapping_told(measured(known, settings))))
        return
    if misspelt:
        click.echo("\n".join(misspelling_told(misspelt_measured(known, settings))))
        return
    material = Material(account.files, account.playbook, account.answers, ())
    told = cross_triaged(material, account.cases, settings, lambda said: click.echo(said, err=True), folds)
    drafted = sum(one.drafted for one in told)
    click.echo(f"{len(told)} messages, {drafted} with a draft")
    for line in tables(told, [one.id for one in account.playbook.situations]):
        click.echo(line)


if __name__ == "__main__":
    main()
