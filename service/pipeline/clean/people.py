"""Lines that sign: a name, a phone, an address, a reference."""

import re
from dataclasses import dataclass

from service.domain.message import Sender
from service.pipeline.clean.lines import Line
from service.pipeline.clean.phrases import MailPhrases, folded

_TOKEN = re.compile(r"[^\W\d_]+")
_NAME_PIECE = re.compile(r"(?:[^\W\d_a-zà-ÿ][\w'’-]*\.?|de|da|di|du|des|la|le|van|von|den|el|al|ben|bin|et|&|-)$")
_CONTACT = re.compile(r"(?:\+?\d[\s./()-]{0,2}){8,}|\S@\S+\.\w|https?://|www\.|\b\d{5}\b")
_LONGEST_NAME = 5
_LONGEST_LINE = 75
_SENTENCE_SPACES = 4


@dataclass(frozen=True, slots=True)
class Signer:
    """What is known of the sender's name, folded; initials of first names count in a signature."""

    names: frozenset[str]

    @classmethod
    def of(cls, sender: Sender) -> "Signer":
        source = f"{sender.name} {re.sub(r'[._0-9-]+', ' ', sender.address.partition('@')[0])}"
        return cls(frozenset(token for token in _TOKEN.findall(folded(source)) if len(token) > 1))

    def signs(self, words: str, phrases: MailPhrases) -> bool:
        """Whether folded words begin with the sender's name, honorific and initials aside."""
        found = phrases.honorific.match(words)
        tokens = _TOKEN.findall(words[found.end() if found else 0 :])[:4]
        meant = [token for token in tokens if len(token) > 1]
        return bool(meant) and meant[0] in self.names


def looks_like_a_name(line: Line, phrases: MailPhrases) -> bool:
    """Two to five capitalised words, an honorific before them or not."""
    found = phrases.honorific.match(line.folded)
    words = line.text[found.end() if found else 0 :].rstrip(".,").split()
    return (2 - bool(found)) <= len(words) <= _LONGEST_NAME and all(_NAME_PIECE.match(word) for word in words)


def has_contact(line: Line) -> bool:
    return _CONTACT.search(line.folded) is not None


def may_sign(line: Line, phrases: MailPhrases) -> bool:
    """Whether a line is short and holds no sentence: a role, a company, a reference, a place."""
    if len(line.text) > _LONGEST_LINE or line.text.endswith(("?", ":")):
        return False
    if line.text.endswith((".", "!")) and line.text.count(" ") >= _SENTENCE_SPACES and not has_contact(line):
        return False
    if has_contact(line) or phrases.letter_reference.match(line.folded):
        return True
    found = phrases.honorific.match(line.folded)
    return phrases.sentence.search(line.folded, found.end() if found else 0) is None
