"""A MIME part's characters: transfer encoding and charset undone, with the way back to the source."""

import binascii
import codecs
import quopri
import re

from service.domain.alignment import Alignment, Run
from service.pipeline.clean.mime import Entity
from service.pipeline.clean.readable import Readable
from service.pipeline.clean.written import Written

_ENCODED = re.compile(r"(?:=[0-9A-Fa-f]{2}|=[ \t]*\r?\n)+")
_SOFT_BREAK = re.compile(r"=[ \t]*\r?\n")
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64))
_MOST_MAPPED = 10_000
# Not charsets of mail: slow, stateful or not text at all.
_REFUSED = frozenset({"idna", "oem", "mbcs", "punycode", "raw_unicode_escape", "undefined", "unicode_escape"})
_ALIASES = {"ascii": "cp1252", "iso8859-1": "cp1252", "us-ascii": "cp1252", "unicode-1-1-utf-7": "utf-7"}


def decoded(source: str, entity: Entity) -> Readable:
    """The part's text. Notes: `unknown_charset`, `broken_charset`.

    Plain and quoted-printable parts keep their alignment; base64 and very long parts have none.
    """
    raw = source[entity.start : entity.end]
    encoding = str(entity.headers.get("Content-Transfer-Encoding", "")).strip().lower()
    charset, notes = _charset(entity)
    if encoding == "base64":
        text, broken = _text(from_base64(raw), charset)
        alignment = Alignment()
    elif encoding == "quoted-printable":
        text, alignment, broken = _from_quoted_printable(raw, charset, entity.start)
    else:
        text, broken = _eight_bit(raw, charset), False
        alignment = Alignment([Run(0, len(text), entity.start, entity.end)] if len(text) == len(raw) else ())
    return Readable(text, alignment, notes=notes + (("broken_charset",) if broken else ()))


def _charset(entity: Entity) -> tuple[str, tuple[str, ...]]:
    """A codec that exists; Windows' superset where Latin-1 or ASCII is said, as mail programs mean it."""
    said = entity.headers.get_param("charset")
    name = (said[2] if isinstance(said, tuple) else str(said or "utf-8")).strip().lower()
    name = _ALIASES.get(name, name)
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return "utf-8", ("unknown_charset",)
    if found.name in _REFUSED or not found._is_text_encoding:
        return "utf-8", ("unknown_charset",)
    return _ALIASES.get(found.name, found.name), ()


def _text(content: bytes, charset: str) -> tuple[str, bool]:
    """Decoded by the charset, else as UTF-8, else as Windows-1252; whether the charset was wrong."""
    for attempt in dict.fromkeys((charset, "utf-8")):
        try:
            return content.decode(attempt), attempt != charset
        except ValueError:
            continue
    return content.decode("cp1252", "replace"), True


def from_base64(raw: str) -> bytes:
    """What can be decoded of it: signs that are none of the alphabet are passed over."""
    content = raw.encode("ascii", "ignore").translate(None, _NOT_BASE64)
    content = content[: len(content) - (len(content) % 4 == 1)]
    return binascii.a2b_base64(content + b"=" * (-len(content) % 4))


def _eight_bit(raw: str, charset: str) -> str:
    """Where the caller read bytes as Latin-1, the charset is applied now; else the text is right already."""
    if raw.isascii():
        return raw if charset != "utf-7" else raw.encode().decode(charset, "replace")
    try:
        return raw.encode("latin-1").decode(charset)
    except ValueError:
        return raw


def _from_quoted_printable(raw: str, charset: str, offset: int) -> tuple[str, Alignment, bool]:
    if raw.count("=") > _MOST_MAPPED or not raw.isascii() or not _superset_of_ascii(charset):
        content = quopri.decodestring(raw.encode("utf-8", "replace"))
        text, broken = _text(content, charset)
        return text, Alignment(), broken
    return by_stretches(raw, charset, offset)


def by_stretches(raw: str, charset: str, offset: int) -> tuple[str, Alignment, bool]:
    """Quoted-printable undone where it stands, all else as it is; whether the charset was wrong."""
    written, at, broken = Written(), 0, False
    for found in _ENCODED.finditer(raw):
        written.add(raw[at : found.start()], offset + at, offset + found.start())
        text, wrong = _text(binascii.unhexlify(_SOFT_BREAK.sub("", found.group()).replace("=", "")), charset)
        written.add(text, offset + found.start(), offset + found.end())
        broken, at = broken or wrong, found.end()
    written.add(raw[at:], offset + at, offset + len(raw))
    return written.text, written.alignment, broken


def _superset_of_ascii(charset: str) -> bool:
    """Whether bytes below 128 always mean themselves, so that encoded stretches can be decoded one by one."""
    return charset == "utf-8" or charset.startswith(("iso8859", "cp125", "koi8", "mac"))
