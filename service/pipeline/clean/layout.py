"""Lines of text as HTML lays them out: blocks, breaks, cells, list items and quoted blocks."""

import re

from service.pipeline.clean.readable import Mark, MarkKind
from service.pipeline.clean.written import Written

_SPACE = re.compile(r"[ \t\n\r\f]+")
_CROWDED = re.compile(r"[ \t\n\r\f]{2,}|[\t\n\r\f]")
_MOST_BREAKS = 3
_DEEPEST_QUOTE = 9


class Layout:
    """Writes visible text line by line; `preserve`: white space stands as it is (plain text, `<pre>`)."""

    def __init__(self) -> None:
        self.written = Written()
        self.marks: list[Mark] = []
        self.preserve = 0
        self.quotes = 0
        self._breaks = 0
        self._fresh_cell = False
        self._lead = ""
        self._space = False
        self._mark: MarkKind | None = None

    def line_break(self) -> None:
        """One more line, as `<br>` makes it."""
        self._breaks += 1
        self._space = self._fresh_cell = False

    def block(self, lines: int) -> None:
        """At least `lines` line ends before what follows; none right after a cell or a bullet."""
        if not self._fresh_cell:
            self._breaks = max(self._breaks, lines)
            self._space = False

    def bullet(self, lead: str) -> None:
        self._fresh_cell = False
        self.block(1)
        self._lead, self._fresh_cell = lead, True

    def cell(self, first: bool) -> None:
        """A table cell: the first of its row begins a line, the others follow a tab."""
        self._fresh_cell = False
        if first:
            self.block(1)
        else:
            self._breaks, self._space, self._lead = 0, False, "\t"
        self._fresh_cell = True

    def mark(self, kind: MarkKind) -> None:
        """The next text begins a part of that kind."""
        self.block(1)
        self._mark = kind

    def entity(self, text: str, start: int, end: int) -> None:
        """A character that the source spells otherwise."""
        self._before_text()
        self.written.add(text, start, end)

    def text(self, source: str, start: int, end: int) -> None:
        """Source characters [start, end), white space collapsed unless it is preserved."""
        chunk = source[start:end]
        if self.preserve:
            self._preserved(chunk, start)
        elif chunk.isspace():
            self._space = True
        else:
            self._collapsed(chunk, start)

    def _preserved(self, chunk: str, start: int) -> None:
        for line in chunk.splitlines(keepends=True):
            words = line.rstrip("\r\n")
            if words:
                self._before_text()
                self.written.add(words, start, start + len(words))
            if len(words) < len(line):
                self.line_break()
            start += len(line)

    def _collapsed(self, chunk: str, start: int) -> None:
        inner = chunk.strip(" \t\n\r\f")
        if not inner:
            self._space = True
            return
        lead = chunk.index(inner)
        self._space = self._space or lead > 0
        self._before_text()
        self._words(inner, start + lead)
        self._space = lead + len(inner) < len(chunk)

    def _words(self, inner: str, start: int) -> None:
        if not _CROWDED.search(inner):
            self.written.add(inner, start, start + len(inner))
            return
        at = 0
        for gap in _SPACE.finditer(inner):
            self.written.add(inner[at : gap.start()], start + at, start + gap.start())
            self.written.add(" ", start + gap.start(), start + gap.end())
            at = gap.end()
        self.written.add(inner[at:], start + at, start + len(inner))

    def _before_text(self) -> None:
        """Writes what is due before the next character: line ends, quote marks, a bullet, a tab or a space."""
        if self._breaks or not self.written.length:
            self._begin_line()
        elif self._space and not self._lead:
            self.written.insert(" ")
        if self._mark:
            self.marks.append(Mark(self.written.length, self._mark))
        if self._lead:
            self.written.insert(self._lead)
        self._breaks, self._space, self._lead, self._fresh_cell, self._mark = 0, False, "", False, None

    def _begin_line(self) -> None:
        if self.written.length:
            self.written.insert("\n" * min(self._breaks, _MOST_BREAKS))
        if self._lead == "\t":
            self._lead = ""
        if self.quotes:
            self.written.insert("> " * min(self.quotes, _DEEPEST_QUOTE))
