"""Draft: a reply proposed to an advisor, from canned answers, worded by a model where one was asked."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from service.domain.answers import PLACEHOLDER, CannedAnswer
from service.domain.candidates import Candidates
from service.domain.decision import Decision
from service.domain.draft import Draft, Finding, NoDraft, Paragraph
from service.domain.message import Message
from service.domain.model_answer import ModelAnswer
from service.domain.playbook import Playbook
from service.domain.redacted import Redacted, Vault, broken_placeholders
from service.domain.situation import Situation
from service.phrases import Phrases
from service.pipeline.asks import Asks
from service.pipeline.draft import commercial, findings, retention, worded
from service.pipeline.draft.canned import Canned, Parts
from service.pipeline.draft.choice import main_answer, second_answers
from service.pipeline.draft.filling import Filler
from service.pipeline.draft.findings import BLANK_LINE
from service.pipeline.draft.rules import rules, said
from service.pipeline.draft.situations import added, own_sentences, situations_of, unsaid
from service.pipeline.redact.words import fold
from service.pipeline.votes.history import CHASER

if TYPE_CHECKING:  # it reads with words of the check, which reads drafts
    from service.pipeline.told import Told

__all__ = ["BLANK_LINE", "Around", "draft", "grounds"]

_PREFIX = re.compile(r"\s*([^\W\d_]{2,4})\s*(?:\[\d+\])?\s*:\s*")
_GAP = len(BLANK_LINE)
NO_ASKS = Asks()


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a message: its asks, the moment of its triage (None: no call is proposed), and since when its
    sender waits for an answer, asked for only where a sentence names it."""

    asks: Asks = NO_ASKS
    now: datetime | None = None
    earlier: Callable[[], "Told | None"] = lambda: None


NOTHING = Around()


def draft(
    decision: Decision,
    candidates: Candidates,
    redacted: Redacted,
    vault: Vault,
    message: Message,
    playbook: Playbook,
    opinion: ModelAnswer | None,
    phrases: Phrases,
    *,
    around: Around = NOTHING,
) -> Draft | NoDraft:
    """A draft for the decided queue, or the reason why there is none.

    Where the decision abstains, a draft is offered only if the best guess and retrieval agree on it. The model's
    words are used only if it wrote for that queue and from the candidates; else the canned answer stands.
    """
    if not redacted.own.strip() and not redacted.subject.strip():
        return _none("empty", phrases)
    applying = situations_of(decision, playbook)
    offers = retention.offers_of(applying)
    answering = retention.without_offers(candidates, offers)
    main = main_answer(decision, answering, playbook, redacted.language)
    if main is None and not any(one.plain for one in applying):
        script = main_answer(decision, candidates, playbook, redacted.language)
        main = script and retention.before(script, answering)
    if main is None:
        return _none(_why_none(decision, playbook), phrases)
    filler = Filler(message, redacted, vault, playbook, CHASER in decision.flags, around.now, around.earlier)
    writer = _Writer(filler, applying, candidates, playbook, phrases)
    by_model = _by_model(opinion, decision, candidates, filler, redacted.language, around.asks)
    if opinion is not None and by_model:
        return writer.by_model(by_model, opinion, redacted, vault)
    canned = Canned(filler, around.asks, commercial.unwanted(applying, playbook))
    second = second_answers(decision, answering, playbook, main, around.asks)
    offer = retention.offer_for(main, candidates, offers, applying, playbook.thresholds.answer_score)
    parts = canned.paragraphs(Parts(main.answer, [one.answer for one in second], offer.answer if offer else None))
    chosen = findings.chosen(decision, main, second, answering.answers, phrases)
    others = (*findings.left_out(canned.left_out, phrases), *chosen)
    return writer.canned(parts, main.answer.language, others, redacted, vault)


def grounds(proposed: Draft, candidates: Candidates, decision: Decision, playbook: Playbook) -> list[CannedAnswer]:
    """What the check may rest a draft on: the canned answers that were offered, and the account's own sentences."""
    applying = situations_of(decision, playbook)
    own = own_sentences(applying, proposed, playbook)
    return [*(one.answer for one in candidates.answers), *([own] if own else ())]


