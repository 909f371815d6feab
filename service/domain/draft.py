"""A reply proposed to an advisor, every paragraph with its sources."""

from typing import Literal

from service.domain.value import Value


class Paragraph(Value):
    """`sources`: canned answer ids, `message` or `account`. `asks`: which of the message's asks it answers, counted
    from 0. `situation`: the id of the one that adds it."""

    text: str
    sources: tuple[str, ...]
    asks: tuple[int, ...] = ()
    situation: str | None = None


class Finding(Value):
    """Something in the draft that an advisor should look at; offsets into the draft's body.

    `nearest` is how a source writes what is most like it, and `source` that source: a canned answer's id,
    `account` or `message`; None where nothing is like it.
    """

    kind: str
    text: str
    start: int
    end: int
    severity: Literal["info", "warning", "error"]
    detail: str = ""
    nearest: str | None = None
    source: str | None = None


class Draft(Value):
    """`body` is the paragraphs joined by blank lines; `placeholders_left` are the `{names}` still in it.

    `situations` are those of the playbook that apply. `computed`: what was worked out for this draft and stands in no
    source, such as the times at which a call is proposed.
    """

    language: str
    subject: str
    body: str
    paragraphs: tuple[Paragraph, ...]
    findings: tuple[Finding, ...] = ()
    placeholders_left: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    situations: tuple[str, ...] = ()
    computed: tuple[str, ...] = ()


class NoDraft(Value):
    """Why there is none: `no_source`, `out_of_scope`, `empty`, … and the sentence that an advisor reads."""

    code: str
    reason: str
