"""The text of Word and OpenDocument files: one stream of XML out of an archive, read as it is unpacked.

Own reading rather than a document library: those unpack the whole archive and build a tree of it, so that a file
of a few kilobytes can ask for gigabytes. Here nothing is kept but words, document types are refused (no entity is
ever expanded), and no other part of the archive is opened.
"""

import zlib
from collections.abc import Callable
from io import BytesIO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from service.connectors.attachments.limits import Limits
from service.domain.attachment import FileText

_CHUNK = 65_536
_WORD = ("schemas.openxmlformats.org/wordprocessingml", "purl.oclc.org/ooxml/wordprocessingml")
_ODF_TEXT = "opendocument:xmlns:text"
_ODF = "opendocument:xmlns"
_FALSE = frozenset({"0", "false", "off"})
_UNREAD = frozenset({"Fallback", "tracked-changes", "annotation"})
"""What repeats what was read, or what an author has taken out or noted."""


class _EnoughError(Exception):
    """More than was asked for has been read."""


class _UnsafeError(Exception):
    """The XML declares a document type, as none of an office program does; or it unpacks to more than it may."""


def read_docx(content: bytes, limits: Limits) -> FileText:
    return _read(content, "word/document.xml", limits)


def read_odt(content: bytes, limits: Limits) -> FileText:
    return _read(content, "content.xml", limits)


def _read(content: bytes, part: str, limits: Limits) -> FileText:
    words = _Words(limits.chars)
    truncated = False
    try:
        _parse(content, part, limits, words)
    except _EnoughError:
        truncated = True
    except _UnsafeError:
        return FileText(reason="unsafe")
    except (RuntimeError, NotImplementedError):  # how zipfile says: needs a password, or a method it does not know
        return FileText(reason="encrypted")
    except (BadZipFile, KeyError, EOFError, OSError, ValueError, zlib.error, expat.ExpatError):
        return FileText(reason="corrupt")
    text = "".join(words.pieces)
    if not any(map(str.isalnum, text)):
        return FileText(reason="no_text")
    return FileText(text, reason="truncated" if truncated else "")


def _parse(content: bytes, part: str, limits: Limits, words: "_Words") -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = words.start
    parser.EndElementHandler = words.end
    parser.CharacterDataHandler = words.data
    parser.StartDoctypeDeclHandler = _refuse
    unpacked = 0
    with ZipFile(BytesIO(content)) as archive, archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            unpacked += len(chunk)
            if unpacked > limits.unpacked:
                raise _UnsafeError
            parser.Parse(chunk)
    parser.Parse(b"", True)


def _refuse(*_: object) -> None:
    raise _UnsafeError


class _Words:
    """What a reader of the document sees: paragraphs as lines, a table's row as a line with tabs."""

    def __init__(self, most: int) -> None:
        self.pieces: list[str] = []
        self._left = most
        self._reading = 0
        self._skipping = 0
        self._in_run = False
        self._hidden = False
        self._cells = 0
        self._starts: dict[str, Callable[[dict[str, str]], None]] = {
            "t": self._open,
            "r": self._run,
            "vanish": self._hide,
            "tab": self._tab,
            "br": self._break,
            "cr": self._break,
            "tc": self._cell,
        }

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if self._skipping or local in _UNREAD:
            self._skipping += 1
        elif any(known in space for known in _WORD):
            if handle := self._starts.get(local):
                handle(attributes)
        elif _ODF in space:
            self._start_odf(space, local)

    def end(self, name: str) -> None:
        space, _, local = name.rpartition(" ")
        if self._skipping:
            self._skipping -= 1
        elif any(known in space for known in _WORD):
            self._end_word(local)
        elif _ODF in space:
            self._end_odf(space, local)

    def data(self, text: str) -> None:
        if self._reading and not self._skipping and not self._hidden:
            self._add(text)

    def _add(self, text: str) -> None:
        self.pieces.append(text)
        self._left -= len(text)
        if self._left < 0:
            raise _EnoughError

    def _open(self, _: dict[str, str]) -> None:
        self._reading += 1

    def _run(self, _: dict[str, str]) -> None:
        self._in_run, self._hidden = True, False

    def _hide(self, attributes: dict[str, str]) -> None:
        """Of a run; the same of a paragraph is about its mark only."""
        said = next((value for name, value in attributes.items() if name.endswith(" val")), "")
        self._hidden = self._in_run and said.lower() not in _FALSE

    def _tab(self, _: dict[str, str]) -> None:
        if self._in_run:
            self._add("\t")

    def _break(self, _: dict[str, str]) -> None:
        self._add("\n")

    def _cell(self, _: dict[str, str]) -> None:
        self._cells += 1

    def _end_word(self, local: str) -> None:
        if local == "t":
            self._reading -= 1
        elif local == "r":
            self._in_run = self._hidden = False
        elif local == "p":
            self._add(" " if self._cells else "\n")
        elif local == "tc":
            self._cells -= 1
            self._add("\t")
        elif local == "tr":
            self._add("\n")

    def _start_odf(self, space: str, local: str) -> None:
        if _ODF_TEXT not in space:
            self._cells += local == "table-cell"
        elif local in {"p", "h"}:
            self._reading += 1
        elif local in {"tab", "s", "line-break"}:
            self._add("\n" if local == "line-break" else " ")

    def _end_odf(self, space: str, local: str) -> None:
        if _ODF_TEXT in space and local in {"p", "h"}:
            self._reading -= 1
            self._add(" " if self._cells else "\n")
        elif local == "table-cell":
            self._cells -= 1
            self._add("\t")
        elif local == "table-row":
            self._add("\n")
