"""A draft cut into its paragraphs, each with its findings and beside it what it was written from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from service.domain.answers import CannedAnswer
from service.domain.draft import Draft, Finding, Paragraph
from service.domain.version import DraftVersion
from service.web.marked import Piece, Span, pieces


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of the draft with its findings, and the canned answers that it was written from; `leads` where
    these are others than those of the paragraph before. `own`: a person wrote it. `asks`: the message's asks that it
    answers, by their places."""

    pieces: tuple[Piece[Finding], ...]
    sources: tuple[str, ...]
    answers: tuple[CannedAnswer, ...]
    leads: bool = True
    own: bool = False
    asks: tuple[int, ...] = ()


def sources_of(version: DraftVersion) -> set[str]:
    """What its paragraphs were written from: ids of canned answers, and words for what is none."""
    return {source for paragraph in version.draft.paragraphs for source in paragraph.sources}


def runs(version: DraftVersion | None, answers: Mapping[str, CannedAnswer]) -> list[list[Passage]]:
    """The paragraphs that were written from the same, together; none where there is no draft."""
    found: list[list[Passage]] = []
    for one in passages(version, answers) if version else ():
        if one.leads or not found:
            found.append([])
        found[-1].append(one)
    return found


def passages(version: DraftVersion, answers: Mapping[str, CannedAnswer]) -> list[Passage]:
    draft, found, at = version.draft, list[Passage](), 0
    findings = [Span(one.start, one.end, one) for one in draft.findings]
    for index, paragraph in enumerate(draft.paragraphs):
        start = draft.body.find(paragraph.text, at)
        one = _passage(draft, start, paragraph, findings, answers)
        same = bool(found) and found[-1].answers == one.answers and not one.sources
        found.append(replace(one, leads=not same, own=index in version.locked, asks=paragraph.asks))
        at = max(at, start + len(paragraph.text))
    return found


def _passage(
    draft: Draft,
    start: int,
    paragraph: Paragraph,
    findings: list[Span[Finding]],
    answers: Mapping[str, CannedAnswer],
) -> Passage:
    """A paragraph that is not found in the body as it stands is shown without its findings."""
    end = start + len(paragraph.text)
    cut = pieces(draft.body, start, end, findings) if start >= 0 else [Piece[Finding](paragraph.text)]
    known = tuple(answers[source] for source in paragraph.sources if source in answers)
    return Passage(tuple(cut), tuple(source for source in paragraph.sources if source not in answers), known)