def _none(code: str, phrases: Phrases) -> NoDraft:
    return NoDraft(code=code, reason=phrases(f"drafts.none.{code}"))


def _why_none(decision: Decision, playbook: Playbook) -> str:
    if decision.queue is not None:
        return "out_of_scope" if playbook.queue(decision.queue).out_of_scope else "no_source"
    return "unseen" if decision.outcome_reason in ("unfamiliar", "out_of_scope") else "unsure"


def _by_model(
    opinion: ModelAnswer | None,
    decision: Decision,
    candidates: Candidates,
    filler: Filler,
    language: str,
    asks: Asks,
) -> tuple[Paragraph, ...]:
    if opinion is None or opinion.queue not in (None, decision.queue or decision.guess):
        return ()
    known = frozenset(one.answer.id for one in candidates.answers)
    return worded.paragraphs(opinion, known, filler, opinion.language or language, asks)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Puts paragraphs together as a draft, with the sentences of the situations that apply."""

    filler: Filler
    applying: Sequence[Situation]
    candidates: Candidates
    playbook: Playbook
    phrases: Phrases

    def by_model(self, parts: tuple[Paragraph, ...], opinion: ModelAnswer, redacted: Redacted, vault: Vault) -> Draft:
        """What the account does not want said is flagged, not cut out: the model's sentences lean on each other."""
        language = opinion.language or redacted.language
        unwanted = commercial.unwanted(self.applying, self.playbook)
        subject = _subject(opinion.subject, redacted, vault, language)
        parts = added(parts, self.applying, self.filler, language)
        return self._draft(parts, subject, language, redacted, commercial.flagged(parts, unwanted, self.phrases, _GAP))

    def canned(
        self, parts: tuple[Paragraph, ...], language: str, others: Iterable[Finding], redacted: Redacted, vault: Vault
    ) -> Draft:
        parts = added(parts, self.applying, self.filler, language)
        subject = _subject("", redacted, vault, language)
        return self._draft(parts, subject, language, redacted, others)

    def _draft(
        self,
        parts: tuple[Paragraph, ...],
        subject: str,
        language: str,
        redacted: Redacted,
        others: Iterable[Finding],
    ) -> Draft:
        body = BLANK_LINE.join(part.text for part in parts)
        cited = {source for part in parts for source in part.sources}
        found = [
            *findings.language(language, redacted.language, self.phrases),
            *unsaid(self.applying, language, self.phrases),
            *others,
            *self._offered(parts),
            *findings.tokens(body, self.phrases),
            *findings.unsourced(parts, self.phrases),
        ]
        return Draft(
            language=language,
            subject=subject,
            body=body,
            paragraphs=parts,
            findings=tuple(found),
            placeholders_left=tuple(dict.fromkeys(name[1] for name in PLACEHOLDER.finditer(body))),
            answers=tuple(one.answer.id for one in self.candidates.answers if one.answer.id in cited),
            situations=tuple(one.id for one in self.applying),
            computed=tuple(value for value in self.filler.computed if value in body),
        )

    def _offered(self, parts: Sequence[Paragraph]) -> Iterator[Finding]:
        """What is wrong with an offer to a customer who leaves: too early, or with a condition."""
        if offers := retention.offers_of(self.applying):
            yield from retention.misplaced(parts, offers, self.playbook, self.phrases, _GAP)
            yield from commercial.conditional(parts, self.playbook, self.phrases, _GAP)


def _subject(given: str, redacted: Redacted, vault: Vault, language: str) -> str:
    """ "Re:" and the subject as the customer wrote it, or the model's where its placeholders are true, on one line."""
    subject = " ".join(vault.restore(given or redacted.subject).split())
    if given and any(broken_placeholders(subject)):
        subject = " ".join(vault.restore(redacted.subject).split())
    while (prefix := _PREFIX.match(subject)) and fold(prefix[1]) in rules().replies:
        subject = subject[prefix.end() :]
    return f"Re: {subject or said('no_subject', language)}"
