"""Blocks of made-up examples: one a line, what it asks for besides and its flags after `||`."""

import re
from typing import Any

from service.playbooks.documents import Document, Path
from service.playbooks.mistakes import Mistakes

Fields = dict[str, Any]
"""Of a `QueueExample`."""


def read_examples(data: Any, document: Document, path: Path, mistakes: Mistakes) -> dict[int, Fields]:
    """Line and fields of each example written at `path`, in order. Outside a block YAML takes `#flag` for a comment."""
    if not data:
        return {}
    if path not in document.blocks:
        mistakes.error("examples_not_a_block", document.file, document.line(path))
        return {}
    placed = ((number, written.strip()) for number, written in document.text_lines(path, data))
    return {
        number: _example(number, line, document, mistakes)
        for number, line in placed
        if line and not line.startswith("#")
    }


def _example(number: int, line: str, document: Document, mistakes: Mistakes) -> Fields:
    text, tagged, written = f" {line}".rpartition(" ||")
    if not tagged:
        return {"text": line}
    tags = list(dict.fromkeys(written.split()))
    for tag in tags:
        if not re.fullmatch(r"[+#].+", tag):
            mistakes.error("bad_tag", document.file, number, found=tag)
    secondary, flags = (tuple(tag[1:] for tag in tags if tag.startswith(sign)) for sign in "+#")
    return {"text": text.strip() or None, "secondary": secondary, "flags": flags}
