"""A MIME message taken apart, with the place of every part in the source.

Own splitter rather than email.parser: that one forgets where a part stood, and takes minutes for two
megabytes of nested boundaries (docs/adr/0002-clean.md). Headers and parameters are read by the standard
library.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message as Headers
from email.parser import HeaderParser

_BLANK_LINE = re.compile(r"\r?\n[ \t]*\r?\n")
_LEADING = re.compile(r"\s*(?:From [^\n]*\n)?")
_HEADER = re.compile(r"[!-9;-~]{1,100}[ \t]*:")
_DELIMITER_END = re.compile(r"(--)?[ \t]*(?:\r?\n|\r?\Z)")
_DRAWN = re.compile(r"^--(?!-)([!-~]{1,70}?)(?:--)?[ \t]*\r?\nContent-", re.MULTILINE | re.IGNORECASE)
_MOST_HEADER_CHARS = 64_000
_MOST_VALUE_CHARS = 2_000
_MOST_PARTS = 100
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Entity:
    """One MIME entity: its headers, and source characters [start, end) of its content."""

    headers: Headers
    start: int
    end: int
    parts: tuple["Entity", ...] = field(default=())

    @property
    def type(self) -> str:
        return self.headers.get_content_type()

    @property
    def attached(self) -> bool:
        """Whether the part is a file rather than a piece of the letter."""
        return self.headers.get_content_disposition() == "attachment" or bool(self.headers.get_filename())

    def header(self, name: str) -> str:
        """A header as a person reads it: encoded words decoded, one line."""
        return decoded_header(str(self.headers.get(name, "")))


def taken_apart(source: str) -> Entity:
    """The whole source as one entity. Broken structure becomes plain text; nothing raises."""
    return _Splitter(source).entity(0, len(source), 0)


def headed(source: str) -> Entity:
    """The whole source with its headers read, and nothing taken apart."""
    headers, content = _Splitter(source).headers(0, len(source))
    return Entity(headers, content, len(source))


def decoded_header(raw: str) -> str:
    try:
        value = str(make_header(decode_header(raw[:_MOST_HEADER_CHARS])))
    except (MessageError, LookupError, ValueError):
        value = raw
    return " ".join(value.split())


def _shortened(headers: Headers) -> Headers:
    """Endless parameters take the standard library quadratic time."""
    for name in ("Content-Type", "Content-Disposition"):
        if len(value := str(headers.get(name, ""))) > _MOST_VALUE_CHARS:
            del headers[name]
            headers[name] = value[:_MOST_VALUE_CHARS]
    return headers


class _Splitter:
    """Depth and number of parts are bounded, so that the work is linear in the source."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._parts = 0

    def entity(self, start: int, end: int, depth: int, digest: bool = False) -> Entity:
        headers, content = self.headers(start, end)
        if digest and "content-type" not in headers:
            headers["Content-Type"] = "message/rfc822"
        return Entity(headers, content, end, tuple(self._inner(headers, content, end, depth)))

    def headers(self, start: int, end: int) -> tuple[Headers, int]:
        lead = _LEADING.match(self._source, start, end)
        begin = lead.end() if lead and start == 0 else start
        if self._source.startswith(("\n", "\r\n"), begin):
            return Headers(), self._source.index("\n", begin) + 1
        if not _HEADER.match(self._source, begin, end):
            return Headers(), start
        blank = _BLANK_LINE.search(self._source, begin, min(end, begin + _MOST_HEADER_CHARS))
        stop, content = (blank.start(), blank.end()) if blank else (end, end)
        if blank is None and end - begin > _MOST_HEADER_CHARS:
            return Headers(), start
        return _shortened(HeaderParser().parsestr(self._source[begin:stop])), content

    def _inner(self, headers: Headers, start: int, end: int, depth: int) -> Iterator[Entity]:
        if depth >= _DEEPEST:
            return
        if headers.get_content_maintype() == "multipart":
            digest = headers.get_content_subtype() == "digest"
            boundary = self._boundary(headers, start, end)
            if boundary is None:
                del headers["Content-Type"]
                return
            for low, high in self._between(boundary, start, end):
                yield self.entity(low, high, depth + 1, digest)
        elif headers.get_content_type() == "message/rfc822":
            yield self.entity(start, end, depth + 1)

    def _boundary(self, headers: Headers, start: int, end: int) -> str | None:
        """The one that the headers name, or where it stands nowhere, the first that is drawn; None: plain text."""
        named = headers.get_boundary()
        if named and next(self._delimiters(f"--{named}", start, end), None):
            return named
        drawn = _DRAWN.search(self._source, start, min(end, start + _MOST_HEADER_CHARS))
        return drawn[1] if drawn else None

    def _between(self, boundary: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The stretches between delimiter lines; a missing last delimiter ends at the end."""
        opened: int | None = None
        for at, after, last in self._delimiters(f"--{boundary}", start, end):
            if opened is not None:
                yield opened, max(opened, self._without_line_end(at))
            self._parts += 1
            if last or self._parts > _MOST_PARTS:
                return
            opened = after
        if opened is not None:
            yield opened, end

    def _delimiters(self, line: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
        """Start and end of each delimiter line, and whether it is the last one."""
        at = self._source.find(line, start, end)
        while at >= 0:
            after = at + len(line)
            found = _DELIMITER_END.match(self._source, after, end)
            if found and (at == start or self._source[at - 1] == "\n"):
                yield at, found.end(), found.group(1) is not None
            at = self._source.find(line, after, end)

    def _without_line_end(self, at: int) -> int:
        """The line end before a delimiter belongs to the delimiter."""
        before = self._source[max(0, at - 2) : at]
        return at - (2 if before == "\r\n" else 1 if before.endswith("\n") else 0)
