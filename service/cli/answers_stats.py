"""`aiguilleur answers stats`: what became of each canned answer's words in the replies that were sent."""

import asyncio
import sys

import click
from rich.console import Console
from rich.table import Table

from service.cli.options import account_option, opened, settings_for
from service.domain.answer_stats import AnswerStats, AnswerStatsList
from service.phrases import Phrases
from service.wiring import Desk

COLUMNS = ("answer", "drafts", "sent", "kept", "edited", "rewritten", "dropped", "words", "back", "edit")
LONGEST = 70
WIDTH = 200
"""Of a table that no terminal shows."""


@click.command()
@account_option
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def stats(account: str | None, as_json: bool) -> None:
    """Print how often each answer is used, kept, edited or dropped, what is usually changed in it, and how often
    customers came back."""

    async def found(desk: Desk) -> tuple[AnswerStatsList, str]:
        named = await desk.account(account)
        playbook = await desk.playbooks.active(named)
        return await desk.answer_stats.all(named), playbook.language

    with opened(settings_for(), ready=False) as desk:
        listed, language = asyncio.run(found(desk))
        if as_json:
            click.echo(listed.model_dump_json(indent=2))
        else:
            Console(width=None if sys.stdout.isatty() else WIDTH).print(_table(listed, desk.phrases(language)))


def _table(listed: AnswerStatsList, phrases: Phrases) -> Table:
    table = Table(show_edge=False)
    for name in COLUMNS:
        table.add_column(phrases(f"answers.stats.{name}", hours=listed.window_hours), no_wrap=name == "answer")
    for one in listed.items:
        table.add_row(*_cells(one))
    return table


def _cells(one: AnswerStats) -> list[str]:
    words = f"{one.kept_words:.0%}" if one.kept_words is not None else ""
    first = one.edits[0] if one.edits else None
    edit = f"{first.times}× « {_cut(first.before)} » → « {_cut(first.after)} »" if first else ""
    numbers = (one.drafts, one.sent, one.kept, one.edited, one.rewritten, one.dropped)
    return [one.answer, *map(str, numbers), words, str(one.came_back), edit]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
