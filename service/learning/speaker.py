"""Who wrote: in what language, and whether he is a member or a professional such as a garage or a notary."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from retrieval.words import words
from service.domain.answers import Audience
from service.domain.cleaned import Part
from service.domain.limits import READ_CHARS
from service.domain.redacted import Redacted
from service.settings import PROMPTS
from service.yaml_file import read_yaml

METADATA = "audience"
"""The key under which a CRM may say who wrote: `member` or `professional`."""
_OWN = frozenset({Part.GREETING, Part.BODY, Part.CLOSING, Part.SIGNATURE})
_KNOWN: Mapping[str, Audience] = {"member": "member", "professional": "professional"}


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who wrote: his language, and what he is to the company where that is known."""

    language: str
    audience: Audience | None = None


def speaker_of(redacted: Redacted, metadata: Mapping[str, str]) -> Speaker:
    """The audience is what the metadata say; else `professional` where the sender's own words or signature speak as
    one does; None where nothing tells."""
    given = _KNOWN.get(metadata.get(METADATA, "").strip().lower())
    if given is None and _professional().search(_spoken(redacted)):
        given = "professional"
    return Speaker(redacted.language, given)


def _spoken(redacted: Redacted) -> str:
    """Folded words of subject, greeting, body and signature, between spaces: what is quoted is somebody else's."""
    own = " ".join(redacted.text[one.start : one.end] for one in redacted.segments if one.part in _OWN)
    return f" {' '.join((*words(redacted.subject), *words(own[:READ_CHARS])))} "


@lru_cache(maxsize=1)
def _professional() -> re.Pattern[str]:
    """Finds the words of `prompts/audience/professional.yaml` between the folded words of a text."""
    blocks: dict[str, str] = read_yaml(PROMPTS / "audience" / "professional.yaml")
    lines = {" ".join(words(line)) for block in blocks.values() for line in block.splitlines()}
    return re.compile(rf" (?:{'|'.join(sorted(map(re.escape, lines - {''}), reverse=True))}) ")
