"""Check: every fact and promise of a draft is found in a source, or flagged."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from service.domain.answers import CannedAnswer
from service.domain.cleaned import Cleaned
from service.domain.draft import Draft, Finding, Paragraph
from service.domain.message import Message
from service.domain.playbook import Playbook
from service.phrases import Phrases
from service.pipeline.check.facts import facts
from service.pipeline.check.sources import Source, nearest, of_account, of_answers, of_message
from service.pipeline.draft.filling import PLACEHOLDER
from service.pipeline.redact.spans import Span
from service.pipeline.redact.words import fold
from service.pipeline.remember import per_playbook

_BLANK_LINE = len("\n\n")
_GRAVE = frozenset({"amount", "phone", "email", "link", "article"})
_OF_ONE_RULE = frozenset({"amount", "percentage", "delay", "date", "hours", "article", "number"})
"""Facts that mean something only beside their rule: the account's facts stand for them only where cited."""
_COMPANY_ONLY = frozenset({"link"})
"""A customer's own link is never good enough to be sent back."""


def check(
    draft: Draft,
    answers: Sequence[CannedAnswer],
    cleaned: Cleaned,
    message: Message,
    playbook: Playbook,
    phrases: Phrases,
) -> Draft:
    """The draft with its findings: facts and commitments that no source of their paragraph holds.

    `answers` are the canned answers that were offered; a paragraph rests on those it cites, on the customer's
    message, and on the account's facts: for amounts, delays and the like only where it cites `account`.
    Findings made before are kept; all are in order of the body.
    """
    checker = _Checker(answers, cleaned, message, playbook, phrases)
    found = list(draft.findings)
    at = 0
    for paragraph in draft.paragraphs:
        found += checker.findings(paragraph, at)
        at += len(paragraph.text) + _BLANK_LINE
    return draft.model_copy(update={"findings": tuple(sorted(found, key=lambda finding: finding.start))})


class _Checker:
    """One draft's sources; the message is read only where the company's sources do not suffice."""

    def __init__(
        self, answers: Sequence[CannedAnswer], cleaned: Cleaned, message: Message, playbook: Playbook, phrases: Phrases
    ) -> None:
        self._answers = {answer.id: answer for answer in answers}
        self._account = of_account(playbook)
        self._commitments = _commitments(playbook)
        self._cleaned, self._received, self._phrases = cleaned, message, phrases
        self._timezone = playbook.timezone

    @cached_property
    def _message(self) -> Source:
        return of_message(self._cleaned, self._received, self._timezone)

    def findings(self, paragraph: Paragraph, offset: int) -> Iterator[Finding]:
        cited = [self._answers[source] for source in paragraph.sources if source in self._answers]
        if any(paragraph.text in answer.body for answer in cited):
            return
        source = of_answers(cited)
        left = [found.span() for found in PLACEHOLDER.finditer(paragraph.text)]
        for fact in facts(paragraph.text):
            inside = any(start <= fact.start < end for start, end in left)
            if not inside and not self._is_sourced(fact, source, "account" in paragraph.sources):
                yield self._unsourced(fact, paragraph.text, offset, source)
        yield from self._promises(paragraph.text, cited, offset)

    def _is_sourced(self, fact: Span, source: Source, by_account: bool) -> bool:
        if source.says(fact):
            return True
        if (fact.kind not in _OF_ONE_RULE or by_account) and self._account.says(fact):
            return True
        return fact.kind not in _COMPANY_ONLY and self._message.says(fact)

    def _unsourced(self, fact: Span, text: str, offset: int, source: Source) -> Finding:
        words = text[fact.start : fact.end]
        like = nearest(fact, (source,)) or nearest(fact, (self._account,))
        detail = self._phrases(f"check.unsourced.{fact.kind}")
        if like:
            detail = f"{detail} {self._phrases('check.nearest', nearest=like)}"
        return Finding(
            kind=f"unsourced_{fact.kind}",
            text=words,
            start=offset + fact.start,
            end=offset + fact.end,
            severity="error" if fact.kind in _GRAVE else "warning",
            detail=detail,
        )

    def _promises(self, text: str, cited: Sequence[CannedAnswer], offset: int) -> Iterator[Finding]:
        """Commitments that no cited answer makes."""
        folded = fold(text)
        for commitment in self._commitments:
            found = commitment.search(folded)
            if found and not any(commitment.search(fold(answer.body)) for answer in cited):
                yield Finding(
                    kind="commitment",
                    text=text[found.start() : found.end()],
                    start=offset + found.start(),
                    end=offset + found.end(),
                    severity="warning",
                    detail=self._phrases("check.commitment"),
                )


@per_playbook
def _commitments(playbook: Playbook) -> tuple[re.Pattern[str], ...]:
    """Each commitment of the tone, blind to case, accents and white space."""
    spaced = (r"\s+".join(re.escape(word) for word in fold(phrase).split()) for phrase in playbook.tone.commitments)
    return tuple(re.compile(rf"(?<!\w){phrase}(?:e?s?)(?!\w)") for phrase in spaced)
