"""Draft: a reply proposed to an advisor, from canned answers, worded by a model where one was asked."""

import re
from collections.abc import Iterable, Iterator

from service.domain.candidates import Candidates
from service.domain.decision import Decision
from service.domain.draft import Draft, Finding, NoDraft, Paragraph
from service.domain.message import Message
from service.domain.model_answer import ModelAnswer
from service.domain.playbook import Playbook
from service.domain.redacted import Redacted, Vault
from service.phrases import Phrases
from service.pipeline.draft import canned, worded
from service.pipeline.draft.choice import main_answer, second_answers
from service.pipeline.draft.filling import PLACEHOLDER, Filler
from service.pipeline.draft.rules import rules
from service.pipeline.redact.words import fold

_TOKEN_LIKE = re.compile(r"\[\[[^\[\]\n]{0,80}\]{0,2}|\[[A-Z]{3,}[ _]\d{1,3}\]{0,2}|[A-Z]{3,}_\d{1,3}\]\]")
_PREFIX = re.compile(r"\s*([^\W\d_]{2,4})\s*(?:\[\d+\])?\s*:\s*")
BLANK_LINE = "\n\n"


def draft(
    decision: Decision,
    candidates: Candidates,
    redacted: Redacted,
    vault: Vault,
    message: Message,
    playbook: Playbook,
    opinion: ModelAnswer | None,
    phrases: Phrases,
) -> Draft | NoDraft:
    """A draft for the decided queue, or the reason why there is none.

    Where the decision abstains, a draft is offered only if the best guess and retrieval agree on it. The model's
    words are used only if it wrote for that queue and from the candidates; else the canned answer stands.
    """
    if not redacted.own.strip() and not redacted.subject.strip():
        return _none("empty", phrases)
    main = main_answer(decision, candidates, playbook, redacted.language)
    if main is None:
        return _none(_why_none(decision, playbook), phrases)
    filler = Filler(message, redacted, vault, playbook, repeated="chaser" in decision.flags)
    by_model = _by_model(opinion, decision, candidates, filler, redacted.language)
    if opinion is not None and by_model:
        language = opinion.language or redacted.language
        return _draft(
            by_model, _subject(opinion.subject, redacted, vault, phrases), language, candidates, redacted, phrases
        )
    second = second_answers(decision, candidates, playbook, main)
    parts = tuple(canned.paragraphs(main.answer, [one.answer for one in second], filler, phrases))
    subject = _subject("", redacted, vault, phrases)
    return _draft(parts, subject, main.answer.language, candidates, redacted, phrases)


def _none(code: str, phrases: Phrases) -> NoDraft:
    return NoDraft(code=code, reason=phrases(f"drafts.none.{code}"))


def _why_none(decision: Decision, playbook: Playbook) -> str:
    if decision.queue is not None:
        return "out_of_scope" if playbook.queue(decision.queue).out_of_scope else "no_source"
    return "out_of_scope" if decision.outcome_reason == "out_of_scope" else "unsure"


def _by_model(
    opinion: ModelAnswer | None, decision: Decision, candidates: Candidates, filler: Filler, language: str
) -> tuple[Paragraph, ...]:
    if opinion is None or opinion.queue not in (None, decision.queue or decision.guess):
        return ()
    known = frozenset(one.answer.id for one in candidates.answers)
    return worded.paragraphs(opinion, known, filler, opinion.language or language)


def _draft(
    parts: tuple[Paragraph, ...],
    subject: str,
    language: str,
    candidates: Candidates,
    redacted: Redacted,
    phrases: Phrases,
) -> Draft:
    body = BLANK_LINE.join(part.text for part in parts)
    cited = {source for part in parts for source in part.sources}
    found = [*_language(language, redacted.language, phrases), *_tokens(body, phrases), *_unsourced(parts, phrases)]
    return Draft(
        language=language,
        subject=subject,
        body=body,
        paragraphs=parts,
        findings=tuple(found),
        placeholders_left=tuple(dict.fromkeys(name[1] for name in PLACEHOLDER.finditer(body))),
        answers=tuple(one.answer.id for one in candidates.answers if one.answer.id in cited),
    )


def _language(written: str, wanted: str, phrases: Phrases) -> Iterator[Finding]:
    if written != wanted:
        detail = phrases("drafts.language", wanted=_named(wanted, phrases), written=_named(written, phrases))
        yield Finding(kind="language", text="", start=0, end=0, severity="info", detail=detail)


def _named(language: str, phrases: Phrases) -> str:
    name = f"drafts.languages.{language}"
    return phrases(name) if name in phrases else language


def _tokens(body: str, phrases: Phrases) -> Iterator[Finding]:
    """Placeholders of redaction that a model invented or broke: nothing stands behind them."""
    for found in _TOKEN_LIKE.finditer(body):
        detail = phrases("drafts.unknown_placeholder")
        yield Finding(
            kind="placeholder", text=found[0], start=found.start(), end=found.end(), severity="error", detail=detail
        )


def _unsourced(parts: Iterable[Paragraph], phrases: Phrases) -> Iterator[Finding]:
    """Paragraphs that name no source at all."""
    at = 0
    for part in parts:
        if not part.sources:
            detail = phrases("drafts.unknown_source")
            yield Finding(
                kind="source", text=part.text, start=at, end=at + len(part.text), severity="warning", detail=detail
            )
        at += len(part.text) + len(BLANK_LINE)


def _subject(given: str, redacted: Redacted, vault: Vault, phrases: Phrases) -> str:
    """ "Re:" and the subject as the customer wrote it, or the model's, on one line."""
    subject = " ".join(vault.restore(given or redacted.subject).split())
    while (prefix := _PREFIX.match(subject)) and fold(prefix[1]) in rules().replies:
        subject = subject[prefix.end() :]
    return phrases("drafts.subject", subject=subject or phrases("drafts.no_subject"))
