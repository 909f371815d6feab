"""`aiguilleur drafts`: the drafts of messages."""

import click

from service.cli.drafts_check import check
from service.cli.drafts_versions import list_, regenerate, save


@click.group()
def drafts() -> None:
    """List the versions of a draft, make another one by a wish, save your own; check any draft."""


drafts.add_command(list_)
drafts.add_command(regenerate)
drafts.add_command(save)
drafts.add_command(check)
