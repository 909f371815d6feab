"""`aiguilleur messages`: messages whose triage failed."""

import asyncio

import click

from service.cli.options import account_option, opened, settings_for
from service.desk.messages import MOST
from service.domain.case import Page
from service.storage.cases import Filter
from service.wiring import Desk


@click.group()
def messages() -> None:
    """List messages whose triage failed, and put them back in line."""


@messages.command()
@account_option
@click.option("--cursor", help="Goes on where the page before ended.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def failed(account: str | None, cursor: str | None, as_json: bool) -> None:
    """Print failed messages, the newest first: id, account, tries, and the code of the last error."""
    with opened(settings_for(), ready=False) as desk:
        page = asyncio.run(desk.messages.list(Filter(account=account, state="failed"), MOST, cursor))
    if as_json:
        click.echo(page.model_dump_json(indent=2))
        return
    _print(page)


@messages.command()
@click.argument("message_id", required=False)
@click.option("--all", "every", is_flag=True, help="Every failed message, of --account where it is given.")
@account_option
def retry(message_id: str | None, every: bool, account: str | None) -> None:
    """Put the message MESSAGE_ID, or with --all every failed one, back in line: a running `serve` triages it."""
    if every == bool(message_id):
        raise click.UsageError("Give a MESSAGE_ID, or --all.")
    with opened(settings_for(), ready=False) as desk:
        count = asyncio.run(_retried(desk, message_id, account))
    click.echo(f"{count} messages are back in line.", err=True)


async def _retried(desk: Desk, message_id: str | None, account: str | None) -> int:
    if message_id is None:
        return await desk.backlog.retry_all("cli", account)
    await desk.backlog.retry(message_id, "cli", account)
    return 1


def _print(page: Page) -> None:
    for one in page.items:
        click.echo(f"{one.id}\t{one.account}\t{one.attempts}\t{one.error}")
    if page.next_cursor:
        click.echo(f"More: --cursor {page.next_cursor}", err=True)
    if not page.items:
        click.echo("Nothing failed.", err=True)
