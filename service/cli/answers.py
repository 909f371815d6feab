"""`aiguilleur answers`: the canned answers, and the index made from them."""

import asyncio
from pathlib import Path

import click

from service.cli.options import settings_for
from service.playbooks import parse_answers
from service.wiring import Desk, open_desk

account_option = click.option("--account", help="Needed where there are several.")


@click.group()
def answers() -> None:
    """Import, export and list canned answers; rebuild their index."""


@answers.command("import")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@account_option
def import_(source: Path, account: str | None) -> None:
    """Make the account's library the answers of SOURCE (YAML). Those left out are retired, not forgotten."""
    asyncio.run(_import(open_desk(settings_for(), index=False), source, account))


async def _import(desk: Desk, source: Path, named: str | None) -> None:
    account = await desk.account(named)
    changes = await desk.answers.import_(account, parse_answers(source.read_text("utf-8")), by="cli")
    added, changed, retired = len(changes.added), len(changes.changed), len(changes.retired)
    click.echo(f"{account}: {added} added, {changed} changed, {retired} retired.", err=True)


@answers.command()
@account_option
def export(account: str | None) -> None:
    """Print the library as YAML that `answers import` reads."""
    import yaml  # noqa: PLC0415

    desk = open_desk(settings_for(), index=False)
    library = asyncio.run(_library(desk, account))
    entries = [one.model_dump(mode="json", exclude_defaults=True) for one in library]
    click.echo(yaml.safe_dump({"answers": entries}, allow_unicode=True, sort_keys=False, width=120), nl=False)


@answers.command("list")
@account_option
def list_(account: str | None) -> None:
    """Print each answer: id, queue, language, title."""
    desk = open_desk(settings_for(), index=False)
    for one in asyncio.run(_library(desk, account)):
        click.echo(f"{one.id}\t{one.queue}\t{one.language}\t{one.title}")


async def _library(desk: Desk, named: str | None):  # type: ignore[no-untyped-def]
    return await desk.answers.list(await desk.account(named))


@answers.command()
@account_option
def rebuild(account: str | None) -> None:
    """Make the search index anew from the database. Nothing but the database is read."""
    desk = open_desk(settings_for())

    async def anew() -> None:
        named = await desk.account(account)
        for collection, count in (await desk.rebuild_index(named)).items():
            click.echo(f"{collection}\t{count} passages")

    asyncio.run(anew())
