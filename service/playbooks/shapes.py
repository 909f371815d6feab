"""Checks what was read against the shapes of `service.domain`, and explains what does not fit."""

from types import UnionType
from typing import Any, Literal, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from service.playbooks.documents import Document, Path
from service.playbooks.mistakes import Mistakes

Shape = TypeVar("Shape", bound=BaseModel)

_EXPECTED = {
    "string_type": "text", "int_type": "integer", "int_from_float": "integer", "float_type": "number",
    "bool_type": "boolean", "tuple_type": "list", "list_type": "list", "dict_type": "fields",
    "model_type": "fields", "model_attributes_type": "fields", "date_type": "date",
    "date_from_datetime_parsing": "date", "date_parsing": "date",
    "date_from_datetime_inexact": "date",
}  # fmt: skip
_BOUNDS = {"greater_than", "greater_than_equal", "less_than", "less_than_equal"}


def shaped(shape: type[Shape], data: Any, document: Document, path: Path, mistakes: Mistakes) -> Shape | None:
    """`data`, which stands at `path`, as that shape; None where it does not fit, every misfit noted."""
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            _note(shape, detail, document, path, mistakes)
        return None


def _note(shape: type[BaseModel], detail: ErrorDetails, document: Document, path: Path, mistakes: Mistakes) -> None:
    place = (*path, *detail["loc"])
    names = [str(part) if isinstance(part, str) else str(part + 1) for part in detail["loc"]]
    code, values = _explained(shape, detail, mistakes)
    mistakes.error(code, document.file, document.line(place), field=".".join(names) or document.file, **values)


def _explained(shape: type[BaseModel], detail: ErrorDetails, mistakes: Mistakes) -> tuple[str, dict[str, object]]:
    kind, given = detail["type"], detail["input"]
    if kind == "missing":
        return "missing_field", {}
    if kind == "extra_forbidden":
        known = tuple(_fields_around(shape, detail["loc"][:-1]))
        return "unknown_field", {"hint": mistakes.suggestion(str(detail["loc"][-1]), known)}
    if given is None or kind == "string_too_short":
        return "empty_field", {}
    if kind in _EXPECTED:
        return f"not_{_EXPECTED[kind]}", {"found": _short(given)}
    return _value_explained(kind, detail, _short(given))


def _value_explained(kind: str, detail: ErrorDetails, found: str) -> tuple[str, dict[str, object]]:
    context = detail.get("ctx", {})
    if kind in _BOUNDS:
        return f"not_{kind}", {"found": found, "bound": next(iter(context.values()))}
    if kind == "string_pattern_mismatch":
        named = {"language": "bad_language", "retention": "bad_term"}
        return next((named[part] for part in detail["loc"] if part in named), "bad_id"), {"found": found}
    if kind == "literal_error":
        return "bad_choice", {"found": found, "choices": context["expected"]}
    return "bad_value", {"found": found, "detail": detail["msg"]}


def _fields_around(shape: type[BaseModel], path: tuple[int | str, ...]) -> list[str]:
    """Field names of the shape at `path` inside `shape`."""
    for part in path:
        if isinstance(part, str) and (field := shape.model_fields.get(part)) is not None:
            inner = _shape_in(field.annotation)
            shape = inner if inner is not None else shape
    return list(shape.model_fields)


def _shape_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and not isinstance(annotation, UnionType) and issubclass(annotation, BaseModel):
        return annotation
    for inner in () if annotation is Literal else get_args(annotation):
        found = _shape_in(inner)
        if found is not None:
            return found
    return None


def _short(given: object) -> str:
    text = str(given).strip().replace("\n", " ")
    return text if len(text) <= 60 else f"{text[:59]}…"
