"""Names of persons: runs of capitalised words for which something else says that they are a name."""

import re
from collections.abc import Iterator, Sequence

from service.pipeline.redact.runs import TOKEN, Reader, Token, pieces
from service.pipeline.redact.sender import Sender
from service.pipeline.redact.spans import Span
from service.pipeline.redact.words import Words

_ANGLE = re.compile(r"[\"']?[ ]{0,2}[<\[(](?:mailto:)?[^\s<>@]{1,64}@")
_CASELESS = re.compile(r"^[^\W\d_a-z]+(?:[ -][^\W\d_a-z]+){1,3}$", re.M)
_NEXT_WORD = re.compile(r"[ -]([^\W\d_]{4,40})(?!\w)")
_WORD_BEFORE = re.compile(r"(?<!\w)([^\W\d_]{4,40})[ -]$")
_LONGEST = 5


def persons(reader: Reader) -> Iterator[Span]:
    """Spans of kind PERSONNE; their keys are the folded words of the name."""
    candidates = list(pieces(reader))
    found = [judged for piece in candidates if (judged := _judge(reader, piece))]
    names = {t.folded for piece in found for t in piece if not t.initial and _telling(t.folded, reader.words)}
    taken = {token.start for piece in found for token in piece}
    for piece in found:
        yield _span(piece)
    for piece in candidates:
        again = [token for token in piece if token.start not in taken and token.folded in names]
        if again:
            yield _span(again)
    yield from _written_small(reader)
    yield from _without_case(reader)


def _span(tokens: Sequence[Token]) -> Span:
    return Span(tokens[0].start, tokens[-1].end, "PERSONNE", " ".join(token.folded for token in tokens))


def _judge(reader: Reader, piece: list[Token]) -> list[Token]:
    """The tokens of a piece that name a person; none where nothing says so."""
    if (_announced(reader, piece) and not _is_state(reader, piece)) or _ANGLE.match(reader.text, piece[-1].end):
        return piece[:_LONGEST]
    spoken = not all(token.loud for token in piece)
    while piece and piece[0].folded in reader.words.particles and piece[0].folded not in reader.sender.names:
        if spoken and piece[0].loud and len(piece) > 1 and piece[1].loud:
            break
        piece = piece[1:]
    if not piece or _last_word(reader.before(piece[0].start, 24)) in reader.words.landmarks:
        return []
    named = [i for i in range(len(piece)) if _names_somebody(reader, piece, i)]
    if named:
        return _around(reader, piece, named)
    return piece if _signs(reader, piece) else []


def _last_word(before: str) -> str:
    words = before.rsplit(None, 1) if before.endswith(" ") else []
    return words[-1].rpartition("'")[2] if words else ""


def _announced(reader: Reader, piece: list[Token]) -> bool:
    """Whether a title, a relation, a greeting or a cue stands right before: "Mme", "ma fille", "je soussigné"."""
    start, words = piece[0].start, reader.words
    before = reader.before(start)
    close = before.rstrip(' \xa0:.,(«"')
    gap = before[len(close) :]
    if not close or close[-1].isspace() or len(gap) > 4:
        return False
    last = close.rsplit(None, 1)[-1].rpartition("'")[2].lstrip('(«"/,-')
    mark = gap.strip(" \xa0")
    if last in words.titles and mark in ("", "."):
        sure = len(last) > 2 or (mark == "." and last != "me")
        return sure or _written_as_title(reader, start - len(gap), last)
    if last in words.greetings and not mark:
        return sum(token.folded not in words.particles for token in piece) <= 2 and reader.text[
            piece[-1].end : piece[-1].end + 1
        ] in (",", "\n", "!", "")
    if mark == ":" and close.rpartition("\n")[2].lstrip(" >*") in words.headers:
        return True
    if mark == "" and last in words.copulas:
        close = close.rpartition(" ")[0]
        last = close.rsplit(None, 1)[-1] if close.strip() else ""
    if last in words.relations and mark in ("", ":", ",", "("):
        return True
    return mark in ("", ":", "(", "«", '"') and _cued(close, words)


