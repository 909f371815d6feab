"""What the display name and the address of a message say about its sender's name."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from service.domain.message import Message
from service.pipeline.redact.words import Words, fold

_WORD = re.compile(r"[^\W\d_]+")
_BRACKETS = re.compile(r"\([^()]*\)|[\"«»]")
_PERSON_PART = re.compile(r"\s*[|–—/,;]\s*|\s+-\s+|\s+(?:from|chez|via)\s+", re.I)
_CAMEL = re.compile(r"[a-z](?<!\bMc)(?<!\bMac)(?<!\bDe)(?<!\bLa)(?<!\bLe)[A-Z]")
_PERSONAL = re.compile(r"(?:^|_)(?:nom|prenom|name|titulaire|conjoint|contact)(?:_|$)")


@dataclass(frozen=True, slots=True)
class Sender:
    """`names`: folded words of the sender's name; `local`: letters of the address's local part.

    `name` is empty where the display name is an organisation's or says nothing.
    """

    name: str
    names: frozenset[str]
    parts: frozenset[str]
    local: str

    def is_named(self, word: str) -> bool:
        """Whether a folded word is one of the sender's names, or one slip away from a long one."""
        if word in self.names or (len(word) >= 3 and word in self.parts):
            return True
        if len(word) < 5:
            return False
        return word in self.local or any(self.slips(word, name) for name in self.names)

    @staticmethod
    def slips(word: str, name: str) -> bool:
        return _one_slip(word, name)


def sender_of(message: Message, words: Words) -> Sender:
    name = _PERSON_PART.split(_BRACKETS.sub(" ", message.sender.name), maxsplit=1)[0]
    name = " ".join(name.split())
    tokens = _WORD.findall(fold(name))
    person = bool(tokens) and not any(token in words.organisations for token in tokens) and "@" not in name
    person = person and not looks_like_a_brand(name)
    local = fold(message.sender.address.partition("@")[0])
    parts = [part for part in _WORD.findall(local) if len(part) >= 3]
    if any(part in words.organisations for part in parts):
        parts, local = [], ""
    names = {token for token in tokens if person and _tells(token, words)}
    names |= {token for value in _of_metadata(message) for token in _WORD.findall(fold(value)) if _tells(token, words)}
    return Sender(
        name=name if person else "",
        names=frozenset(names),
        parts=frozenset(part for part in parts if _tells(part, words)),
        local="".join(_WORD.findall(local)),
    )


def _of_metadata(message: Message) -> Iterable[str]:
    return (value for key, value in message.metadata.items() if _PERSONAL.search(fold(key)) and len(value) < 80)


def looks_like_a_brand(name: str) -> bool:
    """Digits, or a capital inside a word: "WebBoost"."""
    return any(character.isdigit() for character in name) or _CAMEL.search(name) is not None


def _tells(word: str, words: Words) -> bool:
    return len(word) >= 2 and word not in words.titles and word not in words.particles


def _one_slip(word: str, name: str) -> bool:
    """One letter added, left out, changed, or two neighbours swapped, in a name of five letters or more."""
    if len(name) < 5 or abs(len(word) - len(name)) > 1 or (word[0] != name[0] and word[-1] != name[-1]):
        return False
    head = _common(word, name)
    rest, other = word[head:], name[head:]
    tail = _common(rest[::-1], other[::-1])
    left, right = rest[: len(rest) - tail], other[: len(other) - tail]
    return max(len(left), len(right)) <= 1 or (len(left) == 2 and left == right[::-1])


def _common(one: str, other: str) -> int:
    length = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        length += 1
    return length
