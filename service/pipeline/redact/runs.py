"""Runs of capitalised words, cut into pieces that may be names."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from service.pipeline.redact.sender import Sender, looks_like_a_brand
from service.pipeline.redact.words import Words

UPPER = "".join(chr(code) for code in range(0x41, 0x250) if chr(code).isupper())
_ELIDED = rf"(?:[DNO]['’](?=[{UPPER}]))?"
_BRETON = rf"(?:['’]h[^\W\d_]{{0,12}}|['’]H[{UPPER}]{{0,12}})?"
_CAPITAL = rf"{_ELIDED}[{UPPER}][^\W\d_]{{0,40}}{_BRETON}(?:-[^\W\d_]{{1,40}}){{0,3}}"
_INITIALS = rf"(?:[{UPPER}]h?\.(?:[ ]?-?[{UPPER}]\.){{0,3}}|[{UPPER}]-[{UPPER}]\b\.?)"
TOKEN = re.compile(rf"{_INITIALS}|{_CAPITAL}")


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
    language: str = "fr"

    def before(self, start: int, length: int = 48) -> str:
        return self.folded[max(0, start - length) : start]

    def in_tail(self, start: int) -> bool:
        return any(low <= start < high for low, high in self.tail)


def pieces(reader: Reader) -> Iterator[list[Token]]:
    """Runs cut at words that are never part of a name; what follows an organisation's word is left out."""
    for run in _run(reader.words).finditer(reader.text):
        yield from _pieces(reader, run)


@lru_cache(maxsize=4)
def _run(words: Words) -> re.Pattern[str]:
    small = "|".join(sorted(words.particles, key=len, reverse=True))
    particles = rf"(?:(?:{small})(?:[ ]|['’])){{0,3}}"
    one = rf"(?:{_INITIALS}[ ]?{particles})?{_CAPITAL}"
    return re.compile(rf"(?<![\w@]){one}(?:[ \xa0]{{1,2}}{particles}{one}){{0,9}}(?:[ ][{UPPER}]\b\.?)?")


def _pieces(reader: Reader, run: re.Match[str]) -> Iterator[list[Token]]:
    piece: list[Token] = []
    organised = False
    for found in TOKEN.finditer(run[0]):
        start, end = run.start() + found.start(), run.start() + found.end()
        token = Token(start, end, found[0], reader.folded[start:end].rstrip("."))
        if _may_be_named(reader, token, piece):
            piece.append(token)
            continue
        yield from _closed(piece, organised, reader)
        organised = token.folded in reader.words.organisations
        piece = []
    yield from _closed(piece, organised, reader)


def _may_be_named(reader: Reader, token: Token, piece: list[Token]) -> bool:
    words = reader.words
    if token.folded in reader.sender.names or token.folded in words.particles:
        return True
    if token.text.endswith(".") or "-" in token.text[1:2]:
        return token.text != "M." and not ("." in token.folded and token.folded in words.never)
    if len(token.text) == 1:
        return bool(piece)
    return token.folded not in words.never and token.folded not in words.titles


def _closed(piece: list[Token], organised: bool, reader: Reader) -> Iterator[list[Token]]:
    """The piece without particles at its end, unless it is, or follows, an organisation's name."""
    while piece and piece[-1].folded in reader.words.particles and not piece[-1].text.endswith("."):
        piece = piece[:-1]
    firm = any(token.folded in reader.words.organisations or looks_like_a_brand(token.text) for token in piece)
    if piece and not organised and not firm:
        yield piece
