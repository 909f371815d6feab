"""The card that an advisor reads: what was decided, why, and the draft."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from service.cli.card_reply import asks, body, findings, situations
from service.cli.plain import excerpt, harmless
from service.domain.attachment import AttachmentRead
from service.domain.draft import Draft
from service.domain.playbook import Playbook
from service.domain.triage import Triage
from service.phrases import Phrases

GUESSES = 3
EVIDENCE = 4


def card(triage: Triage, playbook: Playbook, phrases: Phrases) -> RenderableType:
    """Everything an advisor needs of one triage, in his language. Holds personal data: for his screen only."""
    labels = {queue.id: queue.label for queue in playbook.queues}
    rows = _rows({name: text for name, text in _lines(triage, labels, phrases) if text})
    style = "green" if triage.outcome == "routed" else "yellow"
    return Panel(
        Group(rows, Text(), _reply(triage, playbook, labels, phrases)),
        title=Text(_title(triage, phrases), style="bold"),
        subtitle=Text(_footer(triage, phrases), style="dim"),
        border_style=style,
        padding=(1, 2),
    )


def _title(triage: Triage, phrases: Phrases) -> str:
    queue = triage.queue
    if queue is None:
        known = f"card.abstained_{triage.outcome_reason}"
        return phrases(known if known in phrases else "card.abstained")
    return phrases("card.routed", label=queue.label, level=queue.level, sla=queue.sla_hours)


def _lines(triage: Triage, labels: dict[str, str], phrases: Phrases) -> Iterator[tuple[str, str]]:
    yield phrases("card.confidence"), _percent(triage.confidence, phrases)
    yield phrases("card.why"), triage.reason
    guesses = [
        f"{labels.get(a.queue, a.queue)} {_percent(a.probability, phrases)}" for a in triage.alternatives[:GUESSES]
    ]
    yield phrases("card.guesses"), " · ".join(guesses)
    besides = triage.secondary if len(triage.asks) != 1 else ()
    yield phrases("card.also"), " · ".join(labels.get(queue, queue) for queue in besides)
    yield phrases("card.flags"), " · ".join(_named("flag", flag, phrases) for flag in triage.flags)
    found = [f"{phrases(f'card.kind.{e.kind}')} « {excerpt(e.text)} »" for e in triage.evidence[:EVIDENCE]]
    yield phrases("card.evidence"), "\n".join(found)
    yield phrases("attachments.card.title"), "\n".join(_attachment(one, phrases) for one in triage.attachments)
    notes = [note for note in triage.notes if not (triage.attachments and note.startswith("attachment_"))]
    yield phrases("card.notes"), "\n".join(_named("note", note, phrases) for note in notes)


def _percent(share: float, phrases: Phrases) -> str:
    """As the reason says it: what is not certain is no hundred per cent."""
    return phrases("card.percent", n=100 if share >= 1 else min(99, round(100 * share)))


def _attachment(one: AttachmentRead, phrases: Phrases) -> str:
    name = one.filename or phrases("attachments.card.unnamed")
    kind = "unread" if not one.read else "read_pages" if one.pages else "read"
    said = phrases(f"attachments.card.{kind}", file=name, pages=one.pages or 0, characters=one.characters)
    return f"{said}. {one.detail}" if one.detail else f"{said}."


def _named(kind: str, code: str, phrases: Phrases) -> str:
    """In words, where the phrases have them; an account's own flags stand as they are."""
    name = f"card.{kind}.{code}"
    return phrases(name) if name in phrases else code


def _rows(lines: dict[str, str]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in lines.items():
        table.add_row(name, Text(harmless(text)))
    return table


def _reply(triage: Triage, playbook: Playbook, labels: dict[str, str], phrases: Phrases) -> RenderableType:
    listed = asks(triage.asks, triage.draft is not None, labels, phrases)
    asked = {phrases("card.asks"): listed} if listed else {}
    if triage.draft is None:
        line = f"{phrases('card.no_draft')} : {triage.no_draft_reason or ''}"
        return Group(_rows(asked), Text(line, style="italic"))
    notes = {name: text for name, text in _notes(triage.draft, playbook, phrases) if text}
    panel = Panel(body(triage.draft), title=Text(phrases("card.draft")), title_align="left", border_style="dim")
    return Group(panel, _rows(asked | notes))


def _notes(draft: Draft, playbook: Playbook, phrases: Phrases) -> Iterator[tuple[str, str]]:
    yield phrases("card.situations"), situations(draft, playbook)
    yield phrases("card.subject"), draft.subject
    yield phrases("card.sources"), ", ".join(draft.answers)
    yield phrases("card.to_fill"), ", ".join(f"{{{name}}}" for name in draft.placeholders_left)
    yield phrases("card.findings"), findings(draft, phrases)


def _footer(triage: Triage, phrases: Phrases) -> str:
    footer = phrases(
        "card.footer", engine=triage.engine, duration=round(triage.duration_ms), playbook=triage.playbook_version
    )
    used = triage.usage
    if not used.calls:
        return footer
    tokens = used.prompt_tokens + used.completion_tokens
    return f"{footer} · {phrases('card.cost', model=used.model, calls=used.calls, tokens=tokens)}"
