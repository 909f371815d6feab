"""`python -m evals.retrieval`: is the right canned answer found, without being told the queue?"""

from pathlib import Path

import click

from evals.account import STUDIED, read_account
from evals.retrieval.figures import table
from evals.retrieval.scale import measure_scale
from evals.retrieval.ways import FOLDS, cross_validate, unlearned
from service.settings import REFERENCE


@click.command()
@click.option("--account", "folder", type=click.Path(path_type=Path, exists=True), default=REFERENCE)
@click.option("--folds", default=FOLDS, show_default=True)
@click.option("--studied", default=STUDIED, help="Regular expression of the ids that the playbook's authors have read.")
@click.option("--history/--no-history", default=True, help="Whether messages were answered before.")
@click.option("--answers", type=int, help="Measure scale instead: so many canned answers in one index.")
@click.option("--accounts", default=50, show_default=True, help="So many accounts share them.")
def main(folder: Path, folds: int, studied: str, history: bool, answers: int | None, accounts: int) -> None:
    """Prints recall of labelled answers by each signal alone and by all together, nested cross-validated.

    With --answers: one account among many in one index, its recall as it is alone, and how long a message takes.
    """
    account = read_account(folder, studied)
    if answers is not None:
        click.echo(measure_scale(account, answers, accounts, folds))
        return
    ranked = cross_validate(account, folds, lambda said: click.echo(said, err=True)) if history else unlearned(account)
    click.echo(table(account, ranked))


if __name__ == "__main__":
    main()
