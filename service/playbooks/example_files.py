"""Files of made-up examples: one a line, what it asks for besides and its flags after `||`."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from service.domain.playbook import QueueExample
from service.playbooks.documents import Document, readable
from service.playbooks.mistakes import Mistakes
from service.playbooks.shapes import shaped

EXAMPLES = "examples"


def is_examples(file: str) -> bool:
    path = PurePosixPath(file)
    return path.parent.as_posix() == EXAMPLES and path.suffix == ".txt"


def read_examples(file: str, text: str, mistakes: Mistakes) -> Iterator[tuple[int, QueueExample]]:
    """Line and example, in order. Empty lines and those that begin with `#` are left out."""
    for number, line in enumerate(readable(file, text, mistakes).split("\n"), start=1):
        written = line.strip()
        if written and not written.startswith("#"):
            fields = _fields(number, written, file, mistakes)
            example = shaped(QueueExample, fields, Document(file, None, {(): number}), (), mistakes)
            if example:
                yield number, example


def _fields(number: int, line: str, file: str, mistakes: Mistakes) -> dict[str, Any]:
    text, tagged, written = f" {line}".rpartition(" ||")
    if not tagged:
        return {"text": line}
    tags = list(dict.fromkeys(written.split()))
    kinds: dict[str, list[str]] = {"+": [], "#": []}
    for tag in tags:
        if tag[0] in kinds and len(tag) > 1:
            kinds[tag[0]].append(tag[1:])
        else:
            mistakes.error("bad_tag", file, number, found=tag)
    return {"text": text.strip() or None, "secondary": tuple(kinds["+"]), "flags": tuple(kinds["#"])}
