"""Plain text that whoever took the e-mail apart handed on as it travels: quoted-printable, or base64."""

import re

from service.domain.alignment import Alignment
from service.pipeline.clean.readable import Readable
from service.pipeline.clean.transfer import by_stretches, from_base64

# Of accented letters and typographic signs only; words with ?, & or / are addresses of pages.
_ENCODED_WORD = re.compile(
    r"(?<!\S)[^\s?&/=]{0,30}=(?:C[23]=[89AB][0-9A-F]|E2=80=[89AB][0-9A-F]|[EF][0-9A-F](?!=?[0-9A-F]))"
)
_FEWEST_WORDS = 2
_BASE64 = re.compile(r"\s*(?:[A-Za-z0-9+/]{4}\s*){20,}(?:[A-Za-z0-9+/]{2}(?:==|[A-Za-z0-9+/]=))?\s*")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def undecoded(body: str) -> Readable | None:
    """The text that the body encodes, with its way back where there is one; None where it is no such body."""
    if "=" in body and sum(1 for _ in zip(range(_FEWEST_WORDS), _ENCODED_WORD.finditer(body), strict=False)) > 1:
        text, alignment, _ = by_stretches(body, "utf-8", 0)
        return Readable(text, alignment)
    if not _BASE64.fullmatch(body):
        return None
    try:
        text = from_base64(body).decode()
    except ValueError:
        return None
    return Readable(text, Alignment()) if " " in text and not _CONTROLS.search(text) else None
