"""`aiguilleur key`: who may call the API."""

import asyncio

import click

from service.cli.options import opened, settings_for
from service.domain.access import SCOPES, Scope


@click.group()
def key() -> None:
    """Create, list and revoke API keys."""


@key.command()
@click.option("--name", required=True, help="Who or what will use it.")
@click.option("--scope", required=True, type=click.Choice(SCOPES), help="Each scope allows what those before it do.")
@click.option("--account", help="Bind the key to one account.")
def create(name: str, scope: Scope, account: str | None) -> None:
    """Print a new key. It is shown this once: only its hash is kept."""
    with opened(settings_for(), ready=False) as desk:
        _, secret = asyncio.run(desk.keys.create(name, scope, account, by="cli"))
    click.echo(secret)


@key.command("list")
def list_() -> None:
    """Print every key: prefix, scope, account, name, and when it was revoked."""
    with opened(settings_for(), ready=False) as desk:
        for one in asyncio.run(desk.keys.list()):
            ended = f"revoked {one.revoked_at:%Y-%m-%d %H:%M}" if one.revoked_at else "valid"
            click.echo(f"{one.prefix}\t{one.scope}\t{one.account or '*'}\t{one.name}\t{ended}")


@key.command()
@click.argument("prefix")
def revoke(prefix: str) -> None:
    """End the key with that PREFIX, as `key list` shows it, at once."""
    with opened(settings_for(), ready=False) as desk:
        ended = asyncio.run(desk.keys.revoke(prefix, by="cli"))
    click.echo(f"The key {ended.name} ({ended.prefix}) is revoked.", err=True)
