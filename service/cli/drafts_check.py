"""`aiguilleur drafts check`: a draft, compared with its sources."""

import asyncio
from pathlib import Path

import click
from pydantic import ValidationError

from service.cli.inputs import SPACE, read_message, read_text
from service.cli.options import account_option, opened, settings_for
from service.domain.checked import DraftCheck
from service.domain.draft import Draft
from service.errors import FieldProblem, RefusedError
from service.phrases import Phrases
from service.wiring import Desk


@click.command()
@click.argument("source", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--answers", "named", default="", help="ID[,ID]: what the draft rests on; `account` for its facts.")
@click.option("--message", "received", help="What the customer wrote: .eml, .txt or JSON.")
@click.option("--json", "as_json", is_flag=True, help="Print the draft with its findings as JSON.")
@account_option
@click.pass_context
def check(
    context: click.Context, source: Path, named: str, received: str | None, as_json: bool, account: str | None
) -> None:
    """Compare the draft in FILE with its sources: a Triage, {draft, message, answers}, or text with --answers.

    Exit 1 where a finding is an error.
    """
    asked = _asked(read_text(source), str(source), named, received)
    with opened(settings_for(), ready=False) as desk:
        draft, phrases = asyncio.run(_checked(desk, asked, account))
    _show(draft, phrases, as_json)
    context.exit(int(any(finding.severity == "error" for finding in draft.findings)))


async def _checked(desk: Desk, asked: DraftCheck, named: str | None) -> tuple[Draft, Phrases]:
    account = await desk.account(named or asked.account)
    playbook = await desk.playbooks.active(account)
    return await desk.checking.check(account, asked), desk.phrases(playbook.language)


def _asked(text: str, where: str, named: str, received: str | None) -> DraftCheck:
    """Raises RefusedError where the file is neither JSON of a draft nor text."""
    given: dict[str, object] = {}
    if named:
        given["answers"] = tuple(one.strip() for one in named.split(",") if one.strip())
    if received:
        given["message"] = read_message(received)
    if text.encode().lstrip(SPACE)[:1] != b"{":
        return DraftCheck.model_validate({"draft": text.strip(), **given})
    try:
        return DraftCheck.model_validate_json(text).model_copy(update=given)
    except ValidationError as error:
        problems = tuple(
            FieldProblem(".".join(map(str, mistake["loc"])) or "draft", mistake["msg"])
            for mistake in error.errors(include_url=False)
        )
        raise RefusedError(f"{where}: no draft; give a Triage, or {{draft, message, answers}}.", problems) from error


def _show(draft: Draft, phrases: Phrases, as_json: bool) -> None:
    if as_json:
        click.echo(draft.model_dump_json(indent=2))
        return
    from rich.console import Console  # noqa: PLC0415 - not needed for --json

    from service.cli.drafts_card import card  # noqa: PLC0415

    Console().print(card(draft, phrases))
