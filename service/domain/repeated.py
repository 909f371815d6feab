"""A name that one JSON object has twice: whoever reads it takes the last, and nobody hears that the first is lost."""

import json
from typing import Any


class _RepeatedError(ValueError):
    """`args[0]` is the name."""


def repeated_name(raw: bytes) -> str | None:
    """The first name that an object has twice, of JSON that was read already: it is none too deep to be read."""
    try:
        _read(raw.decode("utf-8"))
    except _RepeatedError as error:
        return str(error.args[0])
    return None


def _once(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) == len(pairs):
        return
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            raise _RepeatedError(name)
        seen.add(name)


_read = json.JSONDecoder(object_pairs_hook=_once, parse_float=len, parse_int=len).decode
"""Numbers are not read: one of a million digits would take a while."""
