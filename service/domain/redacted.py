"""A message without its personal data, and the vault that can put them back."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NewType

from service.domain.alignment import Alignment
from service.domain.cleaned import Segment, own_words

_PLACEHOLDER = re.compile(r"\[\[[A-Z][A-Z_]*_\d+\]\]")
_BROKEN = re.compile(
    r"\[\[[^\[\]\n]{0,80}\]{0,2}|\[[^\W\d_]{3,}[ _-]\d{1,3}\]{0,2}"
    r"|(?<!\w)[A-Z]{3,}_\d{1,3}(?!\w)\]{0,2}|[^\W\d_]{3,}_\d{1,3}\]\]?"
)

RedactedText = NewType("RedactedText", str)
"""Text without a customer's personal data: all that prompts, searches and examples are made of.

A type checker refuses any other text there. A test names the few files that make it (tests/house/test_one_door.py).
"""


def ours(text: str) -> RedactedText:
    """What the company or this program wrote: playbook, canned answers, codes. No customer's words."""
    return RedactedText(text)


def together(*texts: RedactedText) -> RedactedText:
    """A line each, with nothing around them."""
    return RedactedText("\n".join(texts).strip())


def broken_placeholders(text: str) -> Iterator[re.Match[str]]:
    """What looks like a placeholder in a text that was restored: invented, translated, or with a bracket or a letter
    wrong. Nothing stands behind it."""
    return _BROKEN.finditer(text)


EMPTY = RedactedText("")


@dataclass(frozen=True, slots=True)
class Vault:
    """Placeholder to the personal data that it stands for. Never leaves the machine, never logged.

    A placeholder looks like `[[PERSONNE_1]]`: typed, numbered from 1 within one message, and the
    same for the same person however he is spelt.
    """

    values: dict[str, str] = field(default_factory=dict)

    def restore(self, text: str) -> str:
        """`text` with every known placeholder replaced by what it stands for, in one pass."""
        return _PLACEHOLDER.sub(lambda found: self.values.get(found[0], found[0]), text)

    def __repr__(self) -> str:
        return f"Vault({len(self.values)} values)"


@dataclass(frozen=True, slots=True)
class Redacted:
    """What voters, prompts, logs and examples may see: the cleaned text with typed placeholders.

    `alignment` maps `text` back to the body as received. `recipient` is the
    address of the company that the customer wrote to; `sender` is the sender's placeholder, or "".
    """

    subject: RedactedText
    text: RedactedText
    segments: tuple[Segment, ...]
    alignment: Alignment
    language: str = "fr"
    channel: str = "email"
    recipient: RedactedText = EMPTY
    sender: RedactedText = EMPTY

    @property
    def own(self) -> RedactedText:
        """The customer's own new words; where he wrote none, what he forwards."""
        return RedactedText(own_words(self.text, self.segments))
