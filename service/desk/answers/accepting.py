"""An accepted suggestion about canned answers, written into the library."""

from collections.abc import Sequence
from datetime import datetime

from service.desk.answers.library import keep_answers
from service.desk.answers.wording import with_edit
from service.domain.answers import PLACEHOLDER, CannedAnswer
from service.domain.suggestion import Suggestion
from service.errors import ConflictError, FieldProblem, RefusedError
from service.pipeline.clean.language import language_of
from service.storage import answers
from service.storage.database import Transaction

WRITTEN = frozenset({"answer", "answer_edit"})
"""Kinds that an accepted one changes the library by; the others are only seen to."""
TITLE_CHARS = 80


def write_answer(transaction: Transaction, account: str, suggestion: Suggestion, by: str, now: datetime) -> str:
    """The id of the new or changed answer. Raises RefusedError where no words were proposed, ConflictError where the
    answer is another one by now."""
    if not suggestion.body:
        problem = FieldProblem("decision", "change the answer by hand (`aiguilleur answers export`), then refuse this")
        raise RefusedError("The changed sentence has no place in the answer, so there is nothing to write.", (problem,))
    library = answers.library(transaction, account)
    changed = _with_new(library, suggestion) if suggestion.kind == "answer" else _with_edit(library, suggestion)
    keep_answers(transaction, account, changed, by, now)
    return suggestion.answers[0] if suggestion.answers else new_id_of(suggestion)


def new_id_of(suggestion: Suggestion) -> str:
    """What a new answer is called until somebody names it."""
    return f"{suggestion.queue[:40]}_{suggestion.id.rpartition('-')[2]}"


def _with_new(library: Sequence[CannedAnswer], suggestion: Suggestion) -> list[CannedAnswer]:
    new_id = new_id_of(suggestion)
    first = suggestion.body.split("\n\n")[1] if "\n\n" in suggestion.body else suggestion.body
    new = CannedAnswer(
        id=new_id,
        queue=suggestion.queue,
        title=" ".join(first.split())[:TITLE_CHARS],
        situation=" ".join(first.split()),
        language=language_of(suggestion.body),
        body=suggestion.body,
        placeholders=_placeholders(suggestion.body),
    )
    return [*(answer for answer in library if answer.id != new_id), new]


def _with_edit(library: Sequence[CannedAnswer], suggestion: Suggestion) -> list[CannedAnswer]:
    (answer_id,) = suggestion.answers
    before, after = suggestion.sentences
    old = next((answer for answer in library if answer.id == answer_id), None)
    if old is None or with_edit(old.body, before, after) != suggestion.body:
        problem = FieldProblem("id", "make the suggestions anew")
        raise ConflictError("The canned answer is another one by now.", (problem,))
    facts = tuple(fact for fact in old.facts if fact in suggestion.body)
    said = {"body": suggestion.body, "placeholders": _placeholders(suggestion.body), "facts": facts}
    return [old.model_copy(update=said) if answer.id == answer_id else answer for answer in library]


def _placeholders(body: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found[1] for found in PLACEHOLDER.finditer(body)))