def _is_state(reader: Reader, piece: Sequence[Token]) -> bool:
    """Whether it is rather what somebody close is ("MON MARI EST DECEDE", "mon fils est Malade") than who: where the
    copula is in capitals, too, these tell nothing."""
    start, words = piece[0].start, reader.words
    before = reader.before(start).split()
    copula = bool(before) and before[-1] in words.copulas
    if len(before) <= copula or before[-1 - copula] not in words.relations:
        return False
    if any(token.folded.partition("-")[0] in words.first_names for token in piece):
        return False
    loud = copula and reader.text[:start].rstrip()[-len(before[-1]) :].isupper()
    return loud or piece[0].folded in words.states


def _written_as_title(reader: Reader, end: int, last: str) -> bool:
    exact = {title.lower() for title in reader.words.exact_titles}
    return last not in exact or reader.text[end - len(last) : end] in reader.words.exact_titles


def _names_somebody(reader: Reader, piece: list[Token], i: int) -> bool:
    """Whether the i-th word is the sender's, a first name, or an initial before a name."""
    token, words = piece[i], reader.words
    if token.text.endswith(".") or "-" in token.text[1:2]:
        return i + 1 < len(piece) and len(piece[i + 1].text) > 2
    if len(token.text) == 1 or (i and piece[i - 1].folded in words.landmarks):
        return False
    if reader.sender.is_named(token.folded):
        return token.folded not in words.ordinary or len(piece) > 1 or token.folded in reader.sender.names
    return _is_first_name(reader, piece, i)


def _is_first_name(reader: Reader, piece: list[Token], i: int) -> bool:
    """Whether the i-th word is a first name; one that is also an ordinary word of the language, a town or a car needs
    another name beside it."""
    token, words = piece[i], reader.words
    first = token.folded.partition("-")[0]
    followed = i + 1 < len(piece)
    if first in words.ambiguous_in.get(reader.language, ()):
        return followed
    if first in words.first_names or token.folded in words.first_names:
        return True
    if first in words.ambiguous:
        return followed or _inside(reader, token)
    return followed and first in words.named_places


def _inside(reader: Reader, token: Token) -> bool:
    """Whether a word stands inside of a sentence, where its capital tells."""
    before = reader.text[max(0, token.start - 3) : token.start].rstrip(' \xa0«("')
    return before[-1:].islower() or before.endswith(",")


def _around(reader: Reader, piece: list[Token], named: list[int]) -> list[Token]:
    """From the first telling word to the end of the name; a word before it where it is a surname's place."""
    first, last = named[0], named[-1]
    if len(piece) > _LONGEST:
        return piece[first : max(last + 1, min(first + 2, len(piece)))]
    if first and (_inside(reader, piece[0]) or _alone(reader, piece)):
        return piece
    if first and (piece[first - 1].loud or piece[first - 1].initial):
        first -= 1
    return piece[first:]


def _alone(reader: Reader, piece: list[Token], marks: str = "\n\r,(/|–—-<") -> bool:
    """Whether the piece fills its line, up to one of the marks."""
    line_start = reader.text.rfind("\n", 0, piece[0].start) + 1
    if reader.text[line_start : piece[0].start].strip(" >-–—*_\t"):
        return False
    rest = reader.text[piece[-1].end : piece[-1].end + 40].lstrip(" \t.*_")
    return not rest or rest[0] in marks


def _signs(reader: Reader, piece: list[Token]) -> bool:
    """Whether the piece is a line of its own where people sign, and no town after a name."""
    if len(piece) > 4 or not reader.in_tail(piece[0].start):
        return False
    if len(piece) == 1:
        token = piece[0]
        long = len(token.text) > 2 and not (token.loud and len(token.text) < 5)
        return long and _alone(reader, piece, "\n\r") and not _after_name(reader, token)
    return _alone(reader, piece) and all(len(token.text) > 1 for token in piece)


