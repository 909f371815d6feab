"""What an advisor should look at in a draft, beside what the check finds."""

from collections.abc import Iterable, Iterator, Sequence

from service.domain.candidates import ScoredAnswer
from service.domain.decision import Decision
from service.domain.draft import Finding, Paragraph
from service.domain.redacted import broken_placeholders
from service.phrases import Phrases

BLANK_LINE = "\n\n"
BARELY_SHORTER = "barely_shorter"
_SHORTER = 0.1
SURE = 0.5
"""Score from which a canned answer is taken without a word. Of the reference account's drafts below it about 45 in 100
rest on a right answer, of those from it on 85."""


def language(written: str, wanted: str, phrases: Phrases) -> Iterator[Finding]:
    """The draft is not in the customer's language."""
    if written != wanted:
        detail = phrases("drafts.language", wanted=_named(wanted, phrases), written=_named(written, phrases))
        yield Finding(kind="language", text="", start=0, end=0, severity="info", detail=detail)


def _named(code: str, phrases: Phrases) -> str:
    name = f"drafts.languages.{code}"
    return phrases(name) if name in phrases else code


def chosen(
    decision: Decision,
    main: ScoredAnswer,
    second: Sequence[ScoredAnswer],
    answers: Iterable[ScoredAnswer],
    phrases: Phrases,
) -> Iterator[Finding]:
    """What is unsure in the choice of a draft's canned answers."""
    taken = {one.answer.id for one in second}
    others = (one for one in answers if decision.queue in (None, one.answer.queue) and one.answer.id not in taken)
    yield from doubtful(main, others, phrases, decision.strange)
    if decision.queue is None and second:
        titles = {"first": main.answer.title, "second": second[0].answer.title}
        detail = phrases("drafts.doubled", **titles)
        yield Finding(kind="doubtful", text="", start=0, end=0, severity="info", detail=detail)


def doubtful(
    main: ScoredAnswer, others: Iterable[ScoredAnswer], phrases: Phrases, strange: bool = False
) -> Iterator[Finding]:
    """The canned answer that a draft rests on is hardly likelier to be right than wrong, or another one is likelier;
    and what else may fit, in its language. Or it is likely right, and so is another one: two things may be asked.
    `strange`: the message is like nothing known, so that no score says much."""
    near = [one for one in others if one.answer.language == main.answer.language and one.answer.id != main.answer.id]
    other = max(near, key=lambda one: one.score, default=None)
    if main.score >= SURE and not strange and (other is None or other.score < SURE):
        return
    way, titles = "drafts.doubtful.alone", {"title": main.answer.title}
    if other is not None and other.score >= main.score / 2:
        besides = main.score >= max(SURE, other.score)
        way, titles = f"drafts.doubtful.{'besides' if besides else 'other'}", {**titles, "other": other.answer.title}
    yield Finding(kind="doubtful", text="", start=0, end=0, severity="info", detail=phrases(way, **titles))


def lasting(found: Iterable[Finding], own: bool) -> Iterator[Finding]:
    """Those that are about the draft as a whole, and stay true whatever is worded anew: an ask that nothing answers, a
    sentence that was left out, the language, doubt. Where a person wrote his `own` words, they may answer the ask."""
    passing = {BARELY_SHORTER, "uncovered"} if own else {BARELY_SHORTER}
    return (one for one in found if not one.end and one.kind not in passing)


def left_out(sentences: Iterable[str], phrases: Phrases, why: str = "situation") -> Iterator[Finding]:
    """Sentences of a canned answer that the situation forbids, or that gave way to a wish (`shorter`)."""
    for sentence in sentences:
        detail = phrases(f"drafts.left_out.{why}")
        yield Finding(kind="left_out", text=sentence, start=0, end=0, severity="info", detail=detail)


def barely_shorter(before: str, after: str, phrases: Phrases) -> Iterator[Finding]:
    """A draft that was to be shorter has lost less than a tenth of its words."""
    words = len(before.split())
    saved = words - len(after.split())
    if saved < words * _SHORTER:
        detail = phrases("drafts.barely_shorter", share=max(1, round(100 * saved / words)))
        yield Finding(kind=BARELY_SHORTER, text="", start=0, end=0, severity="info", detail=detail)


def tokens(body: str, phrases: Phrases) -> Iterator[Finding]:
    """Placeholders of redaction that a model invented or broke: nothing stands behind them."""
    for found in broken_placeholders(body):
        detail = phrases("drafts.unknown_placeholder")
        yield Finding(
            kind="placeholder", text=found[0], start=found.start(), end=found.end(), severity="error", detail=detail
        )


def unsourced(parts: Iterable[Paragraph], phrases: Phrases) -> Iterator[Finding]:
    """Paragraphs that name no source at all."""
    at = 0
    for part in parts:
        if not part.sources:
            detail = phrases("drafts.unknown_source")
            yield Finding(
                kind="source", text=part.text, start=at, end=at + len(part.text), severity="warning", detail=detail
            )
        at += len(part.text) + len(BLANK_LINE)
