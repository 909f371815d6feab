"""Names of persons: runs of capitalised words for which something else says that they are a name."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from service.pipeline.redact.sender import Sender
from service.pipeline.redact.spans import Span
from service.pipeline.redact.words import Words

_UPPER = "".join(chr(code) for code in range(0x41, 0x250) if chr(code).isupper())
_CAPITAL = rf"[{_UPPER}][^\W\d_]{{0,40}}(?:-[^\W\d_]{{1,40}}){{0,3}}"
_INITIALS = rf"[{_UPPER}]\.(?:[ ]?-?[{_UPPER}]\.){{0,3}}"
_TOKEN = re.compile(rf"{_INITIALS}|{_CAPITAL}")
_ANGLE = re.compile(r"[\"']?[ ]{0,2}[<\[(](?:mailto:)?[^\s<>@]{1,64}@")
_LONGEST = 5


class Token(NamedTuple):
    start: int
    end: int
    text: str
    folded: str

    @property
    def initial(self) -> bool:
        return self.text.endswith(".") or len(self.text) == 1

    @property
    def loud(self) -> bool:
        return len(self.text) > 1 and self.text.isupper()


class Reader(NamedTuple):
    """A text with what is needed to judge its words; `tail` are the stretches where people sign."""

    text: str
    folded: str
    tail: Sequence[tuple[int, int]]
    sender: Sender
    words: Words

    def before(self, start: int, length: int = 48) -> str:
        return self.folded[max(0, start - length) : start]

    def in_tail(self, start: int) -> bool:
        return any(low <= start < high for low, high in self.tail)


def persons(reader: Reader) -> Iterator[Span]:
    """Spans of kind PERSONNE; their keys are the folded words of the name."""
    pieces = [piece for run in _run(reader.words).finditer(reader.text) for piece in _pieces(reader, run)]
    found = [judged for piece in pieces if (judged := _judge(reader, piece))]
    names = {t.folded for piece in found for t in piece if not t.initial and _telling(t.folded, reader.words)}
    taken = {token.start for piece in found for token in piece}
    for piece in found:
        yield _span(piece)
    for piece in pieces:
        again = [token for token in piece if token.start not in taken and token.folded in names]
        if again:
            yield _span(again)
    yield from _written_small(reader)


def _span(tokens: Sequence[Token]) -> Span:
    return Span(tokens[0].start, tokens[-1].end, "PERSONNE", " ".join(token.folded for token in tokens))


@lru_cache(maxsize=4)
def _run(words: Words) -> re.Pattern[str]:
    small = "|".join(sorted(words.particles, key=len, reverse=True))
    link = rf"[ \xa0]{{1,2}}(?:(?:{small})[ '’]){{0,3}}"
    one = rf"(?:{_INITIALS}[ ]?)?{_CAPITAL}"
    return re.compile(rf"(?<![\w@]){one}(?:{link}{one}){{0,9}}(?:[ ][{_UPPER}]\.)?")


def _pieces(reader: Reader, run: re.Match[str]) -> Iterator[list[Token]]:
    """A run cut at words that are never part of a name."""
    piece: list[Token] = []
    for found in _TOKEN.finditer(run[0]):
        start = run.start() + found.start()
        end = run.start() + found.end()
        token = Token(start, end, found[0], reader.folded[start:end].rstrip("."))
        if _is_name_like(reader, token):
            piece.append(token)
        elif piece:
            yield piece
            piece = []
    if piece:
        yield piece


def _is_name_like(reader: Reader, token: Token) -> bool:
    if token.folded in reader.sender.names:
        return True
    if token.text.endswith("."):
        return token.text not in {"M."}
    return token.folded not in reader.words.never and token.folded not in reader.words.titles


def _judge(reader: Reader, piece: list[Token]) -> list[Token]:
    """The tokens of a piece that name a person; none where nothing says so."""
    if any(token.folded in reader.words.organisations for token in piece):
        return []
    if _announced(reader, piece[0].start) or _ANGLE.match(reader.text, piece[-1].end):
        return piece[:_LONGEST]
    if _last_word(reader.before(piece[0].start, 24)) in reader.words.landmarks:
        return []
    named = [i for i in range(len(piece)) if _names_somebody(reader, piece, i)]
    if named:
        return _around(reader, piece, named)
    return piece if _signs(reader, piece) else []


def _last_word(before: str) -> str:
    words = before.rsplit(None, 1) if before.endswith(" ") else []
    return words[-1].rpartition("'")[2] if words else ""


def _announced(reader: Reader, start: int) -> bool:
    """Whether a title, a relation or a cue stands right before: "Mme", "ma fille", "je soussigné"."""
    before = reader.before(start)
    close = before.rstrip(' \xa0:.(«"')
    gap = before[len(close) :]
    if not close or close[-1].isspace() or len(gap) > 4:
        return False
    last = close.rsplit(None, 1)[-1].rpartition("'")[2].lstrip('(«"/,-')
    mark = gap.strip(" \xa0")
    if last in reader.words.titles and mark in ("", "."):
        return len(last) > 2 or mark == "." or _written_as_title(reader, start - len(gap), last)
    if mark not in ("", ":", "(", "«", '"'):
        return False
    return last in reader.words.relations or f" {close}".endswith(_cues(reader.words))


def _written_as_title(reader: Reader, end: int, last: str) -> bool:
    exact = {title.lower() for title in reader.words.exact_titles}
    return last not in exact or reader.text[end - len(last) : end] in reader.words.exact_titles


def _names_somebody(reader: Reader, piece: list[Token], i: int) -> bool:
    """Whether the i-th word is the sender's, a first name, or an initial before a name."""
    token, words = piece[i], reader.words
    if token.text.endswith("."):
        return i + 1 < len(piece) and len(piece[i + 1].text) > 2
    if reader.sender.is_named(token.folded):
        return token.folded not in words.ordinary or len(piece) > 1 or token.folded in reader.sender.names
    first = token.folded.partition("-")[0]
    if first in words.first_names or token.folded in words.first_names:
        return len(token.text) > 1
    return first in words.ambiguous and i + 1 < len(piece) and not piece[i + 1].initial


