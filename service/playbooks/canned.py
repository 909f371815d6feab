"""Canned answers as a YAML document: `answers:` and a list of them."""

import re
from collections.abc import Iterable
from typing import Any

from service.domain.answers import CannedAnswer
from service.playbooks.documents import Document, read_document
from service.playbooks.mistakes import Mistakes
from service.playbooks.refusals import refuse_errors
from service.playbooks.shapes import shaped
from service.playbooks.sheets import ANSWERS

_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")


def parse_answers(text: str, queues: Iterable[str] = (), language: str = "fr") -> tuple[CannedAnswer, ...]:
    """The canned answers in `text`, in its order.

    Raises RefusedError that names line and cure of every error. `queues`: the ids that an answer
    may name; where none are given, that is not checked.
    """
    mistakes = Mistakes(language)
    answers = check_answers(text, mistakes, tuple(queues))
    refuse_errors(mistakes)
    return answers


def check_answers(text: str, mistakes: Mistakes, queues: tuple[str, ...]) -> tuple[CannedAnswer, ...]:
    """The well-formed answers in `text`; every mistake is noted."""
    document = read_document(ANSWERS, text, mistakes)
    found: list[CannedAnswer] = []
    first: dict[str, int] = {}
    for at, entry in enumerate(_entries(document, mistakes)):
        answer = shaped(CannedAnswer, entry, document, ("answers", at), mistakes)
        if answer is not None:
            _check_answer(answer, document, at, queues, mistakes)
            _check_unique(answer.id, document.line(("answers", at, "id")), first, mistakes)
            found.append(answer)
    return tuple(found)


def _entries(document: Document, mistakes: Mistakes) -> list[Any]:
    if document.data is None:
        return []
    entries = document.data.get("answers") if isinstance(document.data, dict) else None
    if not isinstance(entries, list):
        mistakes.error("no_answers", ANSWERS, 1)
        return []
    for name in document.data.keys() - {"answers"}:
        hint = mistakes.suggestion(name, ("answers",))
        mistakes.error("unknown_field", ANSWERS, document.line((name,)), field=name, hint=hint)
    return entries


def _check_answer(
    answer: CannedAnswer, document: Document, at: int, queues: tuple[str, ...], mistakes: Mistakes
) -> None:
    if queues and answer.queue not in queues:
        hint = mistakes.suggestion(answer.queue, queues)
        mistakes.error("unknown_queue", ANSWERS, document.line(("answers", at, "queue")), found=answer.queue, hint=hint)
    if answer.valid_from and answer.valid_until and answer.valid_from > answer.valid_until:
        mistakes.error("never_valid", ANSWERS, document.line(("answers", at, "valid_until")), id=answer.id)
    _check_placeholders(answer, document, at, mistakes)


def _check_placeholders(answer: CannedAnswer, document: Document, at: int, mistakes: Mistakes) -> None:
    used: dict[str, int] = {}
    body = document.data["answers"][at]["body"]
    for line, text in document.text_lines(("answers", at, "body"), body):
        for found in _PLACEHOLDER.finditer(text):
            used.setdefault(found.group(1), line)
        if re.search(r"[{}]", _PLACEHOLDER.sub("", text)):
            mistakes.error("brace_alone", ANSWERS, line, id=answer.id)
    for name, line in used.items():
        if name not in answer.placeholders:
            mistakes.error("undeclared_placeholder", ANSWERS, line, id=answer.id, name=name)
    for name in answer.placeholders:
        if name not in used:
            line = document.line(("answers", at, "placeholders"))
            mistakes.warning("unused_placeholder", ANSWERS, line, id=answer.id, name=name)


def _check_unique(answer_id: str, line: int, first: dict[str, int], mistakes: Mistakes) -> None:
    if answer_id in first:
        mistakes.error("duplicate_id", ANSWERS, line, id=answer_id, other=f"{ANSWERS}:{first[answer_id]}")
    first.setdefault(answer_id, line)
