"""Keyword expressions as advisors write them (docs/keywords.md), read into terms."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from retrieval.words import stem, words

NEAR = 8
"""Terms joined by `&` stand near each other where their first words are at most so many words apart."""

SHORTEST_PREFIX = 2
HEAVIEST = 10.0


class By(StrEnum):
    """How a word of an expression recognises a word of a message."""

    EXACT = "="
    STEM = "~"
    PREFIX = "*"


class Unit(NamedTuple):
    """One folded word and how it is compared."""

    by: By
    word: str


Term = tuple[Unit, ...]
"""Units that must follow each other without a word between."""


@dataclass(frozen=True, slots=True)
class Expression:
    """All of `terms` near each other, unless one of `without` occurs. `terms` is never empty."""

    terms: tuple[Term, ...]
    without: tuple[Term, ...] = ()

    def meaning(self, language: str | None = None) -> tuple[frozenset[Term], frozenset[Term]]:
        """Equal for expressions that say the same thing; with a language, blind to inflection too."""
        return (
            frozenset(_reduced(term, language) for term in self.terms),
            frozenset(_reduced(term, language) for term in self.without),
        )

    def is_void(self, language: str) -> bool:
        """Whether what is looked for always holds what is excluded, so that it occurs nowhere."""
        return any(_holds(term, other, language) for term in self.terms for other in self.without)


class SyntaxMistakeError(ValueError):
    """An expression that cannot be read. `code` names the phrase that explains it, `shown` the place."""

    def __init__(self, code: str, shown: str = "") -> None:
        super().__init__(f"{code}: {shown}")
        self.code = code
        self.shown = shown


_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_PIECE = re.compile(r'\s*(?:(?P<sign>[&!])|"(?P<phrase>[^"]*)"|(?P<word>[^\s"&!^()|]+)|(?P<other>\S))')
_QUOTES = str.maketrans({"«": '"', "»": '"', "“": '"', "”": '"', "„": '"'})


def without_comment(line: str) -> str:
    """The line up to a `#` that starts it or follows a space outside of quotes."""
    quoted = False
    for at, character in enumerate(line):
        if character in '"«»“”':
            quoted = not quoted
        elif character == "#" and not quoted and (at == 0 or line[at - 1].isspace()):
            return line[:at].strip()
    return line.strip()


def split_weight(line: str) -> tuple[str, float]:
    """An expression and its weight, 1 where none is written. Raises SyntaxMistakeError."""
    expression, sign, number = line.rpartition("^")
    if not sign or '"' in number:
        return line.strip(), 1.0
    number = number.strip()
    if not _NUMBER.fullmatch(number):
        raise SyntaxMistakeError("weight_not_a_number", number or "^")
    weight = float(number.replace(",", "."))
    if weight == 0 or abs(weight) > HEAVIEST:
        raise SyntaxMistakeError("weight_out_of_range", number)
    return expression.strip(), weight


@lru_cache(maxsize=20_000)
def parse_expression(text: str) -> Expression:
    """An expression without its weight. Raises SyntaxMistakeError."""
    terms: list[Term] = []
    without: list[Term] = []
    sign = "&"
    for found in _pieces(text):
        if found["sign"]:
            sign = _joined(sign, found["sign"], bool(terms or without), text)
            continue
        if not sign:
            raise SyntaxMistakeError("words_not_joined", text.strip())
        (without if sign == "!" else terms).append(_term(found["phrase"], found["word"]))
        sign = ""
    if sign:
        raise SyntaxMistakeError("sign_without_word" if terms or without else "empty_expression", text.strip())
    if not terms:
        raise SyntaxMistakeError("only_negated", text.strip())
    expression = Expression(tuple(terms), tuple(without))
    if set(expression.terms) & set(expression.without):
        raise SyntaxMistakeError("excludes_itself", text.strip())
    return expression


def _pieces(text: str) -> list[dict[str, str | None]]:
    straight = text.translate(_QUOTES).rstrip()
    if straight.count('"') % 2:
        raise SyntaxMistakeError("quote_not_closed", text.strip())
    found = [match.groupdict() for match in _PIECE.finditer(straight)]
    for piece in found:
        if piece["other"]:
            raise SyntaxMistakeError("unexpected_sign", piece["other"])
    return found


def _joined(before: str, sign: str, started: bool, text: str) -> str:
    """The sign in force after `sign`: `& !` is the same as `!`; other doublings are mistakes."""
    if sign == "!" and (before != "!" or not started):
        return "!"
    if sign == "&" and not before:
        return "&"
    raise SyntaxMistakeError("sign_without_word", text.strip())


def _term(phrase: str | None, word: str | None) -> Term:
    if phrase is not None:
        return _phrase(phrase)
    assert word is not None  # noqa: S101 - a piece is a sign, a phrase or a word
    prefix = word.endswith("*")
    units = [Unit(By.STEM, each) for each in words(word.removesuffix("*"))]
    if not units or "*" in word.removesuffix("*"):
        raise SyntaxMistakeError("star_misplaced" if "*" in word else "no_word", word)
    if prefix:
        if len(units[-1].word) < SHORTEST_PREFIX:
            raise SyntaxMistakeError("prefix_too_short", word)
        units[-1] = Unit(By.PREFIX, units[-1].word)
    return tuple(units)


def _phrase(phrase: str) -> Term:
    if "*" in phrase:
        raise SyntaxMistakeError("star_misplaced", f'"{phrase}"')
    units = tuple(Unit(By.EXACT, each) for each in words(phrase))
    if not units:
        raise SyntaxMistakeError("no_word", f'"{phrase}"')
    return units


def _reduced(term: Term, language: str | None) -> Term:
    if language is None:
        return term
    return tuple(Unit(unit.by, stem(unit.word, language)) if unit.by is By.STEM else unit for unit in term)


def _holds(term: Term, other: Term, language: str) -> bool:
    """Whether wherever `term` occurs, `other` does."""
    starts = range(len(term) - len(other) + 1)
    return any(
        all(_implies(one, two, language) for one, two in zip(term[start:], other, strict=False)) for start in starts
    )


def _implies(one: Unit, two: Unit, language: str) -> bool:
    """Whether every word that the first recognises is recognised by the second."""
    if two.by is By.EXACT or (one.by is By.PREFIX and two.by is By.STEM):
        return one == two
    if two.by is By.STEM:
        return stem(one.word, language) == stem(two.word, language)
    # The last letter of a stem may differ between a word's forms.
    sure = stem(one.word, language)[:-1] if one.by is By.STEM else one.word
    return one.word.startswith(two.word) and sure.startswith(two.word)
