"""A text cut into the parts of a message."""

import re

from service.domain.cleaned import Part, Segment
from service.domain.message import Message, Sender
from service.pipeline.clean.endings import find_ending, find_footers
from service.pipeline.clean.labelled import find_form, find_labelled
from service.pipeline.clean.letters import find_greeting, find_letterhead
from service.pipeline.clean.lines import Line, lines_of, segments_of, unquoted
from service.pipeline.clean.people import Signer
from service.pipeline.clean.phrases import MailPhrases, mail_phrases
from service.pipeline.clean.readable import Mark
from service.pipeline.clean.threads import find_headers, find_threads, is_rule

_FORWARDING = re.compile(r"\s*(?:(?:re|rép?|aw)\s*:\s*)*(?:tr|fwd?|wg|i|rv|enc)\s*:", re.IGNORECASE)
_POINTER_CHARS = 120
_ENOUGH_CHARS = 80


def segmented(text: str, marks: tuple[Mark, ...], message: Message) -> tuple[Segment, ...]:
    """Segments in order that cover all of the text but white space between lines."""
    phrases = mail_phrases()
    lines = lines_of(text, phrases)
    told = find_form(lines, phrases)
    find_threads(told, phrases, marks, forwarding=bool(_FORWARDING.match(message.subject)))
    find_labelled([line for line in told if line.part is None], phrases, message.sender)
    signatures = frozenset(mark.offset for mark in marks if mark.kind == "signature")
    signer = Signer.of(message.sender)
    stretches = _stretches(lines, {None})
    for number, stretch in enumerate(stretches):
        if number == 0:
            find_letterhead(stretch, phrases, is_letter=message.channel == "letter")
        find_footers(stretch, phrases)
        find_greeting(stretch, phrases)
        last = number == len(stretches) - 1
        find_ending(stretch, phrases, signer, signatures, begun=last and _said(stretches[:number]))
    _read_earlier(lines, phrases, signer)
    return segments_of(lines)


def _said(stretches: list[list[Line]]) -> bool:
    return any(line.part in {None, Part.BODY} for stretch in stretches for line in stretch)


def _stretches(lines: list[Line], parts: set[Part | None]) -> list[list[Line]]:
    """Neighbouring lines of the given parts."""
    stretches: list[list[Line]] = [[]]
    for line in lines:
        if line.part in parts:
            stretches[-1].append(line)
        elif stretches[-1]:
            stretches.append([])
    return [stretch for stretch in stretches if stretch]


def _read_earlier(lines: list[Line], phrases: MailPhrases, signer: Signer) -> None:
    """Where the customer wrote no words of his own, what he forwards is told from its own politeness."""
    own = [line for line in lines if line.part in {None, Part.BODY}]
    earlier = _stretches(lines, {Part.FORWARDED}) or _stretches(lines, {Part.QUOTE})
    if not earlier or not _only_points(own, phrases):
        return
    for line in own:
        line.part = Part.HEADER
    if below := _written_below(earlier[-1], phrases):
        _tell(below, phrases, signer, Part.BODY)
    else:
        _read_forwarded(earlier, phrases)


def _read_forwarded(earlier: list[list[Line]], phrases: MailPhrases) -> None:
    """The newest of the earlier messages that say enough are what is forwarded; older ones are quoted."""
    said = 0
    for message in earlier:
        kind = Part.FORWARDED if said < _ENOUGH_CHARS else Part.QUOTE
        _tell(message, phrases, Signer.of(Sender()), kind)
        said += sum(len(line.text) for line in message if line.part is kind)


def _written_below(earlier: list[Line], phrases: MailPhrases) -> list[Line]:
    """What greets anew below a ruled line: some answer under the message, not above it."""
    for index in range(len(earlier) - 1, 0, -1):
        if is_rule(earlier[index - 1]) and phrases.greeting.match(earlier[index].folded):
            return earlier[index:]
    return []


def _tell(lines: list[Line], phrases: MailPhrases, signer: Signer, kind: Part | None) -> None:
    """Greeting and ending of lines whose words are of that kind; behind `>`, also whom they name, quote and forward."""
    quoted = any(line.quoted for line in lines)
    for line in lines:
        line.part = None
    if quoted:
        lines = unquoted(lines)
        find_threads(lines[find_headers(lines, phrases) :], phrases, (), forwarding=False)
        lines = [line for line in lines if line.part is None]
    find_footers(lines, phrases)
    find_greeting(lines, phrases)
    find_ending(lines, phrases, signer, frozenset())
    for line in lines:
        line.part = kind if line.part in {None, Part.BODY} else line.part


def _only_points(own: list[Line], phrases: MailPhrases) -> bool:
    """Whether the customer's words only point at what follows, or there are none."""
    said = [line for line in own if not phrases.closing_alone.fullmatch(line.folded)]
    words = " ".join(line.folded[line.own_from :] for line in said).strip(" .,:;!()-")
    if len(words) > _POINTER_CHARS:
        return False
    return not any(char.isalnum() for char in words) or phrases.pointer.fullmatch(words) is not None