def _after_name(reader: Reader, token: Token) -> bool:
    """Whether the line above is a name already: then a single word is a town."""
    above = TOKEN.findall(reader.text[: token.start].rstrip()[-60:].rpartition("\n")[2])
    return len(above) in (2, 3)


def _written_small(reader: Reader) -> Iterator[Span]:
    """The sender's names without capitals: anywhere where they are no common word, else where he signs."""
    places = sorted(place for name in _own_names(reader.sender) for place in _places(reader.folded, name))
    for start, end in _joined(places, reader.folded):
        name = reader.folded[start:end]
        common = name in reader.words.ordinary or name in reader.words.never or len(name) < 4
        if common and _is_a_thing(reader, start):
            continue
        if reader.in_tail(start):
            first, last = _with_slips(reader, start, end)
            yield Span(first, last, "PERSONNE", reader.folded[first:last])
        elif not common and not reader.sender.names.isdisjoint(name.split()):
            yield Span(start, end, "PERSONNE", name)


def _is_a_thing(reader: Reader, start: int) -> bool:
    """Whether a small word stands before a surname, and no other name: "near the mill" of somebody called Mill."""
    before = reader.before(start, 24)
    named = reader.sender.names.intersection(before.split())
    return not named and _last_word(before) in reader.words.articles


def _with_slips(reader: Reader, start: int, end: int) -> tuple[int, int]:
    """With the word before and after it where these are the rest of the name, misspelt: "gaelle kerjan"."""
    after = _NEXT_WORD.match(reader.folded, end)
    if after and _is_slip(reader, after[1]):
        end = after.end()
    before = _WORD_BEFORE.search(reader.folded, max(0, start - 24), start)
    return (before.start(1) if before and _is_slip(reader, before[1]) else start), end


def _is_slip(reader: Reader, word: str) -> bool:
    return any(reader.sender.slips(word, name) for name in reader.sender.names)


def _own_names(sender: Sender) -> Iterator[str]:
    yield from (name for name in sender.names if len(name) > 2)
    yield from (part for part in sender.parts - sender.names if len(part) > 3)


def _places(folded: str, name: str) -> Iterator[tuple[int, int]]:
    """Where a word stands as a whole word."""
    start = folded.find(name)
    while start >= 0:
        end = start + len(name)
        around = folded[start - 1 : start] + folded[end : end + 1]
        if not any(character.isalnum() or character in "_@" for character in around):
            yield start, end
        start = folded.find(name, end)


def _joined(places: Sequence[tuple[int, int]], folded: str) -> Iterator[tuple[int, int]]:
    """Neighbours with a space or a hyphen between them as one."""
    start = end = -1
    for low, high in places:
        if end >= 0 and folded[end:low] in (" ", "-"):
            end = high
        elif low >= end:
            if end >= 0:
                yield start, end
            start, end = low, high
    if end >= 0:
        yield start, end


def _without_case(reader: Reader) -> Iterator[Span]:
    """Lines of two to four words in a script without capitals, where people sign."""
    if reader.text.isascii():
        return
    for low, high in reader.tail:
        for found in _CASELESS.finditer(reader.text, low, high):
            letters = found[0].replace(" ", "").replace("-", "")
            words = reader.folded[found.start() : found.end()].split()
            if letters.lower() == letters.upper() and not reader.words.caseless_never.intersection(words):
                yield Span(*found.span(), "PERSONNE", " ".join(words))


def _telling(folded: str, words: Words) -> bool:
    return len(folded) >= 4 and folded not in words.ordinary


def _cued(close: str, words: Words) -> bool:
    """Whether a text ends with one of the cues, as whole words."""
    if not close.endswith(words.cues):
        return False
    return any(close.endswith(cue) and not close[: -len(cue)][-1:].isalnum() for cue in words.cues)
