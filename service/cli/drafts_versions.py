"""`aiguilleur drafts list|regenerate|save`: the versions of a message's draft."""

from collections.abc import Sequence
from pathlib import Path

import click

from service.cli.inputs import read_text
from service.cli.options import with_desk
from service.desk.drafts.versions import Wanted
from service.domain.version import DraftVersion, DraftVersions
from service.pipeline.redraft.keeping import Given, blocks

message_argument = click.argument("message_id", metavar="ID")
by_option = click.option("--by", default="cli", show_default=True, help="The advisor who says so.")
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document.")
source = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)


@click.command("list")
@message_argument
@json_option
def list_(message_id: str, as_json: bool) -> None:
    """Print every version of the draft of message ID, oldest first; 0 is the triage's."""
    found = with_desk(lambda desk: desk.drafts.list(message_id))
    if as_json:
        click.echo(DraftVersions(items=tuple(found)).model_dump_json(indent=2))
    else:
        _print(found)


@click.command()
@message_argument
@click.option("--wish", default="", help='What to do otherwise, such as "plus court".')
@click.option("--keep", type=source, help="The text as you have it now (- for standard input).")
@click.option("--version", type=click.IntRange(min=0), help="The version that you started from, else the last.")
@by_option
@json_option
def regenerate(message_id: str, wish: str, keep: Path | None, version: int | None, by: str, as_json: bool) -> None:
    """Make another draft of message ID. Without a model, known wishes are granted by rule."""
    wanted = Wanted(by, wish.strip(), _given(keep) if keep else None, version)
    _show(with_desk(lambda desk: desk.drafts.regenerate(message_id, wanted)), as_json)


@click.command()
@message_argument
@click.argument("text", type=source)
@click.option("--version", type=click.IntRange(min=0), required=True, help="The version that you started from.")
@by_option
@json_option
def save(message_id: str, text: Path, version: int, by: str, as_json: bool) -> None:
    """Save TEXT (a file, or - for standard input) as a version of the draft of message ID."""
    wanted = Wanted(by, "", _given(text), version)
    _show(with_desk(lambda desk: desk.drafts.save(message_id, wanted)), as_json)


def _given(path: Path) -> tuple[Given, ...]:
    return tuple(blocks(read_text(path)))


def _show(version: DraftVersion, as_json: bool) -> None:
    if as_json:
        click.echo(version.model_dump_json(indent=2))
        return
    click.echo(version.draft.body)
    click.echo(f"Version {version.number}, from {version.base}; {len(version.locked)} paragraph(s) kept.", err=True)
    for finding in version.draft.findings:
        click.echo(f"{finding.severity}: {' '.join(finding.text.split())}: {finding.detail}", err=True)


def _print(versions: Sequence[DraftVersion]) -> None:
    for one in versions:
        said = " ".join(one.wish.split())
        click.echo(f"{one.number}\t{one.origin}\t{one.by}\t{one.at:%Y-%m-%d %H:%M}\t{said}".rstrip())
    if not versions:
        click.echo("No draft was made.", err=True)
