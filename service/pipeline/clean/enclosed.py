"""What was read of a message's files, put below its own text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from service.domain.cleaned import Cleaned, Part, Segment
from service.domain.limits import READ_CHARS
from service.domain.message import Message
from service.pipeline.clean.characters import mended
from service.pipeline.clean.language import language_of
from service.pipeline.clean.orders import NOTE, set_aside
from service.pipeline.clean.pointing import pointing
from service.pipeline.clean.segments import segmented

_LETTER = Message(channel="letter")
_GAP = "\n\n"
_POLITE = frozenset({Part.GREETING, Part.CLOSING})
_SAYING = frozenset({Part.BODY, Part.FORWARDED, Part.QUOTE})


def enclosed(cleaned: Cleaned, texts: Iterable[str]) -> Cleaned:
    """The message with the texts of its files, each in segments of its own, READ_CHARS in all.

    They are `Part.ATTACHED`, which no voter reads. Where the customer's own words only point at his files, the first
    `beside_chars` of what these say are read with his words, as `Part.BODY`: of letters, where he says little; of
    any file, where he says nothing (measured: `python -m evals.attachments`). Own words that only cover a file are
    none: where that file cannot be read, nobody knows what he wants, and a subject that only covers it too tells it no
    better. Nothing of the files has a place in the body as received, so that evidence in them has no offsets.
    """
    own = cleaned.own
    rules = pointing()
    if not rules.telling(own):
        cleaned = replace(cleaned, segments=tuple(_covering(cleaned.segments)))
    nothing_said, at_a_letter = rules.says_nothing(cleaned.subject, own), rules.at_a_letter(own)
    text, segments, left = cleaned.text, list(cleaned.segments), rules.beside_chars
    for given in texts:
        piece = mended(given)[0].strip()[: max(0, READ_CHARS - len(text) - len(_GAP))]
        if not piece:
            continue
        told = segmented(piece, (), _LETTER)
        his = nothing_said or (at_a_letter and any(segment.part in _POLITE for segment in told))
        found = _marked(piece, told, left if his else 0)
        left -= sum(segment.end - segment.start for segment in found if segment.part is Part.BODY)
        start = len(text) + len(_GAP)
        segments += [Segment(one.part, one.start + start, one.end + start) for one in found]
        text = f"{text}{_GAP}{piece}"
    orders = any(segment.part is Part.MACHINE for segment in segments) and NOTE not in cleaned.notes
    grown = replace(cleaned, text=text, segments=tuple(segments))
    if not rules.telling(cleaned.subject, own) and not grown.own.strip():
        grown = replace(grown, subject="")
    return replace(
        grown,
        language=cleaned.language if own.strip() else language_of(grown.own or cleaned.subject),
        notes=(*cleaned.notes, NOTE) if orders else cleaned.notes,
    )


def _covering(segments: Iterable[Segment]) -> Iterator[Segment]:
    for segment in segments:
        yield Segment(Part.HEADER, segment.start, segment.end) if segment.part is Part.BODY else segment


def _marked(piece: str, told: Sequence[Segment], most: int) -> Sequence[Segment]:
    """The segments of one file, at most so many characters of what it says as the customer's words."""
    found: list[Segment] = []
    for segment in set_aside(piece, tuple(_saying(told))):
        if segment.part is Part.MACHINE:
            found.append(segment)
            continue
        cut = min(segment.end, segment.start + most) if segment.part is Part.BODY else segment.start
        most -= cut - segment.start
        found += [Segment(Part.BODY, segment.start, cut)] if cut > segment.start else []
        found += [Segment(Part.ATTACHED, cut, segment.end)] if segment.end > cut else []
    return found


def _saying(told: Iterable[Segment]) -> Iterator[Segment]:
    """What a letter says as `Part.BODY`, its heads, greetings and signatures as `Part.QUOTE`: orders stand in both."""
    for segment in told:
        yield Segment(Part.BODY if segment.part in _SAYING else Part.QUOTE, segment.start, segment.end)
