"""What the model said, after validation: names are checked against the playbook and the candidates."""

from service.domain.draft import Paragraph
from service.domain.value import Value


class AskHeard(Value):
    """What the customer asks for, in his words; `queue` is None where the model does not say."""

    words: str
    queue: str | None = None


class ModelAnswer(Value):
    """All text still holds placeholders. `queue` is None where only a draft was asked for.

    `confidence` is what the model claims, in percent; it is never believed as it stands.
    `quotes` are words of the message that the model gives as its reason. A paragraph's `asks` count from 0 in `asks`.
    """

    queue: str | None
    confidence: int = 0
    alternatives: tuple[str, ...] = ()
    secondary: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()
    reason: str = ""
    subject: str = ""
    language: str = ""
    asks: tuple[AskHeard, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
