"""Lines that a mail program broke at its width, joined again: no sentence ends there."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from service.domain.alignment import Alignment
from service.pipeline.clean.phrases import MailPhrases, folded, mail_phrases
from service.pipeline.clean.written import Written
from service.settings import PROMPTS
from service.yaml_file import read_yaml

NARROWEST, WIDEST = 45, 100
"""Widths, in characters, at which mail programs break lines."""
FEWEST_CHARS = 20
"""Shorter lines are items, names or exclamations: they are joined to nothing but where they cannot end."""
SURE_BREAKS = 2
"""Full lines that go on in lower case, from which a message of somebody who writes no capitals is known as wrapped."""
POLITE_CHARS = 60
"""A line that greets or takes leave, and nothing else, is no longer."""
_QUOTED = re.compile(r"(?:>[ \t]?)*")
_ENDS = re.compile(r"[.!?…:;][\"»”')\]]*$")
_ITEM = re.compile(r"(?:[-*•·–—+=_~#]|(?P<number>\d{1,2})[.)/]|[a-zA-Z]\))(?:\s|[-*_=~]|$)")
_TRAILING = frozenset("?!:;,»)%€")
_ENDED = re.compile(r"[.!?…](?:\s|$)")
_NUMBER = re.compile(
    r"\d\n\d{2}|\b[A-Z]{2}\d{2}\n\d{4}|(?<!\d)\d{5}\n[A-ZÀ-Ý]|\b[A-Z]{2}[ -]?(?:\n\d{3}|\d{3}\n)[ -]?[A-Z]{2}\b"
)
"""Broken in its middle: a phone, an account, a post code and its town, a plate."""
_NUMBER_CHARS = 12
_NAME = re.compile(r"(?:[A-ZÀ-Ý][\w'’-]*\.?(?:\s+|$)){1,4}$")
_CONTACT = re.compile(r"\S+@\S+\.\w|https?:|www\.|[^\W\d_]{1,4}(?:\.|°|\s?:)\s?:?\s?[+\dA-Z]")
_BEGINS = re.compile(r"(?:\A|[.!?…]\s++|(?<!\n)\n[^\S\n]*+\n\s*+)[\"«(]?\s?([^\W\d_])")


@dataclass(frozen=True, slots=True)
class _Line:
    """text[start:end] without its quote marks and outer spaces. `depth`: how often it is quoted."""

    start: int
    end: int
    depth: int
    text: str


@dataclass(frozen=True, slots=True)
class _Break:
    """Between two neighbouring lines. `flows`: nothing ends before it, and a small letter follows."""

    before: _Line
    after: _Line
    flows: bool
    length: int
    """Of the line, had the next one's first word stood there too."""


@dataclass(frozen=True, slots=True)
class _Width:
    """`chars`: of the longest line. `sure` lines as long as that go on in lower case, and `short` ones beside them."""

    chars: int
    sure: int
    short: int


def unwrapped(text: str) -> tuple[str, Alignment] | None:
    """The text with the lines joined by a space, and its alignment; None where there is none to join.

    A line is joined to the next one where it is as long as a width allows at which other lines are broken too; where
    it breaks off after a word that ends no sentence; or where the next goes on in lower case though the writer begins
    sentences with capitals. Items, greetings, closings, headers and lines under another quote mark are never joined to
    what stands before them. Linear in the text.
    """
    if "\n" not in text:
        return None
    paragraphs = list(_paragraphs(text))
    found = [one for one in map(_breaks, paragraphs) if one]
    if not found:
        return None
    joined = sorted(_joined(text, found), key=lambda one: one.before.end)
    return _written(text, joined) if joined else None


def _paragraphs(text: str) -> Iterator[list[_Line]]:
    """Neighbouring lines that are not blank and quoted alike."""
    run: list[_Line] = []
    at = 0
    for raw in text.split("\n"):
        quoted = _QUOTED.match(raw.lstrip()) if ">" in raw else None
        depth = quoted[0].count(">") if quoted else 0
        told = raw.strip() if quoted is None else raw.lstrip()[quoted.end() :].strip()
        start = at + raw.rfind(told) if told else at
        if run and (not told or depth != run[-1].depth):
            yield run
            run = []
        if told:
            run.append(_Line(start, start + len(told), depth, told))
        at += len(raw) + 1
    if run:
        yield run


def _breaks(lines: Sequence[_Line]) -> list[_Break]:
    items = [_ITEM.match(line.text) for line in lines]
    numbers = {int(found["number"] or 0) for found in items if found}
    return [
        _break(before, after)
        for (before, after), item in zip(pairwise(lines), items[1:], strict=True)
        if item is None or (item["number"] and int(item["number"]) - 1 not in numbers | {0})
    ]


def _break(before: _Line, after: _Line) -> _Break:
    first = after.text[0]
    shouted = len(before.text) >= NARROWEST and before.text.isupper() and after.text.isupper() and first.isalpha()
    flows = first in _TRAILING or ((first.islower() or shouted) and not _ENDS.search(before.text))
    word = after.text.find(" ")
    return _Break(before, after, flows, len(before.text) + 1 + (word if word > 0 else len(after.text)))


