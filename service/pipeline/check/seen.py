"""What was seen in a paragraph, before it is told as a finding."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from service.pipeline.check.clauses import Clause, Near
from service.pipeline.redact.spans import Span

Severity = Literal["info", "warning", "error"]
Read = Mapping[Clause, Sequence[Near]]
"""The clauses of a paragraph that are no source's word for word, each with the source clauses that say some of it."""


class Seen(NamedTuple):
    """`at`: its place in the paragraph; `nearest` and `source` as of a finding; `sure`: how surely it is wrong."""

    kind: str
    at: Span
    nearest: str | None = None
    source: str | None = None
    sure: Severity = "warning"