def _around(reader: Reader, piece: list[Token], named: list[int]) -> list[Token]:
    """From the first telling word to the end of the name; a word before it where it is a surname's place."""
    first, last = named[0], named[-1]
    if len(piece) > _LONGEST:
        return piece[first : max(last + 1, min(first + 2, len(piece)))]
    if first and (piece[first - 1].loud or _alone(reader, piece) or piece[first - 1].initial):
        first -= 1
    return piece[first:]


def _alone(reader: Reader, piece: list[Token]) -> bool:
    """Whether the piece fills its line, up to a comma, a bracket or a dash."""
    line_start = reader.text.rfind("\n", 0, piece[0].start) + 1
    if reader.text[line_start : piece[0].start].strip(" >-–—*_\t"):
        return False
    rest = reader.text[piece[-1].end : piece[-1].end + 3].lstrip(" \t.*_")
    return not rest or rest[0] in "\n\r,(/|–—-<"


def _signs(reader: Reader, piece: list[Token]) -> bool:
    """Whether the piece is a line of its own where people sign, and no town after a name."""
    if not reader.in_tail(piece[0].start) or not _alone(reader, piece) or len(piece) > 4:
        return False
    if len(piece) == 1:
        token = piece[0]
        return len(token.text) > 2 and not (token.loud and len(token.text) < 5) and not _after_name(reader, token)
    return all(len(token.text) > 1 or token.initial for token in piece)


def _after_name(reader: Reader, token: Token) -> bool:
    """Whether the line above is a name already: then a single word is a town."""
    above = _TOKEN.findall(reader.text[: token.start].rstrip()[-60:].rpartition("\n")[2])
    return len(above) in (2, 3)


def _written_small(reader: Reader) -> Iterator[Span]:
    """The sender's names without capitals: anywhere where they are no common word, else where he signs."""
    pattern = _small(reader.sender)
    for found in pattern.finditer(reader.folded) if pattern else ():
        name = found[0]
        common = name in reader.words.ordinary or name in reader.words.never or len(name) < 4
        if not common or reader.in_tail(found.start()):
            yield Span(*found.span(), "PERSONNE", name)


def _small(sender: Sender) -> re.Pattern[str] | None:
    names = [re.escape(name) for name in sorted(sender.names, key=len, reverse=True) if len(name) > 2]
    one = "(?:" + "|".join(names) + ")"
    return re.compile(rf"(?<![\w@]){one}(?:[ -]{one}){{0,4}}(?![\w@])") if names else None


def _telling(folded: str, words: Words) -> bool:
    return len(folded) >= 4 and folded not in words.ordinary


@lru_cache(maxsize=4)
def _cues(words: Words) -> tuple[str, ...]:
    return tuple(f" {cue}" for cue in words.cues)
