"""`aiguilleur answers`: the canned answers, and the index made from them."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click

from service.cli.answers_stats import stats
from service.cli.inputs import read_text
from service.cli.options import account_option, opened, settings_for, with_desk
from service.domain.answers import CannedAnswer
from service.domain.linted import LintReport
from service.errors import UnavailableError
from service.phrases import Phrases
from service.playbooks import parse_answers
from service.settings import Settings
from service.wiring import Desk
from service.wiring.finding import index_is_taken


@click.group()
def answers() -> None:
    """Import, export and list canned answers; look for mistakes in them; rebuild their index."""


answers.add_command(stats)


@answers.command("import")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@account_option
def import_(source: Path, account: str | None) -> None:
    """Make the account's library the answers of SOURCE (YAML). Those left out are retired, not forgotten."""
    with opened(settings_for(), ready=False) as desk:
        asyncio.run(_import(desk, read_text(source), account))


async def _import(desk: Desk, text: str, named: str | None) -> None:
    account = await desk.account(named)
    playbook = await desk.playbooks.active(account)
    library = parse_answers(text, playbook.queue_ids, playbook.language)
    changes = await desk.answers.import_(account, library, by="cli")
    added, changed, retired = len(changes.added), len(changes.changed), len(changes.retired)
    click.echo(f"{account}: {added} added, {changed} changed, {retired} retired.", err=True)


@answers.command()
@account_option
def export(account: str | None) -> None:
    """Print the library as YAML that `answers import` reads."""
    import yaml  # noqa: PLC0415 - only here

    entries = [one.model_dump(mode="json", exclude_defaults=True) for one in _library(account)]
    click.echo(yaml.safe_dump({"answers": entries}, allow_unicode=True, sort_keys=False, width=120), nl=False)


@answers.command("list")
@account_option
def list_(account: str | None) -> None:
    """Print each answer: id, queue, language, title."""
    for one in _library(account):
        click.echo(f"{one.id}\t{one.queue}\t{one.language}\t{one.title}")


def _library(named: str | None) -> Sequence[CannedAnswer]:
    async def library(desk: Desk) -> Sequence[CannedAnswer]:
        return await desk.answers.list(await desk.account(named))

    return with_desk(library)


@answers.command("lint")
@click.option("--json", "as_json", is_flag=True, help="Print every finding as JSON, those for information too.")
@account_option
@click.pass_context
def lint_(context: click.Context, as_json: bool, account: str | None) -> None:
    """Look for contradictions, dead references, twins and ends of validity. Exit 1 where there are errors."""
    report, phrases = _linted(account)
    if as_json:
        click.echo(report.model_dump_json(indent=2))
    else:
        _show(report, phrases)
    context.exit(int(any(found.severity == "error" for found in report.items)))


def _linted(named: str | None) -> tuple[LintReport, Phrases]:
    async def linted(desk: Desk) -> tuple[LintReport, Phrases]:
        account = await desk.account(named)
        playbook = await desk.playbooks.active(account)
        return await desk.checking.lint(account), desk.phrases(playbook.language)

    return with_desk(linted)


def _show(report: LintReport, phrases: Phrases) -> None:
    from rich.console import Console  # noqa: PLC0415 - not needed for --json

    from service.cli.drafts_card import report as table  # noqa: PLC0415

    items = tuple(found for found in report.items if found.severity != "info")
    Console().print(table(report.model_copy(update={"items": items}), phrases))


@answers.command()
def rebuild() -> None:
    """Make the search index of all accounts anew from the database, which is the only thing read."""
    settings = settings_for()
    sizes = _rebuilt(settings)
    if sizes is None and not index_is_taken(settings):
        sizes = _rebuilt(settings)  # what was broken is given up by the first try
    if sizes is None:
        raise UnavailableError(_why_not(settings))
    for collection, count in sizes.items():
        click.echo(f"{collection}\t{count} passages")
    click.echo("The index is made anew.", err=True)


def _rebuilt(settings: Settings) -> dict[str, int] | None:
    return with_desk(lambda desk: desk.rebuild_index(), settings, index=True)


def _why_not(settings: Settings) -> str:
    if index_is_taken(settings):
        return (
            f"Another process, such as a running server, holds the index in {settings.data}: stop it, then rebuild. "
            "Nothing was changed."
        )
    if settings.chroma_url:
        return f"No Chroma server could be used at {settings.chroma_url}; see AIGUILLEUR_CHROMA_URL."
    return f"The index in {settings.data} could not be made; is the disk full, or the folder not writable?"
