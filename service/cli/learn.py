"""`aiguilleur learn`: the learned voters fitted anew, their versions, and what advisors teach them."""

from collections.abc import Awaitable
from typing import Any

import click

from service.cli.options import account_option, with_desk
from service.cli.suggestions import settle, suggest, suggestions
from service.desk.learning.promises import told
from service.desk.learning.versions import WORSE
from service.domain.correction import CorrectionEntry
from service.storage.learned import BundleVersion
from service.wiring import Desk

SHOWN = ("verdict", "examined", "accuracy", "routed", "routed_accuracy")
TOLD = ("accepted", "guards")
"""Metrics that are told in sentences."""
BOUND = "cli"
"""Who it was, where nobody is named."""

by_option = click.option("--by", default=BOUND, show_default=True, help="Who says so.")


@click.group(invoke_without_command=True)
@account_option
@click.option("--anyway", is_flag=True, help="Put the result in force without comparing it.")
@click.pass_context
def learn(context: click.Context, account: str | None, anyway: bool) -> int:
    """Refit the learned voters from the confirmed messages, and put the result in force unless it does worse on them
    than what is in force; exit 1 where it does. It ends a hold."""
    if context.invoked_subcommand is not None:
        context.obj = account
        return 0
    return with_desk(lambda desk: _learn(desk, account, anyway))


for command in (suggest, suggestions, settle):
    learn.add_command(command)


async def _learn(desk: Desk, named: str | None, anyway: bool) -> int:
    account = await desk.account(named)
    bundle = await desk.learning.learn(account, by=BOUND, anyway=anyway)
    for name, value in bundle.metrics.items():
        if name not in TOLD:
            click.echo(f"{name}\t{value}")
    for sentence in told(bundle.metrics):
        click.echo(f"promise\t{sentence}")
    if bundle.active:
        click.echo(f"{account}: {bundle.version} is in force.", err=True)
        return 0
    click.echo(
        f"{account}: {bundle.version} does worse than {bundle.metrics.get('against')}, which stays in force; "
        "`learn --anyway` or `learn activate` puts it in force nevertheless.",
        err=True,
    )
    return 1


@learn.command("list")
@account_option
@click.pass_obj
def list_(outer: str | None, account: str | None) -> None:
    """Print every version, newest first, with how it did; `*` marks the one in force."""

    async def versions(desk: Desk) -> None:
        named = await desk.account(account or outer)
        state = await desk.learning.state(named)
        for one in await desk.learning.list(named):
            click.echo(_line(one))
        if state.held_by is not None:
            click.echo(f"{state.held_by} holds the version in force; `learn` lets go.", err=True)

    with_desk(versions)


@learn.command()
@click.argument("version")
@account_option
@by_option
@click.pass_obj
def activate(outer: str | None, version: str, account: str | None, by: str) -> None:
    """Bring VERSION back, and hold it until somebody learns on purpose."""

    async def put(desk: Desk) -> None:
        named = await desk.account(account or outer)
        await desk.learning.activate(named, version, by)
        click.echo(f"{named}: {version} is in force, and held.", err=True)

    with_desk(put)


@learn.command()
@click.argument("message_id")
@click.argument("queue")
@click.option("--by", required=True, help="The advisor who says so.")
@click.option("--comment", default="", help="Why.")
def correct(message_id: str, queue: str, by: str, comment: str) -> None:
    """Put a message into its right QUEUE: the next message already learns from it, unless it is contested."""

    async def put(desk: Desk) -> None:
        case = await desk.review.correct(message_id, queue, by, comment)
        if case.correction is not None:
            click.echo(_said(case.correction))

    with_desk(put)


@learn.command()
@click.argument("correction_id")
@click.option("--by", required=True, help="The advisor who says so.")
def undo(correction_id: str, by: str) -> None:
    """Take a message's newest correction back."""

    async def back(desk: Desk) -> None:
        case = await desk.review.undo(correction_id, by)
        click.echo(f"{case.id}\t{case.queue or 'no queue'}")

    with_desk(back)


@learn.command()
@account_option
@click.pass_obj
def contested(outer: str | None, account: str | None) -> None:
    """Print the corrections that wait for a lead, newest first: what was said, and what speaks against it."""

    async def waiting(desk: Desk) -> None:
        cursor = None
        while True:
            page = await desk.corrections.list(account or outer, "contested", cursor=cursor)
            for one in page.items:
                click.echo(_said(one))
            cursor = page.next_cursor
            if cursor is None:
                return

    with_desk(waiting)


@learn.command()
@click.argument("correction_id")
@click.option("--by", required=True, help="The lead who says so.")
@click.option("--comment", default="", help="Why.")
def accept(correction_id: str, by: str, comment: str) -> None:
    """Learn from a contested correction after all."""
    with_desk(lambda desk: _shown(desk.corrections.decide(correction_id, "accepted", by, comment)))


@learn.command()
@click.argument("correction_id")
@click.option("--by", required=True, help="The lead who says so.")
@click.option("--comment", default="", help="Why.")
def refuse(correction_id: str, by: str, comment: str) -> None:
    """Never learn from a contested correction; the message stays where it is."""
    with_desk(lambda desk: _shown(desk.corrections.decide(correction_id, "refused", by, comment)))


async def _shown(decided: Awaitable[CorrectionEntry]) -> None:
    click.echo(_said(await decided))


def _line(one: BundleVersion) -> str:
    told: dict[str, Any] = {name: one.metrics[name] for name in SHOWN if one.metrics.get(name) is not None}
    mark = "*" if one.active else "-" if told.get("verdict") == WORSE else " "
    facts = "  ".join(f"{name} {value}" for name, value in told.items())
    return (
        f"{mark} {one.version}\t{one.created_at:%Y-%m-%d %H:%M}\t{one.metrics.get('examples', '?')} messages\t{facts}"
    )


def _said(one: CorrectionEntry) -> str:
    against = "; ".join(f"{each.kind}: {each.queue} ({', '.join(each.refs[:5])})" for each in one.objections)
    return f"{one.id}\t{one.message_id}\t{one.before or '-'} -> {one.queue}\t{one.by}\t{one.state}\t{against}".rstrip()
