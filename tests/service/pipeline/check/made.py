"""What the check says of a draft whose paragraphs cite one answer."""

from service.domain.answers import CannedAnswer
from service.domain.draft import Draft, Paragraph
from service.domain.message import Message
from service.pipeline.check import check
from tests.service.pipeline.draft.made import PHRASES
from tests.service.pipeline.redact.made import PLAYBOOK, cleaned


def kinds_of(source: CannedAnswer, mail: Message, *texts: str) -> list[str]:
    """Of the findings, in order."""
    parts = tuple(Paragraph(text=text, sources=(source.id,)) for text in texts)
    made = Draft(language="fr", subject="s", body="\n\n".join(texts), paragraphs=parts)
    return [finding.kind for finding in check(made, (source,), cleaned(mail), mail, PLAYBOOK, PHRASES).findings]
