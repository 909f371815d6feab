"""`aiguilleur oversight`: the figures of the page of that name, and counting them anew."""

import asyncio
from datetime import datetime

import click

from service.cli.options import account_option, opened, settings_for
from service.desk.oversight.report import Asked
from service.desk.oversight.rows import COLUMNS, rows
from service.desk.spreadsheet import line_of
from service.domain.digest import DigestList, Span
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
    for row in (COLUMNS, *rows(found)):
        click.echo(line_of(row), nl=False)


@oversight.command()
def rebuild() -> None:
    """Count every figure anew from the events; what was erased stays counted."""
    with opened(settings_for(), ready=False) as desk:
        count = asyncio.run(desk.workbench.tallying.rebuild())
    click.echo(f"{count} events are counted.", err=True)


@oversight.command()
@account_option
@click.option("--by", "span", type=click.Choice(("day", "week")), default="day", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="All that are kept, as `GET /v1/digests` gives them.")
def digest(account: str | None, span: Span, as_json: bool) -> None:
    """Print what came, what waits and what was left to advisors in the last day or week that has ended."""

    async def kept(desk: Desk) -> DigestList:
        await desk.digests.make()
        return DigestList(items=tuple(await desk.digests.list(await desk.account(account), span)))

    with opened(settings_for(), ready=False) as desk:
        found = asyncio.run(kept(desk))
    if as_json:
        click.echo(found.model_dump_json())
        return
    if not found.items:
        click.echo("There is no digest yet.", err=True)
        return
    newest = found.items[0]
    for name, value in newest.model_dump(mode="json", exclude={"queues"}).items():
        click.echo(f"{name}\t{'' if value is None else value}")
    for one in newest.queues:
        click.echo(
            f"{one.queue or '-'}\treceived {one.received}, before {one.before}, to do {one.to_do}, late {one.late}"
        )
