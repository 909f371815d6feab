"""Redact: personal data out of a message, typed and stable placeholders in its place."""

import re
from collections.abc import Iterator, Sequence
from email.utils import parseaddr

from service.domain.alignment import Alignment
from service.domain.cleaned import Cleaned, Part, Segment
from service.domain.limits import READ_CHARS
from service.domain.message import Message
from service.domain.playbook import Playbook
from service.domain.redacted import Redacted, RedactedText, Vault
from service.pipeline.redact import formats, numbers, spelled
from service.pipeline.redact.addresses import addresses
from service.pipeline.redact.births import PLAIN, births, plain_dates
from service.pipeline.redact.entities import Register
from service.pipeline.redact.known import Known, known
from service.pipeline.redact.near import near_digits
from service.pipeline.redact.persons import persons
from service.pipeline.redact.rewrite import carry, rewrite
from service.pipeline.redact.runs import Reader
from service.pipeline.redact.sender import Sender, sender_of
from service.pipeline.redact.spans import Span, settle
from service.pipeline.redact.words import Words, fold, words

_FORGED = re.compile(r"\[\[[^\[\]\n]{0,80}\]\]")
_SIGNING = frozenset({Part.CLOSING, Part.SIGNATURE})
_TAIL_CHARS = 160
_OVERLAP = 200


def redact(cleaned: Cleaned, message: Message, playbook: Playbook) -> tuple[Redacted, Vault]:
    """The message without its personal data, and the vault that holds them.

    Subject and text are read together, so that one entity has one placeholder in both. Only the first
    READ_CHARS characters of the text are carried over; personal data that begin there go as a whole.
    Placeholders that the customer wrote himself become `[[TEXTE_n]]`.
    """
    lists = words()
    sender = sender_of(message, lists)
    read = cleaned.text[: READ_CHARS + _OVERLAP]
    joined = f"{cleaned.subject}\n\x00\n{read}"
    offset = len(joined) - len(read)
    register = Register()
    who = _enter_sender(register, sender, message)
    tail = [(low + offset, high + offset) for low, high in _tail(read, cleaned.segments)]
    own = known(playbook)
    finds = _finds(joined, tail, sender, own, lists, cleaned.language)
    placed = [
        (find.start, find.end, register.placeholder(find, joined[find.start : find.end], sender)) for find in finds
    ]
    subject, _ = rewrite(joined, 0, len(cleaned.subject), placed)
    inside = [(low - offset, high - offset, placeholder) for low, high, placeholder in placed if low >= offset]
    text, runs = rewrite(read, 0, min(len(read), READ_CHARS), inside)
    redacted = Redacted(
        subject=RedactedText(subject),
        text=RedactedText(text),
        segments=carry(cleaned.segments, runs),
        alignment=Alignment(runs).after(cleaned.alignment),
        language=cleaned.language,
        channel=message.channel,
        recipient=_own_address(message.recipient, own),
        sender=RedactedText(who),
    )
    return redacted, Vault(register.values)


def _own_address(recipient: str, own: Known) -> RedactedText:
    """The address written to, without the name before it; nothing where it is none of the company's."""
    address = parseaddr(recipient)[1]
    return RedactedText(address if own.domain(address.rpartition("@")[2]) else "")


def _enter_sender(register: Register, sender: Sender, message: Message) -> str:
    """Gives the sender the first placeholder of his kinds; the one to address him by, or ""."""
    address = message.sender.address.strip()
    by_address = register.enter("EMAIL", address.lower(), address) if address else ""
    if sender.name:
        return register.enter("PERSONNE", " ".join(sorted(sender.names)), sender.name)
    return by_address


def _finds(
    text: str, tail: Sequence[tuple[int, int]], sender: Sender, own: Known, lists: Words, language: str
) -> list[Span]:
    """Everything found; what stands first here wins where two finds overlap."""
    folded = fold(text)
    found = settle(
        (
            (Span(*found.span(), "TEXTE", found[0]) for found in _FORGED.finditer(text)),
            formats.emails(text, own),
            formats.links(text),
            spelled.phones(folded, lists),
            spelled.births(folded, lists),
            *_with_digits(text, folded, own, lists),
            persons(Reader(text, folded, tail, sender, lists, language)),
        )
    )
    return [find for find in found if find.kind != PLAIN]


def _with_digits(text: str, folded: str, own: Known, lists: Words) -> Iterator[Iterator[Span]]:
    near = list(near_digits(text))
    if not near:
        return
    yield formats.ibans(text, own)
    yield formats.social_security(text)
    yield formats.cards(text)
    yield formats.plates(text, folded, lists)
    yield births(folded, lists)
    yield addresses(text, folded, own, lists)
    yield plain_dates(folded, lists)
    yield formats.phones(text, own)
    yield numbers.account(text, near, own)
    yield numbers.labelled(folded, near, own, lists)
    yield numbers.unlabelled(text, folded, near, own, lists)


def _tail(text: str, segments: Sequence[Segment]) -> Iterator[tuple[int, int]]:
    """Where people sign: closings and signatures, and the last lines of each stretch of words."""
    for segment in segments:
        if segment.part in _SIGNING:
            yield segment.start, segment.end
        elif segment.part is not Part.GREETING:
            yield max(segment.start, segment.end - _TAIL_CHARS), segment.end
    if not segments:
        yield max(0, len(text) - _TAIL_CHARS), len(text)
