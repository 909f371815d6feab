"""One field of a playbook's file written anew, everything else left as its authors wrote it."""

import re
from collections.abc import Sequence
from typing import Any

from service.playbooks.content import as_yaml

Found = tuple[int, int]
"""Lines [first, last) of a field."""

_KEY = re.compile(r"([A-Za-z_][\w-]*):(?:\s|$)")
_INDENT = "  "
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_UNWRITABLE = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffc\U00010000-\U0010ffff]")


class Block(str):
    """A text whose lines count: written with `|`."""

    __slots__ = ()


def typed(text: str) -> str:
    """What somebody typed, as YAML can hold it: line ends of one kind, no control characters."""
    return _UNWRITABLE.sub("", _BREAKS.sub("\n", text))


def with_field(text: str, name: str, value: Any) -> str:
    """The file with this value of its top field `name`; None takes the field out."""
    lines = text.split("\n")
    found = _found(lines, name)
    written = [] if value is None else _written(name, value)
    if found is not None:
        return "\n".join([*lines[: found[0]], *written, *lines[found[1] :]])
    return "\n".join([text.rstrip("\n"), *written, ""]) if written else text


def _found(lines: Sequence[str], name: str) -> Found | None:
    """From the field's own line to the last one that is its; comments before the next field are that one's."""
    tops = [at for at, line in enumerate(lines) if _KEY.match(line)]
    for at in tops:
        if lines[at].startswith(f"{name}:"):
            last = next((later for later in tops if later > at), len(lines))
            while last > at + 1 and (not lines[last - 1].strip() or lines[last - 1].startswith("#")):
                last -= 1
            return at, last
    return None


def _written(name: str, value: Any) -> list[str]:
    if isinstance(value, Block):
        lines = value.rstrip().split("\n")
        return [f"{name}: |", *(f"{_INDENT}{line.strip()}".rstrip() for line in lines)]
    kept = value.rstrip() if isinstance(value, str) else value  # empty lines at its end would end the document
    return as_yaml({name: kept}).rstrip("\n").split("\n")
