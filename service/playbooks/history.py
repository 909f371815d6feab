"""Confirmed messages as lines of JSON: a message's fields, and the results that a person confirmed."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import ValidationError

from service.domain.confirmed import Confirmed
from service.domain.message import CORPUS_NAMES, LABELS
from service.playbooks.mistakes import Mistakes
from service.playbooks.refusals import refuse_errors

_UNREAD = {"note"}


def parse_confirmed(
    lines: Iterable[str], name: str, queues: Iterable[str] = (), language: str = "fr"
) -> tuple[Confirmed, ...]:
    """The confirmed messages in `lines`, blank ones left out; `name` is the file's, for errors.

    Takes corpus lines (message and labels side by side) and dumped `Confirmed` values (`message`
    inside). Raises RefusedError that names line and field of every error, among them an id that
    stands there twice and, where `queues` are given, a queue that is not one of them.
    """
    mistakes = Mistakes(language)
    found = read_confirmed(lines, name, queues, mistakes)
    refuse_errors(mistakes)
    return found


def read_confirmed(lines: Iterable[str], name: str, queues: Iterable[str], mistakes: Mistakes) -> tuple[Confirmed, ...]:
    """As `parse_confirmed`, but notes the errors and gives the messages that can be read."""
    found: list[Confirmed] = []
    first: dict[str, int] = {}
    known = tuple(queues)
    for number, data in _objects(lines, name, mistakes):
        confirmed = _confirmed(data, name, number, mistakes)
        if confirmed is not None:
            found.append(confirmed)
            _check(confirmed, name, number, first, known, mistakes)
    return tuple(found)


def _objects(lines: Iterable[str], name: str, mistakes: Mistakes) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except (ValueError, RecursionError) as error:
            mistakes.error("bad_json", name, number, detail=error)
            continue
        if isinstance(data, dict):
            yield number, data
        else:
            mistakes.error("not_an_object", name, number)


def _confirmed(data: dict[str, Any], name: str, number: int, mistakes: Mistakes) -> Confirmed | None:
    message = data.get("message") if "message" in data else {key: data[key] for key in data.keys() - LABELS}
    labels = {key: data[key] for key in data.keys() & (LABELS - _UNREAD)}
    strangers = data.keys() - LABELS - {"message"} if "message" in data else ()
    try:
        return Confirmed.model_validate({"message": message, **labels, **{key: data[key] for key in strangers}})
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            mistakes.error("bad_line", name, number, field=_field(detail["loc"]), detail=detail["msg"])
        return None


def _field(loc: tuple[int | str, ...]) -> str:
    """The field's name as a corpus line has it."""
    corpus = {ours: theirs for theirs, ours in CORPUS_NAMES.items()}
    return ".".join(corpus.get(str(part), str(part)) for part in loc if part != "message") or "message"


def _check(
    confirmed: Confirmed, name: str, number: int, first: dict[str, int], queues: tuple[str, ...], mistakes: Mistakes
) -> None:
    message_id = confirmed.message.external_id
    if message_id is None:
        mistakes.error("bad_line", name, number, field="id", detail=mistakes.sentence("no_id"))
    elif message_id in first:
        mistakes.error("duplicate_id", name, number, id=message_id, other=f"{name}:{first[message_id]}")
    else:
        first[message_id] = number
    for queue in (confirmed.queue, *confirmed.secondary):
        if queues and queue not in queues:
            mistakes.error("unknown_queue", name, number, found=queue, hint=mistakes.suggestion(queue, queues))
