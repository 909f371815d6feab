"""`aiguilleur learn`: the learned voters fitted anew."""

import asyncio

import click

from service.cli.options import account_option, opened, settings_for
from service.wiring import Desk


@click.command()
@account_option
def learn(account: str | None) -> None:
    """Refit the learned voters from the confirmed messages, and put the result in force."""
    with opened(settings_for(), ready=False) as desk:
        asyncio.run(_learn(desk, account))


async def _learn(desk: Desk, named: str | None) -> None:
    account = await desk.account(named)
    bundle = await desk.learning.learn(account, by="cli")
    click.echo(f"{account}: {bundle.version} is in force.", err=True)
    for name, value in bundle.metrics.items():
        click.echo(f"{name}\t{value}")
