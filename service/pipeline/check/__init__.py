"""Check: every fact and promise of a draft is found in a source, or flagged."""

from collections.abc import Sequence

from service.domain.answers import CannedAnswer
from service.domain.cleaned import Cleaned
from service.domain.draft import Draft
from service.domain.message import Message
from service.domain.playbook import Playbook
from service.phrases import Phrases
from service.pipeline.check.grounds import Sources
from service.pipeline.check.paragraph import Paragraphs
from service.pipeline.check.retold import Retold

_BLANK_LINE = "\n\n"


def check(
    draft: Draft,
    answers: Sequence[CannedAnswer],
    cleaned: Cleaned,
    message: Message,
    playbook: Playbook,
    phrases: Phrases,
    lasting: bool = True,
) -> Draft:
    """The draft with its findings: facts, commitments and statements that no source of their paragraph holds.

    `answers` are the canned answers that were offered; a paragraph rests on those it cites, on the customer's
    record and message, and on the account's facts: for amounts, delays and the like only where it cites `account`.
    `lasting`: they are the library's, and are asked for again. Findings made before are kept; all are in order of the
    body.
    """
    retold = Retold([paragraph.text for paragraph in draft.paragraphs])
    paragraphs = Paragraphs(Sources(answers, cleaned, message, playbook, lasting), phrases, retold)
    found = list(draft.findings)
    at = 0
    for paragraph in draft.paragraphs:
        found += paragraphs.findings(paragraph, at)
        at += len(paragraph.text) + len(_BLANK_LINE)
    return draft.model_copy(update={"findings": tuple(sorted(found, key=lambda finding: finding.start))})