def _joined(text: str, paragraphs: Sequence[Sequence[_Break]]) -> Iterator[_Break]:
    phrases, capitals = mail_phrases(), _begins_with_capitals(text)
    depths = {some[0].before.depth for some in paragraphs}
    widths = {depth: _width([some for some in paragraphs if some[0].before.depth == depth]) for depth in depths}
    for some in paragraphs:
        width = widths[some[0].before.depth] if _is_narrow(some) else _Width(WIDEST, 0, 1)
        known = _is_known(width, capitals)
        for one, following in zip(some, [*some[1:], None], strict=True):
            if known and one.length > width.chars:
                goes_on = following is not None and following.before is one.after and following.length > width.chars
                joins = _flows_on(one, phrases) or not (one.flows or _begins_anew(one, goes_on, phrases))
            else:
                joins = capitals and _goes_on(one, phrases)
            if (joins or _breaks_off(one, width)) and not _announces(one, phrases):
                yield one


def _is_narrow(some: Sequence[_Break]) -> bool:
    return all(len(one.before.text) <= WIDEST and len(one.after.text) <= WIDEST for one in some)


def _width(paragraphs: Sequence[Sequence[_Break]]) -> _Width:
    narrow = [one for some in paragraphs if _is_narrow(some) for one in some]
    chars = max((max(len(one.before.text), len(one.after.text)) for one in narrow), default=WIDEST)
    full = [one.length > chars for one in narrow if one.flows]
    return _Width(max(chars, NARROWEST), sum(full), len(full) - sum(full))


def _is_known(width: _Width, capitals: bool) -> bool:
    """Whether lines were broken there, and not where somebody ended what he had to say."""
    return width.sure >= (1 if capitals else SURE_BREAKS) and width.short <= width.sure


def _breaks_off(one: _Break, width: _Width) -> bool:
    """Whether nothing can end there."""
    before, after = one.before.text, one.after.text
    if after[0] in _TRAILING or before.rpartition(" ")[2] in _open_words():
        return True
    return one.length > width.chars and bool(_NUMBER.search(f"{before[-_NUMBER_CHARS:]}\n{after[:_NUMBER_CHARS]}"))


def _flows_on(one: _Break, phrases: MailPhrases) -> bool:
    """Into what is no closing and no address."""
    after = one.after.text
    return one.flows and not (_CONTACT.match(after) or phrases.closing_alone.fullmatch(folded(after)))


def _goes_on(one: _Break, phrases: MailPhrases) -> bool:
    """Whether the sentence of somebody who begins them with capitals goes on."""
    if not _flows_on(one, phrases) or one.after.text[0].isupper() or _takes_leave(one, phrases):
        return False
    if len(one.before.text) < FEWEST_CHARS or _NAME.match(one.before.text):
        return False
    before = folded(one.before.text)
    return len(before) > POLITE_CHARS or not (phrases.greeting.match(before) or phrases.closing.match(before))


def _begins_anew(one: _Break, goes_on: bool, phrases: MailPhrases) -> bool:
    """Whether the second line has one of its own though it would not have fit behind the first: who signs does.
    `goes_on`: the second line is broken at the width too."""
    if _takes_leave(one, phrases):
        return True
    return not goes_on and bool(_ENDS.search(one.before.text) or _NAME.match(one.after.text))


def _begins_with_capitals(text: str) -> bool:
    begun = [found[1].islower() for found in _BEGINS.finditer(text)]
    return (len(begun) > 1 or bool(_ENDED.search(text))) and 3 * sum(begun) <= len(begun)


def _announces(one: _Break, phrases: MailPhrases) -> bool:
    """Whether one of both says whose words follow."""
    before, after = folded(one.before.text), folded(one.after.text)
    if before.endswith(":") and (phrases.attribution.match(before) or phrases.attributed_to_address.match(before)):
        return True
    return any(said.match(after) for said in (phrases.header, phrases.attribution, phrases.original, phrases.forward))


def _takes_leave(one: _Break, phrases: MailPhrases) -> bool:
    """Whether the second line is a closing, a footer or a postscript, which has a line of its own."""
    after = folded(one.after.text)
    if phrases.closing_alone.fullmatch(after) or (len(after) <= POLITE_CHARS and phrases.closing.match(after)):
        return True
    leaves = (phrases.closing_sentence, phrases.footer_line, phrases.footer_paragraph, phrases.postscript)
    return any(said.match(after) for said in leaves)


def _written(text: str, joined: Sequence[_Break]) -> tuple[str, Alignment]:
    written, at = Written(), 0
    for one in joined:
        written.add(text[at : one.before.end], at, one.before.end)
        written.add(" ", one.before.end, one.after.start)
        at = one.after.start
    written.add(text[at:], at, len(text))
    return written.text, written.alignment


@lru_cache(maxsize=1)
def _open_words() -> frozenset[str]:
    blocks: dict[str, str] = read_yaml(PROMPTS / "wrapping" / "open.yaml")
    return frozenset(word for block in blocks.values() for word in block.split())
