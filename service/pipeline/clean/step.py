"""Message -> Cleaned."""

from service.domain.alignment import Alignment
from service.domain.cleaned import Cleaned, Part, Segment, own_words
from service.domain.message import Message
from service.pipeline.clean.characters import mended
from service.pipeline.clean.language import language_of
from service.pipeline.clean.orders import NOTE, set_aside
from service.pipeline.clean.readable import Readable, carried
from service.pipeline.clean.reading import read
from service.pipeline.clean.segments import segmented
from service.pipeline.clean.wrapped import unwrapped

POSTED = frozenset({"chat", "sms"})
"""Channels on which a line is what somebody sent at a time: nothing wraps it."""


def clean(message: Message) -> Cleaned:
    """The readable text of a message, the customer's own new words told apart from all else.

    Never raises on a valid Message, and takes time linear in its size. At most READ_CHARS of readable text
    are kept (note `truncated`). `alignment` is exact for plain text; HTML entities and encoded words map as
    a whole; base64 parts have no way back.
    """
    readable, text, alignment, segments = _parted(message)
    orders = any(segment.part is Part.MACHINE for segment in segments)
    subject, _ = mended(message.subject or readable.subject)
    return Cleaned(
        subject=" ".join(subject.split()),
        text=text,
        segments=segments,
        alignment=alignment.after(readable.alignment),
        language=language_of(own_words(text, segments) or subject),
        notes=(*readable.notes, NOTE) if orders else readable.notes,
    )


def own(message: Message) -> str:
    """`clean(message).own`, for whom the rest does not matter: a third of the time is spent on it."""
    _, text, _, segments = _parted(message)
    return own_words(text, segments)


def _parted(message: Message) -> tuple[Readable, str, Alignment, tuple[Segment, ...]]:
    readable = read(message)
    text, alignment = mended(readable.text)
    joined = None if message.channel in POSTED else unwrapped(text)
    if joined is not None:
        text, alignment = joined[0], joined[1].after(alignment)
    return readable, text, alignment, set_aside(text, segmented(text, carried(readable.marks, alignment), message))
