"""Characters put right: mojibake, controls, invisible and direction characters, exotic spaces, NFC."""

import re
import unicodedata

import ftfy
from ftfy.badness import is_bad

from service.domain.alignment import Alignment
from service.pipeline.clean.written import Written

# Tags, variation selectors and direction overrides can hide words from the advisor who reads along.
_DROPPED = re.compile(
    "\r(?=\n)|[\x00-\x08\x0e-\x1f\x7f\x81\x8d\x8f\x90\x9d\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0e\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]+"
)
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_NEWLINES = "\r\v\f\u2028\u2029"
# Windows' quotes and dashes, read as Latin-1, land among the C1 controls.
_WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_PLAIN = {
    **{code: char for code, char in _WINDOWS.items() if char},
    **dict.fromkeys(map(ord, _SPACES), " "),
    **dict.fromkeys(map(ord, _NEWLINES), "\n"),
}
_WORD = re.compile(r"[ \t\r\n]+|[^ \t\r\n]+")


def mended(text: str) -> tuple[str, Alignment]:
    """The text with its characters put right, and its alignment with the text as given.

    Controls, invisible and direction characters are left out, exotic spaces and line ends become plain
    ones, wrongly decoded UTF-8 is decoded anew (ftfy), and the rest is composed (NFC). Linear in the text.
    """
    fixed, alignment = text, Alignment.identity(len(text))
    for step in (_decoded_anew, _without_hidden, _composed):
        changed = step(fixed)
        if changed is not None:
            fixed, alignment = changed.text, changed.alignment.after(alignment)
    return fixed.translate(_PLAIN), alignment


def _decoded_anew(text: str) -> Written | None:
    if text.isascii() or not is_bad(text):
        return None
    written, offset = Written(), 0
    for line in text.splitlines(keepends=True):
        fixed = ftfy.fix_encoding(line) if is_bad(line) else line
        _add_fixed(written, line, fixed, offset)
        offset += len(line)
    return written


def _add_fixed(written: Written, line: str, fixed: str, offset: int) -> None:
    """Word by word where the words can still be told, else as a whole."""
    before, after = _WORD.findall(line), _WORD.findall(fixed)
    if line == fixed or len(before) != len(after):
        before, after = [line], [fixed]
    for old, new in zip(before, after, strict=True):
        written.add(new, offset, offset + len(old))
        offset += len(old)


def _without_hidden(text: str) -> Written | None:
    if not _DROPPED.search(text):
        return None
    written, start = Written(), 0
    for found in _DROPPED.finditer(text):
        written.add(text[start : found.start()], start, found.start())
        start = found.end()
    written.add(text[start:], start, len(text))
    return written


def _composed(text: str) -> Written | None:
    if unicodedata.is_normalized("NFC", text):
        return None
    written = Written()
    for word in _WORD.finditer(text):
        written.add(unicodedata.normalize("NFC", word.group()), word.start(), word.end())
    return written
