"""The reply that a person sent beside the draft that he was shown."""

from typing import Annotated, Literal

from pydantic import Field

from service.domain.value import Value
from service.domain.votes import Probability

Verdict = Literal["kept", "edited", "rewritten"]
Fate = Literal["kept", "edited", "dropped", "moved", "advisor"]
Ids = Annotated[tuple[str, ...], Field(strict=False)]


class ParagraphFate(Value):
    """What became of the draft's paragraph at `index`, greeting and signature apart; `kept`: share of its words that
    stand in the reply. `advisor`: a person had written it."""

    index: int
    sources: Ids
    fate: Fate
    kept: Probability


class Change(Value):
    """A fact, promise, condition, negation, tone or language that differs. `before` is "" where the draft did not have
    it, `after` where the reply does not."""

    kind: str
    before: str
    after: str


class Edit(Value):
    """A sentence that was changed; `before` is "" for an added one, `after` for one that was left out."""

    sources: Ids
    before: str
    after: str


class Comparison(Value):
    """`version`: of the draft that was shown. Greeting, closing, signature, white space, punctuation and what was
    filled into placeholders count for nothing.

    `kept`: share of the draft's words that stand in the reply; `taken`: share of the reply's words that come from the
    draft; `likeness`: their harmonic mean.
    """

    version: int
    verdict: Verdict
    kept: Probability
    taken: Probability
    likeness: Probability
    paragraphs: Annotated[tuple[ParagraphFate, ...], Field(strict=False)] = ()
    changes: Annotated[tuple[Change, ...], Field(strict=False)] = ()
    edits: Annotated[tuple[Edit, ...], Field(strict=False)] = ()
