"""Files of text: plain, HTML, a mail in a file."""

import codecs

from service.domain.attachment import FileText
from service.domain.message import Message
from service.pipeline.clean.reading import read

_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_plain(content: bytes, content_type: str) -> FileText:
    return FileText(decoded(content, content_type))


def read_html(content: bytes, content_type: str) -> FileText:
    """As the HTML of a message: what its reader would see."""
    return FileText(read(Message.model_construct(body=decoded(content, content_type), body_format="html")).text)


def read_mail(content: bytes, content_type: str) -> FileText:
    return FileText(read(Message.model_construct(body=decoded(content, content_type), body_format="mime")).text)


def decoded(content: bytes, content_type: str) -> str:
    """By its mark, as UTF-8, by the announced charset, as Windows-1252: whichever fits first."""
    for mark, charset in _BOMS:
        if content.startswith(mark):
            return content.decode(charset, "replace")
    if b"\x00" in content[:1_000]:
        return content.decode("utf-16-be" if content[:1] == b"\x00" else "utf-16-le", "replace")
    for charset in ("utf-8", *_announced(content_type)):
        try:
            return content.decode(charset)
        except (ValueError, LookupError):
            continue
    return content.decode("cp1252", "replace")


def _announced(content_type: str) -> tuple[str, ...]:
    _, found, charset = content_type.lower().partition("charset=")
    name = charset.strip("\"' ;")[:40]
    try:
        usable = bool(found) and codecs.lookup(name).name.startswith(("iso8859", "cp12", "mac", "koi8", "cp85"))
    except (LookupError, ValueError):
        return ()
    return (name,) if usable else ()
