"""Every draft of a message, each one kept."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from service.domain.draft import Draft
from service.domain.triage import Engine, Usage
from service.domain.value import Value

Origin = Literal["triage", "wish", "advisor"]


class DraftVersion(Value):
    """`number` 0 is the triage's. `base`: the version that this one was made from. `origin`: the triage, a wish (or the
    plain request for another draft), or an advisor's own words, saved. `locked`: indexes of the paragraphs that a
    person wrote; they are never worded anew. `usage`: what the model cost for this version alone. `ready_at` and
    `ready_by`: since when, and by whom, this version is handed over to be sent from elsewhere."""

    number: int
    base: int
    origin: Origin
    wish: str = ""
    by: str = ""
    at: AwareDatetime = Field(strict=False)
    engine: Engine
    locked: Annotated[tuple[int, ...], Field(strict=False)] = ()
    usage: Usage = Usage()
    draft: Draft
    ready_at: AwareDatetime | None = Field(default=None, strict=False)
    ready_by: str | None = None


class DraftVersions(Value):
    """Oldest first; empty where no draft was made."""

    items: Annotated[tuple[DraftVersion, ...], Field(strict=False)]
