"""`aiguilleur privacy`: what is held about a person, its removal, terms, and encryption at rest."""

import asyncio
import json
import time
import zipfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import click

from service.cli.options import account_option, settings_for, with_desk
from service.desk.privacy.summary import summary_of
from service.desk.upkeep.whole import whole
from service.domain.privacy import Erasure, Export
from service.errors import AiguilleurError
from service.log import code_of
from service.phrases import Phrases
from service.storage.privacy_cipher import new_key
from service.wiring import Desk

BOUND = "cli"
LANGUAGES = ("fr", "en")
PATIENCE_S = 300
"""How long an erasure waits here for what another process is at; a server does the rest."""
AGAIN_S = 2.0
BEYOND = "Not reached: backups, and copies outside the data folder and --runs (docs/privacy.md says more)."

sender_option = click.option("--sender", required=True, help="The address that the person writes from.")
number_option = click.option("--also-number", "numbers", multiple=True, help="A file number that is the person's too.")
message_option = click.option(
    "--also-message", "also", multiple=True, help="The id of a message that is the person's too."
)
by_option = click.option("--by", default=BOUND, show_default=True, help="Who says so.")


@click.group()
def privacy() -> None:
    """Answer requests of access and erasure, hold to terms, encrypt at rest (docs/privacy.md)."""


@privacy.command()
@sender_option
@account_option
@number_option
@message_option
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="A .json, .html or .zip (both).")
@by_option
def export(
    sender: str, account: str | None, numbers: Sequence[str], also: Sequence[str], out: Path | None, by: str
) -> None:
    """Print, or write to a file, everything that is held about a person."""

    async def told(desk: Desk) -> tuple[Export, dict[str, Phrases]]:
        phrases = {language: desk.phrases(language) for language in LANGUAGES}
        return await desk.privacy.export(sender, by, phrases, account, numbers, also), phrases

    settings = settings_for()
    found, phrases = with_desk(told, settings)
    document = json.dumps(found.model_dump(mode="json"), ensure_ascii=False, indent=2)
    if not found.parts:
        click.echo(f"Nothing is held about {sender}: is that how the address is written?", err=True)
    if out is None:
        click.echo(document)
        return
    _write(out, document, summary_of(found, phrases, settings.prompts))
    click.echo(f"{out}: {sum(len(part['rows']) for part in found.parts)} records.", err=True)


@privacy.command()
@sender_option
@account_option
@number_option
@message_option
@click.option("--runs", multiple=True, type=click.Path(path_type=Path, exists=True), help="A further folder or file.")
@click.option("--keep-counts/--no-counts", default=True, show_default=True, help="Keep how many messages there were.")
@click.option("--yes", is_flag=True, help="Do it. Without it, print what would go.")
@by_option
def erase(
    sender: str,
    account: str | None,
    numbers: Sequence[str],
    also: Sequence[str],
    runs: Sequence[Path],
    keep_counts: bool,
    yes: bool,
    by: str,
) -> int:
    """Remove everything that is held about a person; exit 1 while something is still to be done."""

    async def plan(desk: Desk) -> int:
        found = await desk.privacy.plan(sender, account, numbers, runs, also)
        _print(found.counts)
        for message in found.mentioned:
            click.echo(f"mentioned\t{message}")
        if found.mentioned:
            click.echo(
                "Where a mentioned message is the person's own, as from a web form: --also-message ID.", err=True
            )
        click.echo("Nothing has been removed; --yes does it." if not found.empty else "Nothing is held.", err=True)
        return 0

    async def remove(desk: Desk) -> int:
        done = await desk.privacy.erase(sender, by, account, numbers, runs, keep_counts, also)
        _print(done.counts)
        click.echo(BEYOND, err=True)
        return await _finished(desk, done.id)

    return _removing(remove if yes else plan)


