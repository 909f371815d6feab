"""Reads a JSON request body into a value, or says by field what is wrong with it."""

from codecs import BOM_UTF8
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from fastapi import Request, Response
from pydantic import BaseModel, ValidationError
from pydantic.json_schema import models_json_schema

from service.api.problems import SHOWN_INPUT, refused
from service.domain.repeated import repeated_name
from service.errors import FieldProblem, RefusedError

Body = TypeVar("Body", bound=BaseModel)

TWICE = "This field is there twice in one object; leave out the one that is not meant."
REF = "#/components/schemas/{model}"


def body_of(shape: type[Body]) -> Callable[[Request], Awaitable[Body]]:
    """A dependency that reads `shape` from the raw bytes, so that nothing is coerced on the way.

    Raises RefusedError: broken UTF-8, broken or too deeply nested JSON, unknown fields, fields that are there twice,
    wrong types.
    """

    async def read(request: Request) -> Body:
        return parse_body(shape, await request.body())

    return read


def parse_body(shape: type[Body], raw: bytes) -> Body:
    raw = raw.removeprefix(BOM_UTF8)  # which some editors and shells write in front of a file
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        detail = f"The body is not UTF-8 (byte {error.start})."
        raise RefusedError(detail, (FieldProblem("body", "Send JSON encoded as UTF-8, not compressed."),)) from error
    try:
        found = shape.model_validate_json(raw)
    except ValidationError as error:
        raise refused(error) from error
    if (name := repeated_name(raw)) is not None:
        raise RefusedError("An object of the body has a field twice.", (FieldProblem(name[:SHOWN_INPUT], TWICE),))
    return found


def body_schema(shape: type[BaseModel], example: dict[str, Any]) -> dict[str, Any]:
    """What OpenAPI says of a body that `body_of(shape)` reads; `create_app` adds the schema that it names."""
    content = {"schema": {"$ref": REF.format(model=shape.__name__)}, "example": example}
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


def schemas(shapes: Sequence[type[BaseModel]]) -> dict[str, Any]:
    """The schemas of bodies, with those that they name, for `components`."""
    _, found = models_json_schema([(shape, "validation") for shape in shapes], ref_template=REF)
    return dict(found["$defs"])


def as_json(value: BaseModel) -> Response:
    """A value as it was validated when it was made: not once more."""
    return Response(value.model_dump_json(), media_type="application/json")
