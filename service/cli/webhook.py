"""`aiguilleur webhook`: which program is told what of an account's messages."""

import asyncio

import click

from service.cli.options import account_option, opened, settings_for
from service.domain.webhook import KINDS, WebhookKind
from service.wiring import Desk

MOST = 200


@click.group()
def webhook() -> None:
    """Add, list, remove and test webhooks; see dead letters and send them again."""


@webhook.command()
@click.argument("url")
@account_option
@click.option("--event", "events", multiple=True, type=click.Choice(KINDS), help="Only these; several times.")
@click.option("--thin", is_flag=True, help="Tell ids only: the program asks for the rest with its key.")
def add(url: str, account: str | None, events: tuple[WebhookKind, ...], thin: bool) -> None:
    """Tell URL what happens to messages. Prints the secret that deliveries are signed with, this once."""

    async def added(desk: Desk) -> tuple[str, str]:
        named = await desk.account(account)
        made, secret = await desk.webhooks.add(named, url, events or KINDS, thin, "cli")
        return made.id, secret

    with opened(settings_for(), ready=False) as desk:
        webhook_id, secret = asyncio.run(added(desk))
    click.echo(secret)
    click.echo(f"The webhook {webhook_id} is told from now on; try it with `aiguilleur webhook test`.", err=True)


@webhook.command("list")
@account_option
def list_(account: str | None) -> None:
    """Print every webhook: id, account, state, events, address."""
    with opened(settings_for(), ready=False) as desk:
        for one in asyncio.run(desk.webhooks.list(account)):
            state = "disabled" if one.disabled_at else f"failing ({one.failures})" if one.failures else "well"
            thin = "\tids only" if one.thin else ""
            click.echo(f"{one.id}\t{one.account}\t{state}\t{','.join(one.events)}\t{one.url}{thin}")


@webhook.command()
@click.argument("webhook_id")
def remove(webhook_id: str) -> None:
    """End the webhook WEBHOOK_ID, with what waits for it and its dead letters."""
    with opened(settings_for(), ready=False) as desk:
        gone = asyncio.run(desk.webhooks.remove(webhook_id, "cli"))
    click.echo(f"{gone.url} is told nothing any more.", err=True)


@webhook.command()
@click.argument("webhook_id")
def test(webhook_id: str) -> int:
    """Send a `webhook.test` to WEBHOOK_ID now, once; exit 1 where it was not taken."""
    with opened(settings_for(), ready=False) as desk:
        answer = asyncio.run(desk.webhooks.test(webhook_id))
    click.echo(f"{answer.status or 'no answer'}\t{answer.error}".rstrip())
    return 0 if answer.taken else 1


@webhook.command()
@account_option
def dead(account: str | None) -> None:
    """Print dead letters, the newest first: id, webhook, message, event, tries, last status, last error."""

    with opened(settings_for(), ready=False) as desk:
        asyncio.run(_told(desk, account))


async def _told(desk: Desk, account: str | None) -> None:
    for webhook_id in [one.id for one in await desk.webhooks.list(account)]:
        cursor = None
        while found := await desk.webhooks.deliveries(webhook_id, "dead", limit=MOST, cursor=cursor):
            for one in found:
                told = (one.id, webhook_id, one.message_id, one.kind, one.attempts, one.status or "-", one.error)
                click.echo("\t".join(map(str, told)))
            cursor = found[-1].id


@webhook.command()
@click.argument("webhook_id")
@click.option("--delivery", help="Only this one.")
def resend(webhook_id: str, delivery: str | None) -> None:
    """Send the dead letters of WEBHOOK_ID again, with the ids that they had: a running `serve` does it."""
    with opened(settings_for(), ready=False) as desk:
        count = asyncio.run(desk.webhooks.resend(webhook_id, "cli", delivery_id=delivery))
    click.echo(f"{count} deliveries wait again.", err=True)
