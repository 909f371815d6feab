"""Check: every fact and promise of a draft is found in a source, or flagged."""

import re
from collections.abc import Container, Iterator, Sequence
from functools import cached_property
from typing import Literal

from service.domain.answers import CannedAnswer
from service.domain.cleaned import Cleaned
from service.domain.draft import Draft, Finding, Paragraph
from service.domain.message import Message
from service.domain.playbook import Playbook
from service.phrases import Phrases
from service.pipeline.check.clauses import Clause, answer_clauses, clauses, nearest_clauses
from service.pipeline.check.commitments import commitments, unkept
from service.pipeline.check.facts import facts
from service.pipeline.check.meaning import changes, meaning
from service.pipeline.check.names import names
from service.pipeline.check.sources import Source, instead, nearest, of_account, of_answers, of_message
from service.pipeline.draft.filling import PLACEHOLDER
from service.pipeline.redact.spans import Span

_BLANK_LINE = "\n\n"
_TELLING = 3
Severity = Literal["info", "warning", "error"]
_GRAVE = frozenset({"amount", "phone", "email", "link", "article"})
_OF_ONE_RULE = frozenset({"amount", "percentage", "delay", "date", "hours", "article", "number", "name", "document"})
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
        at += len(paragraph.text) + len(_BLANK_LINE)
    return draft.model_copy(update={"findings": tuple(sorted(found, key=lambda finding: finding.start))})


class _Checker:
    """One draft's sources; the message is read only where the company's sources do not suffice."""

    def __init__(
        self, answers: Sequence[CannedAnswer], cleaned: Cleaned, message: Message, playbook: Playbook, phrases: Phrases
    ) -> None:
        self._answers = {answer.id: answer for answer in answers}
        self._account = of_account(playbook)
        self._commitments = commitments(playbook)
        self._cleaned, self._received, self._phrases = cleaned, message, phrases
        self._timezone = playbook.timezone

    @cached_property
    def _message(self) -> Source:
        return of_message(self._cleaned, self._received, self._timezone)

    @cached_property
    def _held(self) -> list[Clause]:
        """What the record of the customer says."""
        return [clause for value in self._received.metadata.values() for clause in clauses(value)]

    def findings(self, paragraph: Paragraph, offset: int) -> Iterator[Finding]:
        cited = [self._answers[source] for source in paragraph.sources if source in self._answers]
        if any(paragraph.text in answer.body.split(_BLANK_LINE) for answer in cited):
            return
        unsourced = {*self._unsourced_facts(paragraph, of_answers(cited))}
        for fact in sorted(unsourced):
            yield self._unsourced(fact, paragraph.text, offset, of_answers(cited))
        said = [clause for answer in cited for clause in answer_clauses(answer.body)]
        ours = clauses(paragraph.text)
        yield from self._meanings(paragraph.text, ours, said, unsourced, offset)
        yield from self._promises(paragraph.text, ours, said, offset)

    def _unsourced_facts(self, paragraph: Paragraph, source: Source) -> Iterator[Span]:
        left = [found.span() for found in PLACEHOLDER.finditer(paragraph.text)]
        found = facts(paragraph.text)
        for fact in (*found, *names(paragraph.text, found)):
            inside = any(start <= fact.start < end for start, end in left)
            if not inside and not self._is_sourced(fact, source, "account" in paragraph.sources):
                yield fact

    def _is_sourced(self, fact: Span, source: Source, by_account: bool) -> bool:
        if source.says(fact):
            return True
        if (fact.kind not in _OF_ONE_RULE or by_account) and self._account.says(fact):
            return True
        return fact.kind not in _COMPANY_ONLY and self._message.says(fact)

    def _unsourced(self, fact: Span, text: str, offset: int, source: Source) -> Finding:
        like = nearest(fact, (source,)) or nearest(fact, (self._account,))
        detail = self._phrases(f"check.unsourced.{fact.kind}")
        if like:
            detail = f"{detail} {self._phrases('check.nearest', nearest=like)}"
        return _finding(
            f"unsourced_{fact.kind}", text, fact, offset, "error" if fact.kind in _GRAVE else "warning", detail
        )

    def _meanings(
        self, text: str, ours: Sequence[Clause], cited: Sequence[Clause], unsourced: Container[Span], offset: int
    ) -> Iterator[Finding]:
        """Negations and conditions lost or gained, and facts that stand for another one of the nearest clause."""
        near = {clause: found for clause in ours if (found := nearest_clauses(clause, [*cited, *self._held]))}
        for clause, found in near.items():
            source = found[0].clause
            also = [other for other, theirs in near.items() if other is not clause and theirs[0].clause is source]
            for kind in min(([*changes(clause, one.clause, also)] for one in found), key=len):
                detail = self._beside(f"check.{kind}", source.written)
                yield _finding(kind, text, clause.place, offset, "warning", detail)
            for fact in clause.facts:
                beside = "" if fact in unsourced or self._told(fact, source) else instead(fact, clause, found)
                if beside:
                    detail = self._beside("check.misplaced", beside)
                    yield _finding(f"misplaced_{fact.kind}", text, fact, offset, "warning", detail)

    def _told(self, fact: Span, source: Clause) -> bool:
        """Whether it is the customer's own; a short bare number is in every message, and is so only where the
        source has something to fill in."""
        telling = fact.kind != "number" or len(fact.key) >= _TELLING or bool(PLACEHOLDER.search(source.written))
        return telling and self._message.says(fact)

    def _beside(self, key: str, nearest: str) -> str:
        return f"{self._phrases(key)} {self._phrases('check.nearest', nearest=nearest)}"

    def _promises(self, text: str, ours: Sequence[Clause], cited: Sequence[Clause], offset: int) -> Iterator[Finding]:
        """Commitments that no nearby clause of a cited answer makes, and statements that no source has."""
        for clause in ours:
            found = unkept(clause, cited, self._commitments)
            if found and clause.said_name(found):
                found = None
            kind = "commitment" if found else "statement"
            found = found or self._unsaid(clause, cited)
            if found:
                place = Span(clause.start + found.start(), clause.start + found.end(), kind, "")
                yield _finding(kind, text, place, offset, "warning", self._phrases(f"check.{kind}"))

    def _unsaid(self, clause: Clause, cited: Sequence[Clause]) -> re.Match[str] | None:
        """A statement about the customer's file that is near no clause of the sources, the record or the message."""
        found = meaning().statements.search(clause.text)
        if found is None or nearest_clauses(clause, cited):
            return None
        told = [*clauses(self._cleaned.text), *self._held]
        return None if nearest_clauses(clause, told) else found


def _finding(kind: str, text: str, at: Span, offset: int, severity: Severity, detail: str) -> Finding:
    return Finding(
        kind=kind,
        text=text[at.start : at.end],
        start=offset + at.start,
        end=offset + at.end,
        severity=severity,
        detail=detail,
    )
