"""What must hold of `situations.yaml` and of the hours in which calls are proposed."""

from collections.abc import Iterator, Sequence
from typing import Any

from service.domain.situation import FACT, SLOTS, Calls, Situation, minutes
from service.playbooks.mistakes import Mistakes
from service.playbooks.sheets import SITUATIONS, Account, Sheet, Sheets


def check_situations(sheets: Sheets, mistakes: Mistakes) -> None:
    if sheets.account and sheets.account.part.calls:
        _check_calls(sheets.account, sheets.account.part.calls, mistakes)
    order = [sheet.part.id for sheet in sheets.situations]
    for at, sheet in enumerate(sheets.situations):
        situation = sheet.part
        if situation.id in order[:at]:
            other = f"{SITUATIONS}:{sheets.situations[order.index(situation.id)].line('id')}"
            mistakes.error("duplicate_id", SITUATIONS, sheet.line("id"), id=situation.id, other=other)
        if not situation.queues and not situation.flags:
            mistakes.error("situation_never", SITUATIONS, sheet.line("id"), id=situation.id)
        flags = tuple(flag.part.id for flag in sheets.flags)
        _check_named("queues", situation.queues, sheets.queue_ids, "unknown_queue", sheet, mistakes)
        _check_named("flags", situation.flags, flags, "unknown_flag", sheet, mistakes)
        _check_named("replaces", situation.replaces, tuple(order[at + 1 :]), "unknown_situation", sheet, mistakes)
        _check_texts(sheet, sheets, mistakes)


def check_offers(sheets: Sheets, answers: Sequence[str], mistakes: Mistakes) -> None:
    """That the canned answers with what is offered to keep a customer exist."""
    for sheet in sheets.situations:
        _check_named("offers", sheet.part.offers, tuple(answers), "unknown_answer", sheet, mistakes)


def _check_named(
    field: str, named: Sequence[str], known: tuple[str, ...], code: str, sheet: Sheet[Situation], mistakes: Mistakes
) -> None:
    for at, name in enumerate(named):
        if name not in known:
            hint = mistakes.suggestion(name, known)
            mistakes.error(code, SITUATIONS, sheet.line(field, at), found=name, hint=hint)


def _check_calls(sheet: Sheet[Account], calls: Calls, mistakes: Mistakes) -> None:
    opened = [minutes(hours) for each in calls.hours.values() for hours in each]
    for at, proposed in enumerate(calls.proposed):
        start, end = minutes(proposed)
        if not any(first <= start and end <= last for first, last in opened):
            line = sheet.line("calls", "proposed", at)
            mistakes.error("call_outside_hours", sheet.document.file, line, found=proposed)


def _check_texts(sheet: Sheet[Situation], sheets: Sheets, mistakes: Mistakes) -> None:
    account = sheets.account.part if sheets.account else None
    for at, addition in enumerate(sheet.part.add):
        line = sheet.line("add", at, "text")
        if account and account.language not in addition.text:
            mistakes.warning("not_in_own_language", SITUATIONS, line, language=account.language)
        for language in {**addition.text, **addition.instead}:
            for text in addition.ways(language):
                for path in _unknown_facts(text, sheets.facts):
                    mistakes.error("unknown_fact", SITUATIONS, line, found=path)
                for name in SLOTS:
                    if account and not account.calls and f"{{{name}}}" in text:
                        mistakes.error("no_calls", SITUATIONS, line, found=name)


def _unknown_facts(text: str, facts: dict[str, Any]) -> Iterator[str]:
    for found in FACT.finditer(text):
        fact: Any = facts
        for name in found[1].split(".")[1:]:
            fact = fact.get(name) if isinstance(fact, dict) else None
        if isinstance(fact, bool) or not isinstance(fact, str | int | float):
            yield found[1].removeprefix(".")