@privacy.command()
@click.option("--dry-run", is_flag=True, help="Print what is past its term; remove nothing.")
@by_option
def purge(dry_run: bool, by: str) -> int:
    """Remove what is past its account's terms, as a server does once a day."""

    async def due(desk: Desk) -> int:
        for one in await desk.purging.plan():
            for channel, count in one.messages.items():
                click.echo(f"{one.account}\t{channel}\t{count}")
            click.echo(f"{one.account}\tlessons\t{one.lessons}\n{one.account}\treduced\t{one.reduced}")
        refused = await desk.playbooks.refused()
        return _left_out({account: f"{its.field}: {its.message}" for account, its in refused.items()})

    async def remove(desk: Desk) -> int:
        purged = await desk.purging.purge(by, desk.purger.name)
        done = purged.record
        _print(done.counts if done else {})
        failed = _left_out({account: _words(error) for account, error in purged.failed.items()})
        return await _finished(desk, done.id if done else None) or failed

    return _removing(due if dry_run else remove)


@privacy.command("list")
@account_option
def list_(account: str | None) -> None:
    """Print erasures and purges, newest first: when, by whom, how many rows, and what is still to be done."""

    async def records(desk: Desk) -> None:
        for one in (await desk.privacy.records(account)).items:
            click.echo(f"{one.at:%Y-%m-%d %H:%M}\t{one.kind}\t{one.by}\t{_told(one)}")

    with_desk(records)


@privacy.command()
@account_option
def counts(account: str | None) -> None:
    """Print how many messages there were that are gone by now: a JSON object a day, channel, queue and outcome."""

    async def told(desk: Desk) -> None:
        for one in await desk.privacy.counts(account):
            click.echo(json.dumps(one, default=str, ensure_ascii=False))

    with_desk(told)


@privacy.command()
@click.option("--dry-run", is_flag=True, help="Print how many rows wait; seal nothing.")
def encrypt(dry_run: bool) -> None:
    """Seal with the newest key what was stored before it; it can be stopped, and goes on where it was."""

    async def seal(desk: Desk) -> None:
        counts = await (desk.sealing.waiting() if dry_run else desk.sealing.seal())
        for table, count in counts.items():
            click.echo(f"{table}\t{count}")

    with_desk(seal)


@privacy.command("new-key")
def new_key_() -> None:
    """Print a new key for AIGUILLEUR_VAULT_KEY. It is kept nowhere: who loses it loses what it sealed."""
    click.echo(new_key())


def _print(counts: Mapping[str, int]) -> None:
    """What there is something of, the most first."""
    for name, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
        if count:
            click.echo(f"{name}\t{count}")


async def _finished(desk: Desk, erasure_id: str | None) -> int:
    """Waits for what other processes are at. 1 where something is left, which a server does once it can."""
    until = time.monotonic() + PATIENCE_S
    left = await desk.privacy.finish()
    while any(one.id == erasure_id for one in left) and time.monotonic() < until and not _for_a_server(left):
        await asyncio.sleep(AGAIN_S)
        left = await desk.privacy.finish()
    for one in left:
        click.echo(f"Still to be done, by a server or `aiguilleur privacy purge`: {_told(one)}", err=True)
    return 1 if left else 0


def _for_a_server(left: Sequence[Erasure]) -> bool:
    """Whether all that is left is the index, which another process holds and clears within a minute."""
    return all(one.rows_done and not (one.todo.refit or one.todo.quoted or one.todo.wipe) for one in left)


def _told(one: Erasure) -> str:
    waits = [name for name in ("refit", "quoted", "index", "wipe") if getattr(one.todo, name)]
    rows = sum(one.counts.values())
    if one.finished_at is not None:
        return f"{rows} rows, whole"
    return f"{rows} rows, waits for: {', '.join(waits if one.rows_done else ['rows', *waits]) or 'nothing'}"


def _write(out: Path, document: str, page: str) -> None:
    with whole(out) as file:
        if out.suffix != ".zip":
            file.write((page if out.suffix == ".html" else document).encode())
            return
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("export.json", document)
            archive.writestr("summary.html", page)


def _left_out(accounts: Mapping[str, str]) -> int:
    """Tells them with the reason; 1 where there are any."""
    for account, why in accounts.items():
        click.echo(f"Not purged: {account}: {why}", err=True)
    return 1 if accounts else 0


def _words(error: Exception) -> str:
    """Our own errors in words; a mistake of ours by its place."""
    return error.detail if isinstance(error, AiguilleurError) else code_of(error)


def _removing(verb: Callable[[Desk], Awaitable[int]]) -> int:
    """A Chroma server's index is cleared from here; an embedded one is dropped without being opened."""
    settings = settings_for()
    return with_desk(verb, settings, index=bool(settings.chroma_url))
