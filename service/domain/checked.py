"""A draft of anybody's, to be compared with its sources."""

from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from service.domain.draft import Draft, Paragraph
from service.domain.limits import MAX_BODY_CHARS, MAX_VALUE_CHARS
from service.domain.message import Identifier, Message
from service.domain.value import Value

MOST_SOURCES, MOST_PARAGRAPHS = 50, 200
_BLOCK = "\n\n"
Sources = Annotated[tuple[Identifier, ...], Field(max_length=MOST_SOURCES, strict=False)]
Text = Annotated[str, StringConstraints(max_length=MAX_BODY_CHARS)]


class GivenParagraph(Value):
    """`sources`: canned answer ids, `message` or `account`."""

    model_config = ConfigDict(extra="ignore")

    text: Text
    sources: Sources = ()


class GivenDraft(Value):
    """A Triage's draft, or as much of one as there is: paragraphs, or a body whose paragraphs blank lines part."""

    model_config = ConfigDict(extra="ignore")

    language: Annotated[str, StringConstraints(max_length=2)] = ""
    subject: Annotated[str, StringConstraints(max_length=MAX_VALUE_CHARS)] = ""
    body: Text = ""
    paragraphs: Annotated[tuple[GivenParagraph, ...], Field(max_length=MOST_PARAGRAPHS, strict=False)] = ()


class DraftCheck(Value):
    """`answers`: the sources of every paragraph that names none of its own: answer ids, or `account`. `message`: what
    the customer wrote; without it, his own facts count as found nowhere. A whole Triage is read as its draft."""

    draft: Text | GivenDraft
    message: Message | None = None
    answers: Sources = ()
    account: Identifier | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_triage(cls, given: Any) -> Any:
        if isinstance(given, dict) and "outcome" in given:
            return {"draft": given.get("draft"), "account": given.get("account")}
        return given

    def as_draft(self) -> Draft:
        """With offsets of the body that its paragraphs make."""
        given = GivenDraft(body=self.draft) if isinstance(self.draft, str) else self.draft
        parts = given.paragraphs or tuple(
            GivenParagraph(text=text) for text in given.body.split(_BLOCK) if text.strip()
        )
        paragraphs = tuple(Paragraph(text=part.text, sources=part.sources or self.answers) for part in parts)
        return Draft(
            language=given.language,
            subject=given.subject,
            body=_BLOCK.join(part.text for part in paragraphs),
            paragraphs=paragraphs,
        )
