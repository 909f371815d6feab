"""A canned answer as a person types it into a form, made the value that the library holds."""

import re
from collections.abc import Collection
from datetime import date
from typing import get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from service.domain.answers import PLACEHOLDER, Audience, CannedAnswer
from service.errors import FieldProblem, RefusedError
from service.pipeline.redact.words import fold

LONGEST_TITLE, LONGEST_SITUATION, LONGEST_BODY = 200, 1_000, 20_000
LONGEST_ID = 60
MOST_FACTS = 100

_NOT_ID = re.compile(r"[^a-z0-9]+")


class TypedAnswer(BaseModel):
    """The form's fields as they came. Days are ISO dates or empty; `facts` one a line; an empty `id` is made of the
    title."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = ""
    queue: str = ""
    title: str = ""
    situation: str = ""
    language: str = "fr"
    audience: str = "member"
    body: str = ""
    facts: str = ""
    valid_from: str = ""
    valid_until: str = ""


def typed_of(answer: CannedAnswer) -> TypedAnswer:
    """The fields of a form that shows the answer."""
    said = answer.model_dump(mode="json", include=set(TypedAnswer.model_fields) - {"facts"})
    days = {name: said[name] or "" for name in ("valid_from", "valid_until")}
    return TypedAnswer(**{**said, **days}, facts="\n".join(answer.facts))


def answer_of(typed: TypedAnswer, queues: Collection[str]) -> CannedAnswer:
    """Raises RefusedError that names every mistake."""
    body = "\n".join(line.rstrip() for line in typed.body.replace("\r\n", "\n").strip().split("\n"))
    days = {name: _day(getattr(typed, name)) for name in ("valid_from", "valid_until")}
    problems = _problems(typed, body, days, queues)
    if problems:
        raise RefusedError("The canned answer cannot be kept as it stands.", tuple(problems))
    facts = [" ".join(line.split()) for line in typed.facts.split("\n")]
    try:
        return CannedAnswer.model_validate(
            {
                "id": typed.id.strip() or id_of(typed.title),
                **{name: " ".join(getattr(typed, name).split()) for name in ("title", "situation")},
                **{name: getattr(typed, name) for name in ("queue", "language", "audience")},
                "body": body,
                "placeholders": tuple(dict.fromkeys(found[1] for found in PLACEHOLDER.finditer(body))),
                "facts": tuple(dict.fromkeys(filter(None, facts))),
                **days,
            }
        )
    except ValidationError as error:
        wrong = FieldProblem("id", "give small letters, digits, - and _, a letter first", "answer_id")
        raise RefusedError("The canned answer cannot be kept as it stands.", (wrong,)) from error


def id_of(title: str) -> str:
    """What an answer is called whose author did not say."""
    words = _NOT_ID.sub("_", fold(title)).strip("_")[:LONGEST_ID].strip("_")
    return words if words[:1].isalpha() else f"reponse_{words}"[:LONGEST_ID].strip("_")


def _problems(
    typed: TypedAnswer, body: str, days: dict[str, date | str | None], queues: Collection[str]
) -> list[FieldProblem]:
    wrong = {
        "title": not 0 < len(typed.title.strip()) <= LONGEST_TITLE,
        "situation": not 0 < len(typed.situation.strip()) <= LONGEST_SITUATION,
        "body": not 0 < len(body) <= LONGEST_BODY,
        "queue": typed.queue not in queues,
        "language": re.fullmatch(r"[a-z]{2}", typed.language) is None,
        "audience": typed.audience not in get_args(Audience),
        "facts": typed.facts.count("\n") >= MOST_FACTS,
    }
    first, last = days["valid_from"], days["valid_until"]
    wrong["days"] = isinstance(first, str) or isinstance(last, str) or bool(first and last and first > last)
    return [FieldProblem(name, f"look at the {name}", f"answer_{name}") for name, bad in wrong.items() if bad]


def _day(text: str) -> date | str | None:
    """None where none is given; the text itself where it is no day."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return text


def sketch_of(typed: TypedAnswer, queues: Collection[str]) -> CannedAnswer:
    """Something to preview while it is typed: what cannot be kept yet is taken for empty."""
    first, last = (None if isinstance(day, str) else day for day in (_day(typed.valid_from), _day(typed.valid_until)))
    fits = re.fullmatch(r"[a-z][a-z0-9_-]{0,63}", typed.id)
    body = typed.body.replace("\r\n", "\n").strip()[:LONGEST_BODY] or "-"
    return CannedAnswer(
        id=typed.id if fits else id_of(typed.title or "-"),
        queue=typed.queue if typed.queue in queues else next(iter(queues)),
        title=" ".join(typed.title.split()) or "-",
        situation=" ".join(typed.situation.split()) or "-",
        language=typed.language if re.fullmatch(r"[a-z]{2}", typed.language) else "fr",
        body=body,
        placeholders=tuple(dict.fromkeys(found[1] for found in PLACEHOLDER.finditer(body))),
        facts=tuple(filter(None, (" ".join(line.split()) for line in typed.facts.split("\n")[:MOST_FACTS]))),
        valid_from=first,
        valid_until=last,
    )
