"""Lines that a machine labelled: the fields of a web form, and the turns of a conversation."""

import re
from collections import Counter
from collections.abc import Sequence

from service.domain.cleaned import Part
from service.domain.message import Sender
from service.pipeline.clean.lines import Line
from service.pipeline.clean.phrases import MailPhrases, folded

_FEWEST_FIELDS = 2
_FEWEST_TURNS = 3
_TURNS_SHARE = 0.5
_LONGEST_LABEL = 80
_TIME = r"[\[(]?(?:\d{1,2}/\d{1,2}(?:/\d{2,4})?,?\s+)?\d{1,2}[:h]\d{2}(?::\d{2})?[\])]?"
# Nothing is given back: a line of signs takes a time that grows with its square otherwise.
_FIELD = re.compile(r"[\s*_•-]*+(?P<label>[^:\t?!]{2,80}?)[ *_]*+(?:\t*+:[\s*_]*|\t+)")
_TURN = re.compile(rf"(?:{_TIME}[\s,-]*+)?(?P<who>[^\W\d_][^:?!.\t]{{0,38}}?)\s*+(?:{_TIME}\s*+)?:(?=\s|$)\s*")


def find_labelled(lines: Sequence[Line], phrases: MailPhrases, sender: Sender) -> None:
    """Leaves the customer's words of a form or a conversation, without their labels, to be told like others.

    HEADER on a form's fields that say who writes, QUOTE on what others say in a conversation. Fields that no list
    knows stay: they may say what he wants. Who writes anything above the first label, a greeting too, lists and tells
    himself: that is no machine's work, and all of it is his.
    """
    if sum(":" in line.text or "\t" in line.text for line in lines) < _FEWEST_TURNS:
        return
    first = _first(lines, phrases)
    if not _turns(lines[first:], phrases, sender):
        _fields(lines[first:], phrases)


def _turns(lines: Sequence[Line], phrases: MailPhrases, sender: Sender) -> bool:
    found = [_TURN.match(line.text) for line in lines]
    spoken = Counter(folded(one["who"]) for one in found if one)
    if found[0] is None or spoken.total() < max(_FEWEST_TURNS, _TURNS_SHARE * len(lines)) or len(spoken) < 2:
        return False
    others = _others(spoken, phrases, sender)
    if not others or others == spoken.keys() or max(spoken.values()) < 2:
        return False
    others_speak = False
    for line, one in zip(lines, found, strict=True):
        if one:
            others_speak = folded(one["who"]) in others
        if others_speak:
            line.part = Part.QUOTE
        elif one:
            _cut(line, one.end())
    return True


def _others(spoken: Counter[str], phrases: MailPhrases, sender: Sender) -> set[str]:
    """Who is not the customer, as far as any speaker's name says who he is."""
    staff = {who for who in spoken if phrases.staff.match(who)}
    customers = {who for who in spoken if phrases.customer.fullmatch(who) or who == folded(sender.name)} - staff
    return staff or (set(spoken) - customers if customers else set())


def _fields(lines: Sequence[Line], phrases: MailPhrases) -> None:
    found = [_FIELD.match(line.text) for line in lines]
    labels = [one["label"].strip().casefold() if one else "" for one in found]
    known = [phrases.form_field.fullmatch(folded(label)) for label in labels]
    says = next((n for n, label in enumerate(labels) if phrases.form_message.fullmatch(folded(label))), None)
    if found[0] is None or says is None or sum(map(bool, known[:says])) < _FEWEST_FIELDS:
        return
    for number, (line, one) in enumerate(zip(lines, found, strict=True)):
        if number == says and one:
            _cut(line, one.end())
        elif known[number]:
            line.part = Part.HEADER
        elif number < says and one:
            line.part = Part.BODY


def find_form(lines: list[Line], phrases: MailPhrases) -> list[Line]:
    """The lines of the message of a form whose labels stand on lines of their own, each above what was filled in; all
    lines of anything else. HEADER on labels, and on the one line below each that says who writes."""
    first = _first(lines, phrases)
    told = lines[first:]
    if not told or not phrases.form_field.fullmatch(_bare(told[0])):
        return lines
    known = [phrases.form_field.fullmatch(_bare(line)) is not None for line in told]
    says = next((n for n, line in enumerate(told) if phrases.form_message.fullmatch(_bare(line))), None)
    if says is None or sum(known[:says]) < _FEWEST_FIELDS or any(_filled(line, phrases) for line in told[:says]):
        return lines
    end = len(told)
    while end > says + 2 and (known[end - 1] or known[end - 2]):
        end -= 1 if known[end - 1] else 2
    for number, line in enumerate(told):
        if number >= end or number == says or (number < says and (known[number] or known[number - 1])):
            line.part = Part.HEADER
        elif number < says:
            line.part = Part.BODY
    return told[says + 1 : end]


def _first(lines: Sequence[Line], phrases: MailPhrases) -> int:
    """Where the words begin below what a mail system writes above them."""
    return next((n for n, line in enumerate(lines) if not phrases.footer_line.match(line.phrase)), 0)


def _filled(line: Line, phrases: MailPhrases) -> bool:
    """Whether what was filled in stands behind its label on the same line."""
    found = _FIELD.match(line.text)
    if found is None or found.end() == len(line.text):
        return False
    return phrases.form_field.fullmatch(folded(found["label"].strip())) is not None


def _bare(line: Line) -> str:
    """What a line says if it is a label."""
    return line.folded.strip(" *_•:-") if len(line.folded) <= _LONGEST_LABEL else ""


def _cut(line: Line, count: int) -> None:
    line.cut(count)
    if not line.text:
        line.part = Part.HEADER
