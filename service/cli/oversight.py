"""`aiguilleur oversight`: the figures of the page of that name, and counting them anew."""

import asyncio
import csv
import sys
from datetime import datetime

import click

from service.cli.options import account_option, opened, settings_for
from service.desk.oversight import Asked
from service.desk.oversight_rows import COLUMNS, rows
from service.domain.oversight import Grain, Oversight
from service.wiring import Desk

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def oversight() -> None:
    """Received, handled, routed, late, spent: by day, queue and site. Counts only."""


@oversight.command()
@account_option
@click.option("--from", "first", type=DAY, help="The first day; without it, 30 days.")
@click.option("--to", "last", type=DAY, help="The last day, inside; without it, today.")
@click.option("--by", "grain", type=click.Choice(("day", "week")), default="day", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON document, as `GET /v1/oversight` gives it.")
def show(account: str | None, first: datetime | None, last: datetime | None, grain: Grain, as_json: bool) -> None:
    """Print the figures as CSV, one a line; docs/oversight.md defines each."""

    async def report(desk: Desk) -> Oversight:
        await desk.workbench.tallying.count()
        asked = Asked(
            await desk.account(account), first.date() if first else None, last.date() if last else None, grain
        )
        return await desk.workbench.overseeing.report(asked)

    with opened(settings_for(), ready=False) as desk:
        found = asyncio.run(report(desk))
    if as_json:
        click.echo(found.model_dump_json())
        return
    written = csv.writer(sys.stdout)
    written.writerow(COLUMNS)
    written.writerows(rows(found))


@oversight.command()
def rebuild() -> None:
    """Count every figure anew from the events; what was erased stays counted."""
    with opened(settings_for(), ready=False) as desk:
        count = asyncio.run(desk.workbench.tallying.rebuild())
    click.echo(f"{count} events are counted.", err=True)
