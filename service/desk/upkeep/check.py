"""One thing that is in order, or is not."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `doctor`. What is `required` and not `ok` keeps the service from being ready. Where it is not `ok`,
    `since` when as far as that is known, and the `cure`: what to do."""

    name: str
    ok: bool
    detail: str
    required: bool = True
    since: datetime | None = None
    cure: str = ""
