"""Reads a model's answer: JSON out of whatever surrounds it, then only names that were offered."""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import isnan
from typing import Annotated, Any

from langchain_core.utils.json import parse_partial_json
from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from service.domain.draft import Paragraph
from service.domain.model_answer import AskHeard, ModelAnswer
from service.pipeline.prompting.schema import ACCOUNT, MESSAGE, ask_names

LONGEST_ANSWER = 100_000
_THOUGHT = re.compile(r"<think>.*?(</think>|$)", re.DOTALL)
_UNRULY = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_MOST_PROBLEMS = 5
_REPLY = ("language", "subject", "asks", "paragraphs")


class UnusableError(Exception):
    """What is wrong with an answer, in words that the model can act on. Never leaves the pipeline."""


@dataclass(frozen=True, slots=True)
class Offered:
    """The names that an answer may use. `slots` maps the short name of a canned answer to its id."""

    queues: Collection[str]
    flags: Collection[str]
    slots: Mapping[str, str]
    draft_only: bool = False

    def source(self, name: str) -> str | None:
        """What a source is called outside of the prompt; an answer's own id is understood too."""
        if name in (MESSAGE, ACCOUNT) or name in self.slots.values():
            return name
        return self.slots.get(name)


def _words(value: Any) -> Any:
    return _UNRULY.sub("", value).strip() if isinstance(value, str) else value


def _percent(value: Any) -> Any:
    """The claim is never believed as it stands, so a share or a number out of bounds costs no second call."""
    if isinstance(value, str) and re.fullmatch(r"\s*\d{1,3}(\.\d+)?\s*%?\s*", value):
        value = float(value.strip(" %\t\n"))
    if isinstance(value, bool) or not isinstance(value, int | float) or isnan(value):
        return value
    share = isinstance(value, float) and 0 < value < 1
    return round(min(max(value * 100 if share else value, 0), 100))


def _listed(value: Any) -> Any:
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


def _worded(value: Any) -> Any:
    """Words alone are an ask too."""
    listed = _listed(value)
    return [{"words": one} if isinstance(one, str) else one for one in listed] if isinstance(listed, list) else listed


Words = Annotated[str, BeforeValidator(_words)]
Names = Annotated[list[Words], BeforeValidator(_listed)]


class _Ask(BaseModel):
    words: Words
    queue: Words | None = None


class _Paragraph(BaseModel):
    text: Words
    sources: Names = Field(default_factory=list)
    asks: Names = Field(default_factory=list)


class _Answer(BaseModel):
    queue: Words | None = None
    confidence: Annotated[int, Field(strict=True), BeforeValidator(_percent)] = 0
    alternatives: Names = Field(default_factory=list)
    secondary: Names = Field(default_factory=list)
    flags: Names = Field(default_factory=list)
    quotes: Names = Field(default_factory=list)
    reason: Words = ""
    subject: Words = ""
    language: Words = ""
    asks: Annotated[list[_Ask], BeforeValidator(_worded)] = Field(default_factory=list)
    paragraphs: list[_Paragraph] = Field(default_factory=list)


def read(text: str, offered: Offered) -> ModelAnswer:
    """The answer in `text`. Raises UnusableError."""
    return _answer(_json(text, "paragraphs" if offered.draft_only else "queue"), offered)


def rescue(text: str, offered: Offered) -> ModelAnswer | None:
    """The label of an answer that was cut, without its draft, whose end is missing; None where it was cut sooner."""
    body = _THOUGHT.sub("", text)
    try:
        found = parse_partial_json(body[body.index("{") :])
        if offered.draft_only or not isinstance(found, dict) or "confidence" not in found:
            return None
        return _answer({**found, "asks": [], "paragraphs": []}, offered)
    except (ValueError, RecursionError, UnusableError):
        return None


def _json(text: str, sign: str) -> dict[str, Any]:
    """The last object with that key: models think aloud first, and may quote a customer's JSON meanwhile."""
    if len(text) > LONGEST_ANSWER:
        raise UnusableError(f"more than {LONGEST_ANSWER} characters.")
    body = _THOUGHT.sub("", text)
    found: dict[str, Any] | None = None
    at = body.find("{")
    decoder = json.JSONDecoder()
    while at >= 0:
        try:
            value, end = decoder.raw_decode(body, at)
        except ValueError:
            at = body.find("{", at + 1)
        except RecursionError:
            break
        else:
            found = value if found is None or sign in value else found
            at = body.find("{", end)
    if found is None:
        raise UnusableError("no JSON object found.")
    return found


def _answer(found: Mapping[str, Any], offered: Offered) -> ModelAnswer:
    if offered.draft_only:
        found = {name: found[name] for name in _REPLY if name in found}
        if not found:
            raise UnusableError(f"none of {', '.join(_REPLY)} given.")
    try:
        raw = _Answer.model_validate(found)
    except ValidationError as error:
        raise UnusableError(_told(error)) from error
    problems = list(_strangers(raw, offered))
    if problems:
        raise UnusableError("; ".join(problems[:_MOST_PROBLEMS]) + ".")
    return _cleaned(raw, offered)


def _strangers(raw: _Answer, offered: Offered) -> Iterable[str]:
    if not offered.draft_only:
        if raw.queue not in offered.queues:
            yield f"queue: {raw.queue!r} is not one of {', '.join(offered.queues)}"
        for field in ("alternatives", "secondary"):
            yield from (f"{field}: {name!r} is no queue" for name in getattr(raw, field) if name not in offered.queues)
        yield from (f"flags: {name!r} is no flag" for name in raw.flags if name not in offered.flags)
    sources = [name for paragraph in raw.paragraphs for name in paragraph.sources]
    known = ", ".join([*offered.slots, MESSAGE, ACCOUNT])
    yield from (f"sources: {name!r} is not one of {known}" for name in sources if offered.source(name) is None)


def _asks(raw: _Answer, offered: Offered) -> tuple[AskHeard, ...]:
    """In order, since paragraphs count them; a queue that does not exist is left open rather than asked for again."""
    return tuple(
        AskHeard(words=ask.words, queue=ask.queue if ask.queue in offered.queues else None) for ask in raw.asks
    )


def _numbers(names: Iterable[str], asks: int) -> tuple[int, ...]:
    known = {name: number for number, name in enumerate(ask_names(asks))}
    return tuple(known[name] for name in _once(names) if name in known)


def _cleaned(raw: _Answer, offered: Offered) -> ModelAnswer:
    paragraphs = tuple(
        Paragraph(
            text=p.text,
            sources=_once(s for name in p.sources if (s := offered.source(name)) is not None),
            asks=_numbers(p.asks, len(raw.asks)),
        )
        for p in raw.paragraphs
        if p.text
    )
    language = raw.language.lower()[:2] if re.match(r"[A-Za-z]{2}\b", raw.language) else ""
    return ModelAnswer(
        queue=raw.queue,
        confidence=raw.confidence,
        alternatives=_once(name for name in raw.alternatives if name != raw.queue),
        secondary=_once(name for name in raw.secondary if name != raw.queue),
        flags=_once(raw.flags),
        quotes=_once(quote for quote in raw.quotes if quote),
        reason=raw.reason,
        subject=raw.subject.replace("\n", " "),
        language=language,
        asks=_asks(raw, offered),
        paragraphs=paragraphs,
    )


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _told(error: ValidationError) -> str:
    told = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_url=False)[:_MOST_PROBLEMS]]
    return "; ".join(told) + "."
