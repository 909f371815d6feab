"""A playbook's files as the fields of a form, and back: what leads type, in the words of the documented syntax."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from service.playbooks.documents import Document, Path, read_document
from service.playbooks.mistakes import Mistake, Mistakes
from service.playbooks.rules import prompt_texts
from service.playbooks.sheets import ACCOUNT, is_queue
from service.playbooks.yaml_edit import Block, typed, with_field

Kind = Literal["line", "prose", "number", "lines", "text", "block", "mark"]
"""A line, a sentence over several lines, a number, a list of one a line, a text whose lines count, keywords, yes or
no."""
WHOLE = "whole"
"""The one field of a file that is edited as it stands."""


@dataclass(frozen=True, slots=True)
class Field:
    """`name` is the path in the file, with dots."""

    name: str
    kind: Kind


QUEUE_FIELDS = (
    Field("label", "line"),
    Field("level", "number"),
    Field("sla_hours", "number"),
    Field("definition", "prose"),
    Field("instructions", "lines"),
    Field("keywords", "block"),
    *(Field(name, "mark") for name in ("must_not_miss", "sensitive", "retention", "out_of_scope")),
)
THRESHOLDS = ("routing", "accepted_error", "missed", "certainty", "secondary", "possible_ask", "answer_score")
ACCOUNT_FIELDS = (
    Field("label", "line"),
    Field("tone.instructions", "lines"),
    Field("tone.signature", "text"),
    Field("tone.commitments", "lines"),
    Field("tone.commercial", "lines"),
    *(Field(f"thresholds.{name}", "number") for name in THRESHOLDS),
)
AS_IT_STANDS = (Field(WHOLE, "text"),)


def fields_of(file: str) -> tuple[Field, ...]:
    if file == ACCOUNT:
        return (*ACCOUNT_FIELDS, *(Field(f"texts.{name}", "text") for name in prompt_texts()))
    return QUEUE_FIELDS if is_queue(file) else AS_IT_STANDS


def form_of(file: str, text: str) -> dict[str, str]:
    """What stands in each field, as it is typed; a mark is `yes` or empty. A file that cannot be read as it should be
    is one field."""
    document = read_document(file, text, Mistakes("fr")) if fields_of(file) != AS_IT_STANDS else None
    if document is None or not isinstance(document.data, dict):
        return {WHOLE: text}
    return {field.name: _shown(field.kind, _at(document.data, field.name)) for field in fields_of(file)}


def with_form(file: str, text: str, form: Mapping[str, str]) -> str:
    """The file with what was typed into these fields; what reads the same is left as it stands."""
    if WHOLE in form:
        return typed(form[WHOLE])
    before = form_of(file, text)
    for field in fields_of(file):
        said = typed(form.get(field.name, before.get(field.name, "")))
        if said.rstrip() != before.get(field.name, "").rstrip():
            text = _with(file, text, field, said)
    return text


@dataclass(frozen=True, slots=True)
class Placed:
    """A mistake beside the field that it is in, "" for none; `line` counts in the field, 0 where it has no lines."""

    field: str
    line: int
    mistake: Mistake


def placed(file: str, text: str, mistake: Mistake) -> Placed:
    if fields_of(file) == AS_IT_STANDS or WHOLE in form_of(file, text):
        return Placed(WHOLE, mistake.line, mistake)
    document = read_document(file, text, Mistakes("fr"))
    known = {field.name: field.kind for field in fields_of(file)}
    before = [(line, len(path), path) for path, line in document.lines.items() if path and line <= mistake.line]
    for _, _, path in sorted(before, reverse=True):
        name = next((name for at in range(len(path), 0, -1) if (name := ".".join(map(str, path[:at]))) in known), "")
        if name:
            return Placed(name, _line(known[name], document, path, name, mistake.line), mistake)
    return Placed("", 0, mistake)


def _line(kind: Kind, document: Document, path: Path, name: str, line: int) -> int:
    if kind == "block":
        return max(1, line - document.line(tuple(name.split("."))))
    deeper = path[len(name.split(".")) :]
    return int(deeper[0]) + 1 if kind == "lines" and deeper and isinstance(deeper[0], int) else 0


def new_queue(queue: str, label: str) -> str:
    """A file to begin with. What it lacks, its mistakes say."""
    text = f"id: {queue}\n"
    for name, value in (("label", label), ("level", 1), ("sla_hours", 48), ("definition", ""), ("instructions", [])):
        text = with_field(text, name, value)
    return text


def _at(data: Any, name: str) -> Any:
    for part in name.split(".", 1) if name.startswith("texts.") else name.split("."):
        data = data.get(part) if isinstance(data, dict) else None
    return data


def _shown(kind: Kind, value: Any) -> str:
    if value is None:
        return ""
    if kind == "mark":
        return "yes" if value is True else ""
    if kind == "lines":
        return "\n".join(" ".join(str(one).split()) for one in value) if isinstance(value, list) else str(value)
    return " ".join(str(value).split()) if kind in {"prose", "line"} else str(value).rstrip("\n")


def _with(file: str, text: str, field: Field, said: str) -> str:
    top, _, inner = field.name.partition(".")
    value = _read(field.kind, said)
    if inner:
        data = read_document(file, text, Mistakes("fr")).data
        held = dict(data.get(top) or {}) if isinstance(data, dict) and isinstance(data.get(top), dict | None) else {}
        held = {name: one for name, one in {**held, inner: value}.items() if one is not None}
        value = held or None
    return with_field(text, top, value)


def _read(kind: Kind, said: str) -> Any:
    """None where nothing is said."""
    if kind == "number":
        return _number(said.strip())
    if kind == "mark":
        return True if said == "yes" else None
    if kind == "lines":
        return [" ".join(line.split()) for line in said.split("\n") if line.strip()]
    if kind == "block":
        return Block(said) if said.strip() else None
    return (said.rstrip() if kind == "text" else " ".join(said.split())) or None


def _number(said: str) -> Any:
    """As the parser takes it; what is no number stays as it was typed, for the parser to say so."""
    for read in (int, float):
        try:
            return read(said.replace(",", "."))
        except ValueError:
            continue
    return said or None
