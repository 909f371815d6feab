"""What must hold between the parts of a playbook, each part being well formed in itself."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo, available_timezones

from service.domain.playbook import Flag, Queue
from service.playbooks.expressions import Expression, parse_expression
from service.playbooks.keyword_blocks import Placed
from service.playbooks.markers import check_markers
from service.playbooks.mistakes import Mistakes
from service.playbooks.patterns import is_endless
from service.playbooks.sheets import PRECEDENCE, Account, Sheet, Sheets
from service.playbooks.situations import check_situations
from service.settings import PROMPTS
from service.yaml_file import read_yaml

STRONG = 3.0
"""From this weight on a keyword decides alone, which it cannot do for two queues."""

_KIND = re.compile(r"[A-Z]+(?:_[A-Z]+)*")


def check_rules(sheets: Sheets, mistakes: Mistakes) -> None:
    if sheets.account:
        _check_account(sheets.account, mistakes)
    _check_queues(sheets.queues, mistakes)
    _check_precedence(sheets, mistakes)
    _check_flags(sheets.flags, mistakes)
    check_situations(sheets, mistakes)
    for file in sheets.examples:
        _check_examples(file, sheets, mistakes)
    language = sheets.account.part.language if sheets.account else "fr"
    own = sheets.account.part.identifiers if sheets.account else {}
    for queue in sheets.queues:
        _check_keywords(queue.keywords, queue.document.file, language, mistakes)
        check_markers(queue.keywords, queue.document.file, own, mistakes)
    for flag in sheets.flags:
        _check_keywords(flag.keywords, flag.document.file, language, mistakes)
        check_markers(flag.keywords, flag.document.file, own, mistakes)
    _check_strong(sheets.queues, language, mistakes)


def _check_account(sheet: Sheet[Account], mistakes: Mistakes) -> None:
    file, account = sheet.document.file, sheet.part
    try:
        ZoneInfo(account.timezone)
    except (ValueError, OSError, KeyError):
        hint = mistakes.suggestion(account.timezone, tuple(sorted(available_timezones())), listed=False)
        mistakes.error("unknown_timezone", file, sheet.line("timezone"), found=account.timezone, hint=hint)
    if not account.tone.instructions:
        mistakes.error("no_instructions", file, sheet.line("tone", "instructions"))
    for kind, pattern in account.identifiers.items():
        _check_identifier(kind, pattern, sheet, mistakes)
    for name, text in account.texts.items():
        if name not in prompt_texts():
            hint = mistakes.suggestion(name, prompt_texts())
            mistakes.error("unknown_text", file, sheet.line("texts", name), found=name, hint=hint)
        if not text.strip():
            mistakes.error("empty_field", file, sheet.line("texts", name), field=f"texts.{name}")
    _check_bursts(sheet, mistakes)
    _check_history(sheet, mistakes)


def _check_history(sheet: Sheet[Account], mistakes: Mistakes) -> None:
    for name, pattern in sheet.part.history.model_dump().items():
        if is_endless(pattern):
            line = sheet.line("history", name)
            mistakes.error("regex_endless", sheet.document.file, line, field=f"history.{name}")


def _check_bursts(sheet: Sheet[Account], mistakes: Mistakes) -> None:
    known = tuple(sheet.part.identifiers)
    for at, kind in enumerate(sheet.part.bursts.numbers):
        if kind not in known:
            line, hint = sheet.line("bursts", "numbers", at), mistakes.suggestion(kind, known)
            mistakes.error("unknown_number", sheet.document.file, line, found=kind, hint=hint)


@lru_cache(maxsize=1)
def prompt_texts() -> tuple[str, ...]:
    """Names of the prompt texts that an account may replace: `<file>.<field>` of `prompts/texts`."""
    return tuple(
        f"{path.stem}.{name}" for path in sorted((PROMPTS / "texts").glob("*.yaml")) for name in read_yaml(path)
    )


def _check_identifier(kind: str, pattern: str, sheet: Sheet[Account], mistakes: Mistakes) -> None:
    file, line = sheet.document.file, sheet.line("identifiers", kind)
    if not _KIND.fullmatch(kind):
        mistakes.error("bad_kind", file, line, found=kind)
    try:
        if re.compile(pattern).search(""):
            mistakes.error("regex_matches_nothing", file, line, field=kind)
        elif is_endless(pattern):
            mistakes.error("regex_endless", file, line, field=kind)
    except (re.error, OverflowError, RecursionError) as error:
        mistakes.error("bad_regex", file, line, field=kind, detail=error)


def _check_queues(queues: list[Sheet[Queue]], mistakes: Mistakes) -> None:
    first: dict[str, str] = {}
    for sheet in queues:
        file, queue = sheet.document.file, sheet.part
        if file != f"queues/{queue.id}.yaml":
            mistakes.error("id_is_not_file_name", file, sheet.line("id"), id=queue.id)
        if queue.id in first:
            mistakes.error("duplicate_id", file, sheet.line("id"), id=queue.id, other=first[queue.id])
        first.setdefault(queue.id, f"{file}:{sheet.line('id')}")
        if not queue.instructions:
            mistakes.error("no_instructions", file, sheet.line("instructions"))


def _check_examples(file: str, sheets: Sheets, mistakes: Mistakes) -> None:
    """They are of a queue of the account; tags name other queues, and flags."""
    own, flags = PurePosixPath(file).stem, tuple(flag.part.id for flag in sheets.flags)
    if own not in sheets.queue_ids:
        hint = mistakes.suggestion(own, sheets.queue_ids)
        mistakes.error("unknown_queue", file, 1, found=own, hint=hint)
    for line, example in sheets.examples[file]:
        for name in example.secondary:
            if name not in sheets.queue_ids:
                hint = mistakes.suggestion(name, sheets.queue_ids)
                mistakes.error("unknown_queue", file, line, found=name, hint=hint)
            elif name == own:
                mistakes.error("tag_of_own_queue", file, line, found=name)
        for name in example.flags or ():
            if name not in flags:
                hint = mistakes.suggestion(name, flags)
                mistakes.error("unknown_flag", file, line, found=name, hint=hint)


def _check_flags(flags: list[Sheet[Flag]], mistakes: Mistakes) -> None:
    first: dict[str, int] = {}
    for sheet in flags:
        file, line = sheet.document.file, sheet.line("id")
        if sheet.part.id in first:
            mistakes.error("duplicate_id", file, line, id=sheet.part.id, other=f"{file}:{first[sheet.part.id]}")
        first.setdefault(sheet.part.id, line)


def _check_precedence(sheets: Sheets, mistakes: Mistakes) -> None:
    beaten: dict[tuple[str, str], int] = {}
    for sheet in sheets.precedence:
        winner, over = sheet.part.winner, sheet.part.over
        named = [(winner, sheet.line("winner"))] if winner else []
        named += [(name, sheet.line("over", at)) for at, name in enumerate(over) if name != "*"]
        for name, line in named:
            if name not in sheets.queue_ids:
                hint = mistakes.suggestion(name, sheets.queue_ids)
                mistakes.error("unknown_queue", PRECEDENCE, line, found=name, hint=hint)
        if bool(winner) != bool(over):
            mistakes.error("winner_and_over", PRECEDENCE, sheet.line())
        for at, loser in enumerate(over):
            _check_victory(winner or "", loser, sheet.line("over", at), beaten, mistakes)


def _check_victory(winner: str, loser: str, line: int, beaten: dict[tuple[str, str], int], mistakes: Mistakes) -> None:
    if winner == loser:
        mistakes.error("wins_over_itself", PRECEDENCE, line, id=winner)
    elif (loser, winner) in beaten:
        other = beaten[loser, winner]
        mistakes.warning("precedence_opposed", PRECEDENCE, line, winner=winner, loser=loser, other=other)
    beaten.setdefault((winner, loser), line)


def _check_keywords(keywords: Iterable[Placed], file: str, language: str, mistakes: Mistakes) -> None:
    """Within one queue or flag: nothing twice, and nothing both for and against."""
    first: dict[object, tuple[int, Expression, float]] = {}
    for line, keyword in keywords:
        expression = parse_expression(keyword.expression)
        meaning = expression.meaning(language)
        if expression.is_void(language):
            mistakes.error("excludes_itself", file, line, line=keyword.expression, shown=keyword.expression)
        if meaning not in first:
            first[meaning] = (line, expression, keyword.weight)
            continue
        before, other, weight = first[meaning]
        values = {"shown": keyword.expression, "other": before}
        if weight * keyword.weight < 0:
            mistakes.error("keyword_contradicts", file, line, **values)
        elif expression.meaning() == other.meaning() and weight != keyword.weight:
            mistakes.error("keyword_two_weights", file, line, **values)
        elif expression.meaning() == other.meaning():
            mistakes.warning("keyword_twice", file, line, **values)
        else:
            mistakes.warning("keyword_inflected", file, line, **values)


def _check_strong(queues: list[Sheet[Queue]], language: str, mistakes: Mistakes) -> None:
    """Between queues: no expression decides alone for two of them."""
    placed: dict[object, list[tuple[str, int, str]]] = defaultdict(list)
    for sheet in queues:
        for line, keyword in sheet.keywords:
            if keyword.weight >= STRONG:
                meaning = parse_expression(keyword.expression).meaning(language)
                placed[meaning].append((sheet.document.file, line, keyword.expression))
    for (first, first_line, _), *others in placed.values():
        for file, line, shown in others:
            if file != first:
                mistakes.warning("keyword_strong_twice", file, line, shown=shown, other=f"{first}:{first_line}")
