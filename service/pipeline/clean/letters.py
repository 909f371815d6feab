"""Openings: a letter's address block, and greetings."""

import re

from service.domain.cleaned import Part
from service.pipeline.clean.lines import Line
from service.pipeline.clean.phrases import MailPhrases

_ADDRESS_LINES = 25
_ADDRESS_CHARS = 90
_MOST_NAMES = 5
_AFTER_GREETING = re.compile(r"[\s,،;:.!…-]+")
_NAME = re.compile(r"[A-ZÀ-ÝŸŒ][^\W\d_]*(?:['’.-][^\W\d_]+)*(?=[\s,;:.!…]|$)")
_COMMAS = frozenset(",،")
_ENDS_GREETING = frozenset(".!:;…")
_SIGNS_OF_A_LETTER = 2


def find_letterhead(lines: list[Line], phrases: MailPhrases, is_letter: bool) -> None:
    """Sets HEADER on sender, addressee, place and date above a letter's greeting; the object line is body."""
    opening = _opening(lines, phrases)
    head = lines[:opening]
    signs = sum(bool(phrases.letter_line.match(line.folded) or phrases.letter_mark.match(line.folded)) for line in head)
    if signs < (1 if is_letter else _SIGNS_OF_A_LETTER):
        return
    subject = False
    for line in head:
        subject = bool(phrases.letter_object.match(line.folded)) or (subject and not line.gap)
        line.part = Part.BODY if subject else Part.HEADER


def _opening(lines: list[Line], phrases: MailPhrases) -> int:
    """The index of the greeting, or of the first sentence where none is found."""
    for index, line in enumerate(lines[:_ADDRESS_LINES]):
        if _greeting_end(line, phrases) == len(line.text):
            return index
        if len(line.text) > _ADDRESS_CHARS and not phrases.letter_object.match(line.folded):
            return index
    return 0


def find_greeting(lines: list[Line], phrases: MailPhrases) -> None:
    """Sets GREETING on up to two first lines, or leaves the greeting out of the first words."""
    fresh = [line for line in lines if line.part is None][:2]
    for line in fresh:
        end = _greeting_end(line, phrases)
        if end == len(line.text):
            line.part = Part.GREETING
        else:
            line.own_from = end
            return


def _greeting_end(line: Line, phrases: MailPhrases) -> int:
    """How much of the line greets: the greeting, whom it names, and the comma; 0 for none."""
    found = phrases.greeting.match(line.folded)
    if found is None:
        return 0
    end, named = _addressed(line, found.end(), phrases)
    gap = _AFTER_GREETING.match(line.text, end)
    stop = gap.end() if gap else end
    if not any(char.isalnum() for char in line.text[stop:]):
        stop = len(line.text)
    comma = gap is not None and not _COMMAS.isdisjoint(gap.group())
    # "Madame Dupont" may begin an address or a sentence; "Madame Dupont," greets.
    if phrases.addressee.match(line.folded) and not comma and (named or stop < len(line.text)):
        return 0
    return stop


def _addressed(line: Line, end: int, phrases: MailPhrases) -> tuple[int, bool]:
    """Where the forms of address and names after a greeting end, and whether there is a name."""
    named = False
    for _ in range(_MOST_NAMES):
        gap = _AFTER_GREETING.match(line.text, end)
        if gap is None or not _ENDS_GREETING.isdisjoint(gap.group()):
            break
        again = phrases.addressee.match(line.folded, gap.end()) or phrases.greeting.match(line.folded, gap.end())
        name = again or (_COMMAS.isdisjoint(gap.group()) and _NAME.match(line.text, gap.end())) or None
        if name is None:
            break
        end, named = name.end(), named or again is None
    return end, named
