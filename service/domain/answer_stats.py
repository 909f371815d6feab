"""What became of a canned answer's words in the replies that were sent."""

from typing import Annotated

from pydantic import Field

from service.domain.value import Value


class UsualEdit(Value):
    """A sentence that advisors change again and again, redacted; `before` is "" where they add one, `after` where they
    leave it out."""

    before: str
    after: str
    times: int
    advisors: int


class AnswerStats(Value):
    """`drafts`: messages whose draft rests on the answer; `sent`: those of them that were replied to. Of these its
    paragraphs were `kept` word for word, `edited`, `dropped`, or lost in a draft that was `rewritten`. `kept_words`:
    mean share of its words that were sent; None before anything was. `came_back`: replies after which the same
    customer, or the same file, wrote again within the account's window."""

    answer: str
    title: str
    queue: str
    drafts: int
    sent: int
    kept: int
    edited: int
    rewritten: int
    dropped: int
    kept_words: float | None
    came_back: int
    edits: Annotated[tuple[UsualEdit, ...], Field(strict=False)] = ()


class AnswerStatsList(Value):
    """The most used first. `window_hours`: within which a message counts as having come back."""

    account: str
    window_hours: int
    items: Annotated[tuple[AnswerStats, ...], Field(strict=False)]
