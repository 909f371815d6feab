"""What a caller asks of the state that it changes: `If-Match` and its like are met or refused, never passed over."""

import re
from typing import Annotated, Any

from fastapi import Header, Request

from service.api.problems import Problematic
from service.domain.limits import MAX_ID_CHARS
from service.errors import FieldProblem

IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=MAX_ID_CHARS, description='the ETag of what you started from, such as `"3"`'),
]
TAGGED: dict[int | str, dict[str, Any]] = {
    200: {"headers": {"ETag": {"description": "for `If-Match` of a change", "schema": {"type": "string"}}}}
}
CONDITIONS = frozenset({b"if-match", b"if-none-match", b"if-unmodified-since", b"if-modified-since"})
READS = frozenset({"GET", "HEAD", "OPTIONS"})
_TAG = re.compile(r'(?:W/)?"?(\d{1,9})"?')


def heed_conditions(request: Request) -> None:
    """Raises 422 for a condition on a change that knows none: it would be taken for met."""
    if request.method in READS:
        return
    asked = CONDITIONS.intersection(name for name, _ in request.scope["headers"])
    if not asked:
        return
    known = {one.alias.lower().encode() for one in request.scope["route"].dependant.header_params}
    for name in sorted(asked - known):
        header = name.decode().title()
        cure = FieldProblem(header, "leave it out; /docs says which calls take If-Match")
        raise Problematic(422, f"Nothing is compared with {header} here, so nothing was changed.", cure)


def started_from(number: int | None, tag: str | None, field: str) -> int | None:
    """The number of the state that a change starts from, by the body's `field` or by `If-Match`; None where neither
    says it (`*` says nothing). Raises 422 where they disagree, or the tag is none of ours."""
    if tag is None or tag.strip() == "*":
        return number
    found = _TAG.fullmatch(tag.strip())
    if found is None or (number is not None and number != int(found[1])):
        cure = FieldProblem(
            "If-Match", f'give the ETag as you got it, such as `"3"`; `{field}` says the same or nothing'
        )
        raise Problematic(422, f"If-Match is no ETag of ours, or not the one of `{field}`.", cure)
    return int(found[1])
