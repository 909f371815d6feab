"""What somebody searches messages for."""

from typing import Literal

from service.domain.value import Value

Order = Literal["newest", "oldest", "best"]

EDGE = "·"
"""Stands between the fields of a message, so that no phrase reaches over from one into the next. No word holds it."""


class Term(Value):
    """One thing that every message found must hold. `words`: stems that stand one after the other. `begins`: one word
    that begins so, or is one of `also`, the stems that such a word may have."""

    words: tuple[str, ...]
    begins: bool = False
    also: tuple[str, ...] = ()


class Sought(Value):
    """Folded and stemmed as what is kept of messages. Without terms, nothing is found."""

    terms: tuple[Term, ...] = ()
