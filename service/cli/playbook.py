"""`aiguilleur playbook`: what an account's advisors wrote, in every version."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click

from service.cli.options import account_option, opened, settings_for
from service.cli.playbook_prove import prove
from service.playbooks.folder import check_folder
from service.settings import REFERENCE
from service.storage.playbooks import PlaybookVersion
from service.wiring import Desk

folder_argument = click.argument(
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=REFERENCE,
)


@click.group()
def playbook() -> None:
    """Import, export, check, prove, list, diff and activate playbooks."""


playbook.add_command(prove)


@playbook.command()
@folder_argument
def check(folder: Path) -> int:
    """Name file, line and cure of every mistake in FOLDER; exit 2 where there is an error."""
    mistakes = check_folder(folder)
    for mistake in mistakes:
        click.echo(str(mistake))
    errors = sum(mistake.severity == "error" for mistake in mistakes)
    click.echo(f"{folder}: {errors} error(s), {len(mistakes) - errors} warning(s).", err=True)
    return 2 if errors else 0


@playbook.command("import")
@folder_argument
@click.option("--learn/--no-learn", default=True, help="Refit the learned voters for it (on by default).")
def import_(folder: Path, learn: bool) -> None:
    """Take in an account's FOLDER: playbook, canned answers and confirmed messages; the playbook is put in force."""
    with opened(settings_for(), ready=False) as desk:
        asyncio.run(_import(desk, folder, learn))


async def _import(desk: Desk, folder: Path, learn: bool) -> None:
    imported = await desk.import_folder(folder, by="cli")
    answers = imported.answers
    click.echo(
        f"{imported.account}: playbook {imported.playbook_version} is in force; answers: {len(answers.added)} added, "
        f"{len(answers.changed)} changed, {len(answers.retired)} retired; {imported.confirmed} confirmed messages new.",
        err=True,
    )
    if learn:
        await _learn(desk, imported.account)


async def _learn(desk: Desk, account: str) -> None:
    bundle = await desk.learning.learn(account, by="cli")
    click.echo(f"{account}: learned voters {bundle.version} are in force.", err=True)


@playbook.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@account_option
@click.option("--version", help="By default the one in force.")
def export(folder: Path, account: str | None, version: str | None) -> None:
    """Write a version's files into FOLDER."""

    async def files(desk: Desk) -> dict[str, str]:
        return await desk.playbooks.export(await desk.account(account), version)

    with opened(settings_for(), ready=False) as desk:
        found = asyncio.run(files(desk))
    for name, text in found.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    click.echo(f"{len(found)} files are in {folder}.", err=True)


@playbook.command("list")
@account_option
def list_(account: str | None) -> None:
    """Print every version, newest first; `*` marks the one in force."""

    async def versions(desk: Desk) -> Sequence[PlaybookVersion]:
        return await desk.playbooks.list(await desk.account(account))

    with opened(settings_for(), ready=False) as desk:
        for one in asyncio.run(versions(desk)):
            mark = "*" if one.active else " "
            click.echo(f"{mark} {one.version}\t{one.imported_at:%Y-%m-%d %H:%M}\t{one.imported_by}")


@playbook.command()
@click.argument("before")
@click.argument("after")
@account_option
def diff(before: str, after: str, account: str | None) -> None:
    """Print what changed from version BEFORE to version AFTER, a sentence a line."""

    async def changes(desk: Desk) -> Sequence[str]:
        return await desk.playbooks.diff(await desk.account(account), before, after)

    with opened(settings_for(), ready=False) as desk:
        for sentence in asyncio.run(changes(desk)):
            click.echo(sentence)


@playbook.command()
@click.argument("version")
@account_option
def activate(version: str, account: str | None) -> None:
    """Put VERSION in force, and refit the learned voters for it."""

    async def put(desk: Desk) -> None:
        named = await desk.account(account)
        await desk.playbooks.activate(named, version, by="cli")
        click.echo(f"{named}: playbook {version} is in force.", err=True)
        await _learn(desk, named)

    with opened(settings_for(), ready=False) as desk:
        asyncio.run(put(desk))
