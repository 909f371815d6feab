"""What may be shown of a message and its draft to whoever judges them: no personal data."""

import re
from collections.abc import Iterable

from evals.harness.predictions import Shown
from service.domain.confirmed import Confirmed
from service.domain.draft import Draft
from service.domain.message import Message
from service.domain.playbook import Playbook
from service.pipeline.clean import clean, opened
from service.pipeline.redact import redact

MESSAGE_CHARS = 4_000
LEAST_CHARS = 3
HIDDEN = "[[…]]"


def shown_of(confirmed: Confirmed, draft: Draft, playbook: Playbook) -> Shown:
    """Message and draft, each redacted. What the metadata and the labels hold is hidden in both besides: the draft
    was filled from there."""
    message = opened(confirmed.message)
    redacted, vault = redact(clean(message), message, playbook)
    personal = (*vault.values.values(), *message.metadata.values(), *confirmed.pii)
    written = Message(body=hidden(draft.body, personal), sender=message.sender)
    redrawn, _ = redact(clean(written), written, playbook)
    words = redacted.own or redacted.text
    return Shown(
        subject=hidden(redacted.subject, personal),
        message=hidden(words[:MESSAGE_CHARS], personal),
        draft=redrawn.text,
        language=playbook.language,
    )


def hidden(text: str, personal: Iterable[str]) -> str:
    """Without any of these strings, the longest first."""
    wanted = {one.strip() for one in personal if len(one.strip()) >= LEAST_CHARS}
    if not wanted:
        return text
    longest = sorted(wanted, key=len, reverse=True)
    return re.sub(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", HIDDEN, text)
