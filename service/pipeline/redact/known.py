"""What is the company's own and therefore nobody's personal data: its phones, addresses and domains."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from service.domain.playbook import Playbook
from service.pipeline.redact.words import fold
from service.pipeline.remember import per_playbook

_DIGITS = re.compile(r"\d(?:[ .()/-]{0,2}\d){3,17}")
_DOMAIN = re.compile(r"(?:@|\bwww\.|https?://)([\w-]+(?:\.[\w-]+)+)")
_BARE_DOMAIN = re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,24}\b")


@dataclass(frozen=True, slots=True)
class Known:
    """`numbers` are digits only, `domains` and `text` folded."""

    numbers: frozenset[str]
    domains: frozenset[str]
    text: str
    identifiers: tuple[tuple[str, re.Pattern[str]], ...]

    def number(self, value: str) -> bool:
        digits = national(value)
        return digits in self.numbers

    def domain(self, value: str) -> bool:
        """Whether a host is one of the company's, or below one of them."""
        parts = value.lower().split(".")
        return any(".".join(parts[i:]) in self.domains for i in range(len(parts) - 1))

    def address(self, folded: str) -> bool:
        return " ".join(folded.replace(",", " ").split()) in self.text


def national(value: str) -> str:
    """Digits of a number, a French country code replaced by its leading zero."""
    digits = "".join(c for c in value if c.isdigit())
    digits = digits.removeprefix("00") if digits.startswith("0033") else digits
    return "0" + digits[2:].removeprefix("0") if digits.startswith("33") and len(digits) >= 11 else digits


@per_playbook
def known(playbook: Playbook) -> Known:
    texts = [fold(text) for text in strings(playbook.facts)]
    whole = " | ".join(" ".join(text.replace(",", " ").split()) for text in texts)
    domains = {found[1].removeprefix("www.") for text in texts for found in _DOMAIN.finditer(text)}
    domains |= {found[0].removeprefix("www.") for text in texts for found in _BARE_DOMAIN.finditer(text)}
    return Known(
        numbers=frozenset(national(found[0]) for text in texts for found in _DIGITS.finditer(text)),
        domains=frozenset(domains),
        text=whole,
        identifiers=tuple((kind.upper(), re.compile(regex, re.I)) for kind, regex in playbook.identifiers.items()),
    )


def strings(facts: Any) -> Iterator[str]:
    """Every string and number of nested facts, as text."""
    if isinstance(facts, dict):
        for value in facts.values():
            yield from strings(value)
    elif isinstance(facts, list | tuple):
        for value in facts:
            yield from strings(value)
    elif facts is not None:
        yield str(facts)
