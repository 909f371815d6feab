"""The kinds of personal data whose placeholders keywords may name, such as `[[IBAN]]`."""

from collections.abc import Collection, Iterable
from functools import lru_cache

from retrieval.words import MARKER
from service.playbooks.keyword_blocks import Placed
from service.playbooks.mistakes import Mistakes
from service.settings import PROMPTS
from service.yaml_file import read_yaml

FOUND = (
    *("ADRESSE", "CARTE", "EMAIL", "IBAN", "LIEN", "NAISSANCE", "NIR", "NUMERO", "PERSONNE", "PLAQUE", "TELEPHONE"),
    "TEXTE",
)
"""What is redacted for every account by what it looks like; a test holds them against the redaction."""


@lru_cache(maxsize=1)
def built_in() -> frozenset[str]:
    """These, and the kinds of number that are known by what they are called."""
    return frozenset((*FOUND, *read_yaml(PROMPTS / "redact" / "words.yaml")["numbers"]))


def check_markers(keywords: Iterable[Placed], file: str, own: Collection[str], mistakes: Mistakes) -> None:
    """A keyword that names a placeholder which no message has occurs nowhere. `own`: the account's `identifiers`."""
    known = tuple(sorted(kind.lower() for kind in {*built_in(), *own}))
    for line, keyword in keywords:
        for found in MARKER.finditer(keyword.expression):
            if found[1].lower() not in known:
                hint = mistakes.suggestion(found[1], known)
                mistakes.warning("unknown_marker", file, line, found=found[0], hint=hint)
