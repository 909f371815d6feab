"""The same in fewer words: prompts/drafts/condensing.yaml, applied where nobody has written by hand."""

import re
from collections.abc import Sequence
from functools import cache

from service.settings import PROMPTS
from service.yaml_file import read_yaml

_ITEM = re.compile(r"^- ", re.MULTILINE)
_APART = " ,^"
"""What a pattern begins with that may stand right behind a word."""
_OF_ITEMS = "^(- )"
"""What a pattern begins with that is about the items of a list."""
Ways = Sequence[tuple[re.Pattern[str], str]]


@cache
def ways() -> Ways:
    """As shipped. Raises FileNotFoundError, KeyError or re.error where something is missing or wrong."""
    given = read_yaml(PROMPTS / "drafts" / "condensing.yaml")["ways"]
    flags = re.IGNORECASE | re.MULTILINE
    return [
        (re.compile(pattern if pattern[0] in _APART else rf"(?<!\w){pattern}", flags), put) for pattern, put in given
    ]


def condensed(text: str) -> str:
    """A paragraph in fewer words; what stood in capitals at the beginning of a sentence still does. What is done to
    items of a list is done to all of them, or to none."""
    for pattern, instead in ways():
        places = [*pattern.finditer(text)]
        if pattern.pattern.startswith(_OF_ITEMS) and len(places) < len(_ITEM.findall(text)):
            continue
        for found in reversed(places):
            put, after = found.expand(instead), text[found.end() :]
            if found[0][:1].isupper():
                put, after = (_raised(put), after) if put else (put, _raised(after))
            text = text[: found.start()] + put + after
    return text


def _raised(text: str) -> str:
    return text[:1].upper() + text[1:]
