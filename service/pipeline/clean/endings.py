"""Endings: closings, signatures and footers, read from the last line upwards."""

import re

from service.domain.cleaned import Part
from service.pipeline.clean.lines import Line
from service.pipeline.clean.people import Signer, has_contact, looks_like_a_name, may_sign
from service.pipeline.clean.phrases import MailPhrases

_DELIMITER = re.compile(r"(?:-- ?|[-_=*~–—]{2,})$")
_AFTER_CLOSING = re.compile(r"[\s,.!;:…)(*_-]*")
_INLINE_NAME = re.compile(r"[.!?…)]\s+(?=[^\W\d_])")
_LONGEST_TAIL = 40


def find_footers(lines: list[Line], phrases: MailPhrases) -> None:
    """Sets FOOTER on notices, also on a mail system's banner above the greeting.

    A footer's first line is told by its words; a legal notice lasts as long as its paragraph.
    """
    notice = False
    for line in lines:
        starts = bool(phrases.footer_paragraph.match(line.phrase))
        notice = starts or (notice and not line.gap)
        if notice or phrases.footer_line.match(line.phrase):
            line.part = Part.FOOTER


def find_ending(
    lines: list[Line], phrases: MailPhrases, signer: Signer, marked: frozenset[int], begun: bool = False
) -> None:
    """Sets CLOSING and SIGNATURE on the lines of one stretch of the customer's own lines, its footers being known.

    `marked` holds the offsets where the markup itself begins a signature. `begun`: he said something before them,
    so that nothing but a closing may stand there.
    """
    _Ending(lines, phrases, signer, marked, begun).find()


class _Ending:
    def __init__(
        self, lines: list[Line], phrases: MailPhrases, signer: Signer, marked: frozenset[int], begun: bool
    ) -> None:
        self._lines = lines
        self._phrases = phrases
        self._signer = signer
        self._marked = marked
        self._begun = begun

    def find(self) -> None:
        self._marked_signature()
        self._politeness()
        self._tail()
        self._inline_name()

    def _marked_signature(self) -> None:
        inside = False
        for line in self._lines:
            inside = inside or line.start in self._marked
            if inside and line.part is None:
                line.part = Part.SIGNATURE

    def _politeness(self) -> None:
        """Closings, and the sender's name on a line of its own, wherever they stand after the first words."""
        begun = self._begun
        for line in self._lines:
            if line.part is None and begun and self._closes(line):
                line.part = Part.CLOSING
            begun = begun or line.part in {None, Part.BODY}

    def _closes(self, line: Line) -> bool:
        if self._phrases.closing_sentence.match(line.phrase) or self._phrases.closing_alone.fullmatch(line.phrase):
            return True
        found = self._phrases.closing.match(line.folded)
        if found is None:
            return False
        rest = _AFTER_CLOSING.match(line.folded, found.end())
        left = line.folded[rest.end() if rest else found.end() :]
        return self._signer.signs(left, self._phrases)

    def _tail(self) -> None:
        """The last lines that may sign, from the first one that surely does."""
        tail = self._last_lines()
        anchor = next((index for index in tail if self._anchors(index)), None)
        if anchor is None:
            return
        for index in tail:
            line = self._lines[index]
            if index >= anchor and line.part is None:
                line.part = Part.SIGNATURE

    def _last_lines(self) -> list[int]:
        """Indices, in order, of the last lines that are not sentences; a postscript is passed over."""
        found: list[int] = []
        for index in range(len(self._lines) - 1, max(-1, len(self._lines) - _LONGEST_TAIL), -1):
            line = self._lines[index]
            if self._phrases.postscript.match(line.folded):
                line.part = Part.BODY
            elif line.part in {Part.BODY, Part.GREETING, Part.HEADER} or not (line.part or self._may_sign(line)):
                break
            else:
                found.append(index)
        return found[::-1]

    def _may_sign(self, line: Line) -> bool:
        return bool(_DELIMITER.match(line.text)) or may_sign(line, self._phrases) or self._signs(line)

    def _signs(self, line: Line) -> bool:
        return len(line.text) <= 90 and self._signer.signs(line.folded, self._phrases)

    def _anchors(self, index: int) -> bool:
        line = self._lines[index]
        if line.part in {Part.CLOSING, Part.SIGNATURE} or _DELIMITER.match(line.text) or self._signs(line):
            return True
        if index == 0 or not looks_like_a_name(line, self._phrases):
            return False
        before, after = self._lines[index - 1], self._lines[index + 1 : index + 2]
        ended = line.gap or before.text.endswith((".", "!", "?", "…", ")"))
        return ended and (not after or after[0].part is Part.FOOTER or has_contact(after[0]) or line.gap)

    def _inline_name(self) -> None:
        """The sender's name after the last sentence of the last words."""
        last = next((line for line in reversed(self._lines) if line.part in {None, Part.BODY}), None)
        if last is None:
            return
        ends = [found.end() for found in _INLINE_NAME.finditer(last.text)]
        if ends and len(last.text) - ends[-1] <= 60 and self._signer.signs(last.folded[ends[-1] :], self._phrases):
            last.own_to = len(last.text) - ends[-1]
