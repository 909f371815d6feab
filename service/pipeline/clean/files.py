"""The files that came with a message: those that the caller names, and those inside a raw e-mail."""

import binascii
import quopri
import re
import unicodedata
from collections.abc import Collection, Iterator

from service.domain.attachment import File
from service.domain.message import Attachment, Message
from service.pipeline.clean.mime import Entity, decoded_header, taken_apart
from service.pipeline.clean.transfer import from_base64

NAME_CHARS = 120
_NAMES = ("name=", "name*", "Name=", "NAME=", "attachment", "Attachment", "ATTACHMENT")
_NOTES = frozenset({"attachment_unread", "winmail_dat", "encrypted"})
_SPACE = re.compile(rb"\s+")
_NO_FILES = frozenset({"application/pgp-signature", "application/pkcs7-signature", "message/delivery-status"})
_SEALED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"})
_FORMULA = "=+-@ \t"


def carries_files(message: Message, notes: Collection[str] = ()) -> bool:
    """Quick, and True rather once too often. `notes`: what cleaning it left, which passes over some files unsaid."""
    if message.attachments:
        return True
    return message.body_format == "mime" and (
        not _NOTES.isdisjoint(notes) or any(name in message.body for name in _NAMES)
    )


def files_of(message: Message) -> tuple[File, ...]:
    """In the order in which they came. Never raises."""
    given = [_given(attachment) for attachment in message.attachments]
    if message.body_format != "mime":
        return tuple(given)
    return (*given, *(_enclosed(message.body, entity) for entity in _attached(taken_apart(message.body))))


def shown_name(name: str) -> str:
    """Without folders, without what turns or hides letters on a screen, and no formula for a spreadsheet."""
    last = re.split(r"[/\\]", name)[-1]
    seen = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in last)
    return " ".join(seen.split()).lstrip(_FORMULA)[:NAME_CHARS]


def _given(attachment: Attachment) -> File:
    name, kind = shown_name(attachment.filename), " ".join(attachment.content_type.split())
    if attachment.text is not None:
        return File(name, kind, text=attachment.text)
    try:
        content = _SPACE.sub(b"", (attachment.content_base64 or "").encode())
        return File(name, kind, binascii.a2b_base64(content, strict_mode=True))
    except ValueError:
        return File(name, kind, reason="corrupt")


def _attached(entity: Entity, among_others: bool = False) -> Iterator[Entity]:
    """Files, in order. Of the ways in which a letter is told twice none is a file, unless it says so."""
    if entity.type == "message/rfc822":
        for part in entity.parts:
            yield from _attached(part)
    elif entity.parts:
        for part in entity.parts:
            yield from _attached(part, entity.type == "multipart/alternative")
    elif _is_file(entity) and (entity.attached or not among_others):
        yield entity


def _is_file(entity: Entity) -> bool:
    if entity.type in _NO_FILES or entity.type.startswith("multipart/"):
        return False
    return entity.attached or entity.type not in {"text/plain", "text/html"}


def _enclosed(source: str, entity: Entity) -> File:
    name = shown_name(decoded_header(entity.headers.get_filename() or ""))
    if entity.type in _SEALED:
        return File(name, entity.type, reason="encrypted")
    charset = entity.headers.get_content_charset()
    kind = f"{entity.type}; charset={charset}" if charset and entity.type.startswith("text/") else entity.type
    return File(name, kind, _content(source[entity.start : entity.end], entity))


def _content(raw: str, entity: Entity) -> bytes:
    encoding = str(entity.headers.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding == "base64":
        return from_base64(raw)
    plain = raw.encode("utf-8", "replace")
    return quopri.decodestring(plain) if encoding == "quoted-printable" else plain
