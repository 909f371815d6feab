"""The findings of a draft, and those of a library, as tables that a person reads."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from service.cli.plain import harmless
from service.domain.draft import Draft
from service.domain.linted import LintReport
from service.phrases import Phrases

_STYLES = {"error": "red", "warning": "yellow", "info": "dim"}


def card(draft: Draft, phrases: Phrases) -> RenderableType:
    """Place, words, reason and nearest passage of each finding. Holds personal data: for an advisor's screen only."""
    if not draft.findings:
        return Text(phrases("check.card.none"), style="green")
    table = _table([phrases(f"check.card.{name}") for name in ("place", "text", "why", "nearest")])
    for found in draft.findings:
        nearest = f"{found.nearest} ({found.source})" if found.nearest else ""
        row = (f"{found.start}-{found.end}", found.text, _reason(found.detail, found.nearest, phrases), nearest)
        table.add_row(*(Text(harmless(cell)) for cell in row), style=_STYLES[found.severity])
    return Group(Text(phrases("check.card.count", count=len(draft.findings)), style="bold"), table)


def report(linted: LintReport, phrases: Phrases) -> RenderableType:
    """What is to be looked at in a library, as it stands in its order."""
    if not linted.items:
        return Text(phrases("lint.none"), style="green")
    table = _table([phrases(f"lint.columns.{name}") for name in ("answer", "text", "why", "cure")])
    for found in linted.items:
        row = (found.answer or "-", found.text, found.why, found.cure)
        table.add_row(*(Text(harmless(cell)) for cell in row), style=_STYLES[found.severity])
    return Group(Text(phrases("lint.title", count=len(linted.items), answers=linted.answers), style="bold"), table)


def _table(columns: Sequence[str]) -> Table:
    table = Table(show_lines=True)
    for name in columns:
        table.add_column(name, overflow="fold")
    return table


def _reason(detail: str, nearest: str | None, phrases: Phrases) -> str:
    """Without the nearest passage, which has a column of its own."""
    told = phrases("check.nearest", nearest=nearest) if nearest else ""
    return detail.removesuffix(told).strip()
