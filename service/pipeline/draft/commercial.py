"""Sentences that do not belong into a draft: what sells something to a bereaved family, congratulations in distress."""

import re
from collections.abc import Iterator, Sequence

from service.domain.draft import Finding, Paragraph
from service.domain.playbook import Playbook
from service.domain.situation import Situation
from service.phrases import Phrases
from service.pipeline.draft.rules import rules
from service.pipeline.redact.words import fold
from service.pipeline.remember import per_playbook

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?]*\s*|\n")
_BULLETS = ("- ", "• ", "* ")


@per_playbook
def commercial(playbook: Playbook) -> tuple[str, ...]:
    """Words that make a sentence a commercial one."""
    return tuple(fold(word) for word in playbook.tone.commercial)


def unwanted(applying: Sequence[Situation], playbook: Playbook) -> tuple[str, ...]:
    """Words whose sentences these situations leave out."""
    words = [fold(word) for one in applying for word in one.leave_out]
    return (*words, *(commercial(playbook) if any(one.plain for one in applying) else ()))


def sentences(text: str) -> Iterator[re.Match[str]]:
    return _SENTENCE.finditer(text)


def holds(text: str, words: Sequence[str]) -> bool:
    folded = fold(text)
    return any(word in folded for word in words)


def without(block: str, words: Sequence[str]) -> tuple[str, list[str]]:
    """The block without the sentences and list items that hold one of the words, and those that were left out.

    An introduction whose list is gone goes with it.
    """
    if not words or not holds(block, words):
        return block, []
    kept: list[str] = []
    gone: list[str] = []
    for line in block.split("\n"):
        left = "".join(found[0] for found in sentences(line) if not holds(found[0], words)).rstrip()
        gone += [found[0].strip() for found in sentences(line) if holds(found[0], words)]
        if left or not line.strip():
            kept.append(left)
    whole = [line for at, line in enumerate(kept) if not _leads_nowhere(line, kept[at + 1 :], block)]
    return "\n".join(whole).strip(), gone


def _leads_nowhere(line: str, after: Sequence[str], block: str) -> bool:
    listed = any(one.lstrip().startswith(_BULLETS) for one in after[:1])
    return line.rstrip().endswith(":") and not listed and f"{line}\n" in f"{block}\n"


def flagged(parts: Sequence[Paragraph], words: Sequence[str], phrases: Phrases, gap: int) -> Iterator[Finding]:
    """Sentences that hold one of the words, at their place in the body."""
    yield from _found(parts, words, "commercial", phrases("drafts.commercial"), gap)


def conditional(parts: Sequence[Paragraph], playbook: Playbook, phrases: Phrases, gap: int) -> Iterator[Finding]:
    """Offers that are made a condition of leaving."""
    detail = phrases("drafts.conditional_offer")
    selling = commercial(playbook)
    for finding in _found(parts, rules().conditions, "conditional_offer", detail, gap):
        if holds(finding.text, selling):
            yield finding


def _found(parts: Sequence[Paragraph], words: Sequence[str], kind: str, detail: str, gap: int) -> Iterator[Finding]:
    at = 0
    for part in parts:
        for found in sentences(part.text):
            if holds(found[0], words):
                text = found[0].strip()
                start = at + found.start() + found[0].index(text)
                yield Finding(
                    kind=kind, text=text, start=start, end=start + len(text), severity="warning", detail=detail
                )
        at += len(part.text) + gap
