"""Earlier messages: quoted lines, the lines that announce them, and what is forwarded."""

import re

from service.domain.cleaned import Part
from service.pipeline.clean.lines import Line
from service.pipeline.clean.phrases import MailPhrases
from service.pipeline.clean.readable import Mark

_RULE = re.compile(r"[\s_=*~-]{5,}$")
_OF_MAIL = re.compile(r"\S@\S|\b\d{1,2}[:hH]\d{2}\b")
_MOST_HEADERS = 12
_FEWEST_HEADERS = 3
_LONG_LINE = 50
_WRAPPED_REST = 45
_SENTENCE_ENDS = (".", "!", "?", "…")


def find_threads(lines: list[Line], phrases: MailPhrases, marks: tuple[Mark, ...], forwarding: bool) -> None:
    """Sets QUOTE, FORWARDED and HEADER on the lines of earlier messages; leaves the others.

    Lines behind `>` are quoted one by one, so that answers between them stay the customer's. Without `>`
    an announced message lasts to the end.
    """
    _Threads(lines, phrases, marks, forwarding).find()


def find_headers(lines: list[Line], phrases: MailPhrases) -> int:
    """Sets HEADER on the headers with which the lines begin; how many lines they take."""
    taken = headers_at(lines, 0, phrases, least=1)
    for line in lines[:taken]:
        line.part = Part.HEADER
    return taken


def headers_at(lines: list[Line], index: int, phrases: MailPhrases, least: int = 2) -> int:
    """How many lines a block of headers takes that names a sender and so many things in all; 0 for none.

    Where nothing announces it, only a subject, an address or a time of day tells it from a customer's own list.
    """
    kinds = set[str]()
    count = 0
    for line in lines[index : index + _MOST_HEADERS]:
        name = None if line.quoted else _header_name(line.folded, phrases)
        wrapped = name is None and count > 0 and not line.gap and line.text.startswith("<")
        if not (name or wrapped) or (count and line.gap and len(kinds) > 1):
            break
        kinds.update({name} if name else ())
        count += 1
    block = lines[index : index + count]
    sure = least == 1 or "subject" in kinds or any(_OF_MAIL.search(line.text) for line in block)
    return count if sure and "origin" in kinds and len(kinds) >= least else 0


def _header_name(folded: str, phrases: MailPhrases) -> str | None:
    found = phrases.header.match(folded)
    return (found.lastgroup or "to") if found else None


def is_rule(line: Line) -> bool:
    """Whether a line is drawn, not written."""
    return _RULE.match(line.text) is not None


class _Threads:
    def __init__(self, lines: list[Line], phrases: MailPhrases, marks: tuple[Mark, ...], forwarding: bool) -> None:
        self._lines = lines
        self._phrases = phrases
        self._marked = {mark.offset: mark.kind for mark in marks if mark.kind != "signature"}
        self._inside: Part | None = None
        self._kind = Part.FORWARDED if forwarding else Part.QUOTE

    def find(self) -> None:
        index = 0
        while index < len(self._lines):
            index += self._take(index)
        self._join_wrapped()

    def _take(self, index: int) -> int:
        """Sets the part of the line, and of those that belong with it; how many they are."""
        line = self._lines[index]
        if line.quoted:
            return self._quoted(index)
        marked = self._marked.get(line.start)
        if marked == "forwarded":
            self._kind = Part.FORWARDED
        if taken := self._announcement(index):
            return taken
        if marked and line.text.endswith(":"):
            self._begin(index, 1, self._kind)
        elif marked:
            line.part = self._inside = self._kind
        else:
            line.part = self._inside
        return 1

    def _quoted(self, index: int) -> int:
        """A run of quoted lines; where it holds headers alone, as some webmails write, the message follows bare."""
        run = 0
        while index + run < len(self._lines) and self._lines[index + run].quoted:
            self._lines[index + run].part = Part.QUOTE
            run += 1
        told = [line.folded.lstrip("> ") for line in self._lines[index : index + run]]
        told = [line for line in told if line and not self._phrases.original.match(line)]
        names = [found for line in told if (found := _header_name(line, self._phrases))]
        if len(names) >= _FEWEST_HEADERS and len(told) <= len(names) + 1 and "origin" in names:
            self._inside = self._inside or self._kind
        return run

    def _announcement(self, index: int) -> int:
        """Lines that say whose words follow: an attribution, a separator, a block of headers."""
        if taken := self._attribution(index):
            self._begin(index, taken, self._kind if self._inside is None else self._inside)
            return taken
        line = self._lines[index].folded
        if self._phrases.forward.match(line):
            return self._begin_below(index, Part.FORWARDED)
        if self._phrases.original.match(line):
            return self._begin_below(index, Part.QUOTE)
        rule = is_rule(self._lines[index])
        if headers := headers_at(self._lines, index + rule, self._phrases):
            self._begin(index, headers + rule, self._inside or self._kind)
            return headers + rule
        return 0

    def _begin_below(self, index: int, kind: Part) -> int:
        taken = 1 + headers_at(self._lines, index + 1, self._phrases, least=1)
        self._begin(index, taken, kind)
        return taken

    def _begin(self, index: int, taken: int, kind: Part) -> None:
        for line in self._lines[index : index + taken]:
            line.part = Part.HEADER
        follows = self._lines[index + taken : index + taken + 1]
        if not (follows and follows[0].quoted):
            self._inside = kind

    def _attribution(self, index: int) -> int:
        """How many lines an attribution such as "Le … a écrit :" takes, wrapped or not; 0 for none."""
        joined = ""
        for count, line in enumerate(self._lines[index : index + 3], 1):
            if line.quoted or (count > 1 and line.gap):
                return 0
            joined = f"{joined} {line.folded}".strip()
            if len(joined) > 500:
                return 0
            if self._phrases.attribution.match(joined) or self._phrases.attributed_to_address.match(joined):
                return 0 if self._begins_below(index, count) else count
        return 0

    def _begins_below(self, index: int, count: int) -> bool:
        """Whether the first line is the customer's: a sentence, undated, or above what is an attribution by itself."""
        if count == 1:
            return False
        first, rest = self._lines[index], self._lines[index + 1 : index + count]
        dated = any(char.isdigit() or char == "@" for char in first.text)
        whole = self._phrases.attribution.match(" ".join(line.folded for line in rest))
        return first.text.endswith(_SENTENCE_ENDS) or not dated or whole is not None

    def _join_wrapped(self) -> None:
        """The short rest of a quoted line that a mail program wrapped without its `>`."""
        for before, line, after in zip(self._lines, self._lines[1:], self._lines[2:], strict=False):
            between = before.quoted and after.quoted and not line.gap and not after.gap
            if line.part is None and between and len(before.text) >= _LONG_LINE and len(line.text) <= _WRAPPED_REST:
                line.part = Part.QUOTE if line.text[:1].islower() else None
