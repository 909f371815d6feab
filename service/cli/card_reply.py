"""The part of the card about the reply: the asks, the draft with numbered paragraphs, and what to look at in it."""

from collections.abc import Iterator
from itertools import groupby

from rich.table import Table
from rich.text import Text

from service.cli.plain import excerpt, harmless
from service.domain.ask import Ask
from service.domain.draft import Draft, Finding
from service.domain.playbook import Playbook
from service.phrases import Phrases


def asks(listed: tuple[Ask, ...], drafted: bool, labels: dict[str, str], phrases: Phrases) -> str:
    """Each ask on its line, with the paragraphs that answer it, or why none does."""
    return "\n".join(_ask(one, drafted, labels, phrases) for one in listed)


def _ask(ask: Ask, drafted: bool, labels: dict[str, str], phrases: Phrases) -> str:
    said = phrases("card.ask", text=excerpt(ask.text), queue=labels.get(ask.queue, ask.queue))
    if not drafted or ask.uncovered_reason:
        return f"{said} → {ask.uncovered_reason}" if drafted else said
    numbers = ", ".join(str(place + 1) for place in ask.answered_by)
    return f"{said} → {phrases('card.answered', numbers=numbers)}"


def situations(draft: Draft, playbook: Playbook) -> str:
    labels = {one.id: one.label for one in playbook.situations}
    return " · ".join(labels.get(one, one) for one in draft.situations)


def body(draft: Draft) -> Table:
    """Paragraph by paragraph, numbered as asks and findings name them."""
    table = Table.grid(padding=(0, 1, 1, 0))
    table.add_column(style="dim", justify="right")
    table.add_column(overflow="fold")
    for number, part in enumerate(draft.paragraphs, start=1):
        table.add_row(str(number), Text(harmless(part.text)))
    return table


def findings(draft: Draft, phrases: Phrases) -> str:
    """Each at its place, with why; what is said of several that follow each other once, below the last."""
    told = []
    for detail, group in groupby(draft.findings, key=lambda one: one.detail):
        places = [_place(one, draft, phrases) for one in group]
        told.append("\n".join([*places, detail]) if len(places) > 1 else " ".join(filter(None, [*places, detail])))
    return "\n".join(told)


def _place(finding: Finding, draft: Draft, phrases: Phrases) -> str:
    place = next((number for number, start, end in _places(draft) if start <= finding.start < end), None)
    where = phrases("card.place", number=place) if place and finding.end > finding.start else ""
    said = f"« {excerpt(finding.text)} »" if finding.text else ""
    return " ".join(part for part in (where, said) if part)


def _places(draft: Draft) -> Iterator[tuple[int, int, int]]:
    """Number, beginning and end of each paragraph in the body."""
    at = 0
    for number, part in enumerate(draft.paragraphs, start=1):
        yield number, at, at + len(part.text)
        at += len(part.text) + 2
