"""Greetings that read well whatever is known of the sender: his civility, his name, both or neither."""

import re

from service.pipeline.draft.filling import Filler
from service.pipeline.draft.rules import rules
from service.pipeline.redact.words import fold

_PAIR = re.compile(r"(?:([^\W\d_]+)[ \xa0])?\{civilite\}[ \xa0]\{nom\}")
_NAME = re.compile(r"^([^\W\d_]+)[ \xa0]\{nom\}(?=[ \xa0]?[,!])")
MOST_CHARS = 80


def addressed(block: str, filler: Filler, language: str) -> str:
    """The block with `{civilite} {nom}` as one form of address; what is not known is left out, nothing is guessed."""
    if "{nom}" not in block:
        return block
    civility, name = filler.name_of(language)
    if "{civilite}" not in block:
        return block if name else _NAME.sub(lambda found: _address(found[1], None, None, language), block)
    return _PAIR.sub(lambda found: _address(found[1] or "", civility, name, language), block)


def _address(lead: str, civility: str | None, name: str | None, language: str) -> str:
    """`Bonjour Madame Durand`, `Bonjour Claire Durand`, `Bonjour Madame`, `Bonjour`; `Madame, Monsieur`."""
    known = " ".join(word for word in (lead, civility, name) if word)
    if civility or (name and lead):
        return known
    return rules().nameless.get(language, {}).get(fold(lead), lead)


def is_greeting(block: str) -> bool:
    """Whether it is nothing but one: `Bonjour Madame Durand,`, `Madame, Monsieur,`."""
    line = block.strip()
    if "\n" in line or len(line) > MOST_CHARS:
        return False
    return line.endswith((",", "!")) and (begins(line, rules().greetings) or "{nom}" in line)


def is_closing(block: str) -> bool:
    """Whether it ends a letter: a formula, also behind a last thank-you, or a short line that leads to the signature
    (`Bon courage,`)."""
    line = block.strip()
    folded, alone = fold(line), "\n" not in line
    if alone and any(words in folded for words in rules().formulas):
        return True
    short = alone and len(line) <= MOST_CHARS and line.endswith(",")
    return folded.startswith(rules().closings) or (short and not is_greeting(line))


def begins(block: str, words: tuple[str, ...]) -> bool:
    return fold(block).startswith(words)
