"""Made-up messages and what the tests ask of them."""

from service.domain.cleaned import Cleaned, Part
from service.domain.message import Message, Sender
from service.pipeline.clean import clean

JEANNE = Sender(name="Jeanne Martineau", address="jeanne.martineau@example.org")


def cleaned(body: str, body_format: str = "text", **fields: object) -> Cleaned:
    return clean(Message.model_validate({"sender": JEANNE, "body": body, "body_format": body_format, **fields}))


def own(body: str, body_format: str = "text", **fields: object) -> str:
    return cleaned(body, body_format, **fields).own


def part(result: Cleaned, wanted: Part) -> str:
    return "\n".join(result.text[s.start : s.end] for s in result.segments if s.part is wanted)


def source_of(result: Cleaned, body: str, words: str) -> str:
    """The piece of the body that the words of the text were made from."""
    start = result.text.index(words)
    span = result.alignment.to_source(start, start + len(words))
    assert span is not None
    return body[span[0] : span[1]]
