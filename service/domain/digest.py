"""A day or a week in a few lines, for those who lead. Counts only: it names nobody and quotes nothing."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime, Field

from service.domain.value import Value

Span = Literal["day", "week"]


class DigestQueue(Value):
    """`received` in the span and in the one `before`; what is `to_do` and `late` when the digest is made. `queue` is
    empty for what no queue has yet."""

    queue: str
    label: str
    received: int
    before: int
    to_do: int
    late: int


class Digest(Value):
    """What came in the days from `first` to `last`, in Paris, and what waited at `made_at`, soon after. `abstained` are
    messages that were left to a person; `failed`, those whose triage failed. `oldest_at`: since when the message waits
    that waits longest for its triage. `moved`: the mix of queues is not what was learned from."""

    account: str
    span: Span
    first: date = Field(strict=False)
    last: date = Field(strict=False)
    made_at: AwareDatetime = Field(strict=False)
    received: int
    before: int
    handled: int
    routed: int
    abstained: int
    corrected: int
    chasers: int
    to_do: int
    late: int
    untriaged: int
    failed: int
    oldest_at: AwareDatetime | None = Field(default=None, strict=False)
    moved: bool = False
    queues: tuple[DigestQueue, ...] = Field(default=(), strict=False)


class DigestList(Value):
    """Newest first."""

    items: tuple[Digest, ...]
