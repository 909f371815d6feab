"""A letter told twice, as plain text and as HTML, of which the plain text is none of it."""

import re
from collections.abc import Iterator, Sequence

from service.pipeline.clean.markup import from_html
from service.pipeline.clean.mime import Entity
from service.pipeline.clean.phrases import folded
from service.pipeline.clean.transfer import decoded

NOTICE_CHARS = 400
"""A longer text is a letter."""
_SHARED = 0.5
_WORD = re.compile(r"[^\W_]{4,}")


def is_notice(source: str, parts: Sequence[Entity]) -> bool:
    """Whether the plain text is short and says other things than the HTML, such as "this program shows no HTML"."""
    plain = next((part for part in parts if part.type == "text/plain" and not part.attached), None)
    rich = next(_rich(parts), None)
    if plain is None or rich is None or plain.end - plain.start > 3 * NOTICE_CHARS:
        return False
    words = _words(said := decoded(source, plain).text)
    if not words or len(said.strip()) > NOTICE_CHARS:
        return False
    told = _words(from_html(decoded(source, rich).text).text)
    return len(told) >= len(words) and len(words & told) < _SHARED * len(words)


def _rich(parts: Sequence[Entity]) -> Iterator[Entity]:
    """HTML, alone or with its pictures."""
    for part in parts:
        if part.type == "text/html" and not part.attached:
            yield part
        elif part.type == "multipart/related":
            yield from _rich(part.parts[:1])


def _words(text: str) -> set[str]:
    return set(_WORD.findall(folded(text)))
