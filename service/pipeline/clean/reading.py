"""A body in any format, turned into readable text."""

from collections.abc import Iterable
from dataclasses import replace

from service.domain.alignment import Alignment, Run
from service.domain.limits import READ_CHARS
from service.domain.message import Message
from service.pipeline.clean.markup import from_html, from_text, has_remnants
from service.pipeline.clean.mime import Entity, taken_apart
from service.pipeline.clean.notice import is_notice
from service.pipeline.clean.readable import Mark, Readable
from service.pipeline.clean.transfer import decoded
from service.pipeline.clean.undecoded import undecoded

_LINE_CHARS = 200


def read(message: Message) -> Readable:
    """The readable text of a body, in order, at most READ_CHARS of it, and its alignment with the body."""
    if message.body_format == "mime":
        return _cut(_from_mime(message.body))
    if message.body_format == "html":
        return _cut(from_html(message.body))
    return _cut(_from_body(message.body))


def _from_body(body: str) -> Readable:
    """Plain text, its transfer encoding undone where that was left to us."""
    encoded = undecoded(body[: 4 * READ_CHARS])
    if encoded is None:
        return _from_plain(body)
    readable = _from_plain(encoded.text)
    return replace(readable, alignment=readable.alignment.after(encoded.alignment))


def _from_plain(body: str) -> Readable:
    """Plain text as it is, from its first word on, or without its remnants of HTML."""
    start = len(body) - len(body.lstrip())
    head = body[start : start + 2 * READ_CHARS]
    if ("<" in head or "&" in head) and has_remnants(head):
        return from_text(body)
    end = start + len(head)
    notes = () if end >= len(body) or body[end:].isspace() else ("truncated",)
    return Readable(head, Alignment([Run(0, len(head), start, end)]), notes=notes)


def _cut(readable: Readable) -> Readable:
    if len(readable.text) <= READ_CHARS:
        return readable
    notes = readable.notes if "truncated" in readable.notes else (*readable.notes, "truncated")
    return Readable(readable.text[:READ_CHARS], readable.alignment, readable.marks, notes, readable.subject)


def _from_mime(body: str) -> Readable:
    whole = taken_apart(body)
    reader = _MimeReader(body)
    reader.walk(whole)
    return reader.readable(whole.header("Subject"))


class _MimeReader:
    """Walks the parts in the order in which a person would read them."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._texts: list[str] = []
        self._runs: list[Run] = []
        self._marks: list[Mark] = []
        self._notes: dict[str, None] = {}
        self._length = 0

    def readable(self, subject: str) -> Readable:
        return Readable("".join(self._texts), Alignment(self._runs), tuple(self._marks), tuple(self._notes), subject)

    def walk(self, entity: Entity) -> None:
        kind = entity.type
        if kind == "message/rfc822" and entity.parts:
            self._forwarded(entity.parts[0])
        elif kind == "multipart/alternative":
            self._alternative(entity.parts)
        elif kind in {"multipart/related", "multipart/signed"} and entity.parts:
            self.walk(entity.parts[0])
            self._note_files(entity.parts[1:])
        elif entity.parts:
            for part in entity.parts:
                self.walk(part)
        else:
            self._leaf(entity)

    def _alternative(self, parts: tuple[Entity, ...]) -> None:
        """Plain text where it says anything, else the richest part that can be read.

        HTML where the plain text is only a notice to whoever cannot read it.
        """
        notice = is_notice(self._source, parts)
        for part in sorted(parts, key=lambda part: (part.type != "text/plain") ^ notice):
            before = len(self._texts)
            self.walk(part)
            if any(text.strip() for text in self._texts[before:]):
                return

    def _leaf(self, entity: Entity) -> None:
        if entity.type not in {"text/plain", "text/html"} or entity.attached:
            self._note_files((entity,))
            return
        part = decoded(self._source, entity)
        readable = from_html(part.text) if entity.type == "text/html" else _from_plain(part.text)
        self._add(readable, readable.alignment.after(part.alignment), part.notes)

    def _forwarded(self, inner: Entity) -> None:
        """An attached message is read as a forwarded one, below the headers that a person would see."""
        lines = [
            f"{name}: {value[:_LINE_CHARS]}" for name in ("From", "Date", "Subject") if (value := inner.header(name))
        ]
        headers = "\n".join(lines)
        self._add(Readable(headers, Alignment(), (Mark(0, "forwarded"),)), Alignment(), ())
        self.walk(inner)

    def _add(self, readable: Readable, alignment: Alignment, notes: Iterable[str]) -> None:
        if self._length:
            self._texts.append("\n\n")
            self._length += 2
        shift = self._length
        self._runs.extend(Run(r.start + shift, r.end + shift, r.source_start, r.source_end) for r in alignment.runs)
        self._marks.extend(Mark(mark.offset + shift, mark.kind) for mark in readable.marks)
        self._notes.update(dict.fromkeys((*notes, *readable.notes)))
        self._texts.append(readable.text)
        self._length += len(readable.text)

    def _note_files(self, parts: Iterable[Entity]) -> None:
        """Codes for what was not read, so that an advisor knows to look."""
        for part in parts:
            name = (part.headers.get_filename() or "").lower()
            if part.type == "application/ms-tnef" or name == "winmail.dat":
                self._notes["winmail_dat"] = None
            elif part.type in {"application/pkcs7-mime", "application/pgp-encrypted"}:
                self._notes["encrypted"] = None
            elif part.type not in {
                "application/pgp-signature",
                "application/pkcs7-signature",
                "message/delivery-status",
            }:
                self._notes["attachment_unread"] = None
