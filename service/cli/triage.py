"""`aiguilleur triage`: one message, looked at; nothing of it is stored."""

import asyncio

import click

from service.cli.inputs import read_message
from service.cli.options import engine_option, opened, settings_for
from service.desk.clock import utc_now
from service.domain.message import Message
from service.domain.triage import Triage
from service.storage.ids import new_id
from service.wiring import Desk


@click.command()
@click.argument("source")
@click.option("--account", help="For a message that names no account; needed where there are several.")
@click.option("--json", "as_json", is_flag=True, help="Print the Triage as JSON instead of a card.")
@engine_option
def triage(source: str, account: str | None, as_json: bool, engine: str | None) -> None:
    """Triage SOURCE: an .eml, .txt or JSON file, or `-` for standard input. Nothing is stored."""
    message = read_message(source)
    with opened(settings_for(engine)) as desk:
        asyncio.run(_triage(message, account, desk, as_json))


async def _triage(message: Message, account: str | None, desk: Desk, as_json: bool) -> None:
    settled = message.model_copy(update={"account": await desk.account(account or message.account)})
    try:
        result = await desk.conclude(settled, new_id(), utc_now())
    finally:
        await desk.disconnect()
    if as_json:
        click.echo(result.model_dump_json(indent=2))
    else:
        await _show(result, desk)


async def _show(result: Triage, desk: Desk) -> None:
    from rich.console import Console  # noqa: PLC0415 - not needed for --json

    from service.cli.card import card  # noqa: PLC0415

    playbook = await desk.playbooks.active(result.account)
    Console().print(card(result, playbook, desk.phrases(playbook.language)))
