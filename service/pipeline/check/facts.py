"""Facts in a text, normalised so that `42,00 €` is `42 euros` and `48 h` is `deux jours`."""

import re
from collections.abc import Iterator

from service.pipeline.check import normal
from service.pipeline.check.lexicon import Lexicon, lexicon
from service.pipeline.redact.spans import Span
from service.pipeline.redact.words import fold

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>()\"«»]{1,300}")
_TOP_LEVEL = re.compile(r"\.(?:fr|com|org|net|eu|example|info|io)(?![\w-])(?:/[^\s<>()\"«»]{0,200})?")
_HOST_BEFORE = re.compile(r"[a-z0-9][a-z0-9.-]{0,80}\Z")
_DIGIT = re.compile(r"[+€£$]? ?\d")
_TOKEN_BEFORE = re.compile(r"[a-z0-9][a-z0-9-]{0,30}\Z")
_DIGITS = re.compile(r"\d+")
_RANGE = re.compile(r" ?(?:a|et|to|and|-|–) ?\d")
_DAY_BEFORE = re.compile(r"\d(?:er|st|nd|rd|th)?(?: of)? \Z")
_ONE, _WITHOUT = re.compile(r"une? "), re.compile(r" sans(?!\w)")
_NONE_BEFORE = re.compile(r"(?<!\w)(?:pas|jamais|meme)(?: (?:un|meme|d|seul))?[ ']+\Z")
_HOUR = re.compile(r"\d{1,2} ?h(?:eures?)?(?!\w| ?/| ?\d)")
_FROM = re.compile(r"(?<!\d)\d{1,2} ?h(?: ?\d\d)? ?- ?\Z")
_WORD_BEFORE = re.compile(r"(\w+)[ ,:(]{1,3}\Z")
_UNTIL = re.compile(r"\d{1,2} ?h(?: ?\d\d)? ?- ?\d{1,2} ?h")


def facts(text: str) -> list[Span]:
    """Kind, normal form and place of every fact, in order; none overlaps another.

    Kinds: email, link, article, phone, date, amount, percentage, hours, delay, address, and number for
    every number or code that is none of these. Linear in the length of the text.
    """
    folded, words = fold(text), lexicon()
    found = [*_links(folded)]
    taken = _Taken(found)
    for span in _at_words(folded, words):
        taken.add(span)
    for lead in _DIGIT.finditer(folded):
        if not taken.holds(lead.end() - 1):
            fact = _at_digit(folded, lead, words)
            if fact:
                taken.add(fact)
    return sorted(taken.spans)


class _Taken:
    """Spans that have been found, and the characters that they take."""

    def __init__(self, spans: list[Span]) -> None:
        self.spans: list[Span] = []
        self._places: set[int] = set()
        for span in spans:
            self.add(span)

    def add(self, span: Span) -> None:
        if not self.holds(span.start) and not self.holds(span.end - 1):
            self.spans.append(span)
            self._places.update(range(span.start, span.end))

    def holds(self, place: int) -> bool:
        return place in self._places


def _links(folded: str) -> Iterator[Span]:
    if "@" in folded:
        for found in _EMAIL.finditer(folded):
            yield _trimmed(found.start(), found.end(), "email", folded)
    if "www." in folded or "://" in folded:
        for found in _LINK.finditer(folded):
            yield _trimmed(found.start(), found.end(), "link", folded)
    for found in _TOP_LEVEL.finditer(folded):
        host = _HOST_BEFORE.search(folded, max(0, found.start() - 80), found.start())
        if host and folded[host.start() - 1 : host.start()] not in ("@", "/"):
            yield _trimmed(host.start(), found.end(), "link", folded)


def _trimmed(start: int, end: int, kind: str, folded: str) -> Span:
    while end > start and folded[end - 1] in ".,;:!?'":
        end -= 1
    written = folded[start:end]
    return Span(start, end, kind, normal.link(written) if kind == "link" else written)


def _at_words(folded: str, words: Lexicon) -> Iterator[Span]:
    for lead in words.words.finditer(folded):
        if _DAY_BEFORE.search(folded, max(0, lead.start() - 9), lead.start()):
            continue
        for kind, pattern in words.by_word:
            found = pattern.match(folded, lead.start())
            key = normal.form(kind, found, words) if found else ""
            if found and key:
                if not _is_idle(folded, found):
                    yield Span(found.start(), found.end(), kind, key)
                break


def _is_idle(folded: str, found: re.Match[str]) -> bool:
    """Whether "un" counts nothing: "pas un jour sans", "pas d'un centime", "une année sans faute"."""
    if not _ONE.match(found[0]):
        return False
    return bool(_NONE_BEFORE.search(folded, 0, found.start()) or _WITHOUT.match(folded, found.end()))


def _at_digit(folded: str, lead: re.Match[str], words: Lexicon) -> Span | None:
    """The fact that begins with a digit, a plus or a currency sign; a code where letters stand right before."""
    digit = lead.end() - 1
    opens = _FROM.search(folded, max(0, digit - 12), digit)
    ends = opens is not None and _opens(folded, opens.start(), words)
    code = None if ends else _TOKEN_BEFORE.search(folded, max(0, digit - 31), digit)
    start = code.start() if code else lead.start() if folded[lead.start()] in "+€£$" else digit
    hour = _HOUR.match(folded, digit)
    if hour and not code and (ends or _by_clock(folded, hour, words)):
        return Span(digit, hour.end(), "hours", normal.hour(hour[0]))
    for kind, pattern in words.by_digit[-1:] if code else words.by_digit:
        found = pattern.match(folded, start)
        key = normal.form(kind, found, words) if found else ""
        if found and key:
            return Span(start, found.end(), kind, key)
    return None


def _by_clock(folded: str, hour: re.Match[str], words: Lexicon) -> bool:
    """Whether an hour of the day is meant: "à 9 h", "de 9 h à 18 h", "lundi, 9 h-18 h", not "un délai de 24 heures"."""
    before = folded[max(0, hour.start() - 12) : hour.start()].split()
    if not before or int(_DIGITS.findall(hour[0])[0]) > 24:
        return False
    if _opens(folded, hour.start(), words):
        return True
    return before[-1] in words.clock or (before[-1] in words.clock_ranges and bool(_RANGE.match(folded, hour.end())))


def _opens(folded: str, at: int, words: Lexicon) -> bool:
    """Whether hours written like "9 h-18 h" begin there, behind a day: "sous 24 h-48 h" is a delay."""
    if _UNTIL.match(folded, at) is None:
        return False
    before = _WORD_BEFORE.search(folded, max(0, at - 14), at)
    return before is not None and (before[1] in words.weekdays or before[1] in words.clock)
