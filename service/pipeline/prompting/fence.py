"""Keeps what customers write inside its fence: data, whatever it looks like."""

import hashlib
import re
from bisect import bisect_right

from service.domain.alignment import Alignment
from service.domain.redacted import RedactedText

_PLACEHOLDER = re.compile(r"\[\[([A-Z][A-Z_]*)_(\d+)\]\]")
_CONTROL_TOKENS = re.compile(
    r"<(?=\|)|(?<=\|)>|<(?=/?(?:s|bos|eos|start_of_turn|end_of_turn|think|SYS)\b)|<(?=<SYS)|\[(?=/?INST\])"
)
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\ue000-\uf8ff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U0010ffff]"
)
_INNER = {"<": "‹", ">": "›", "[": "("}


def nonce(*texts: RedactedText) -> RedactedText:
    """A code that none of the texts can hold: a digest of them all, so the same prompt for the same message."""
    digest = hashlib.sha256("\0".join(texts).encode("utf-8", "replace")).hexdigest()
    while any(digest[:16] in text for text in texts):
        digest = hashlib.sha256(digest.encode()).hexdigest()
    return RedactedText(digest[:16])


def plain(text: RedactedText) -> RedactedText:
    """The text without what only machines read: control tokens of chat formats, invisible and control characters."""
    disarmed = _CONTROL_TOKENS.sub(lambda found: _INNER[found.group()], text)
    return RedactedText(_UNSEEN.sub("", disarmed))


def disarm(text: RedactedText, alignment: Alignment) -> RedactedText:
    """The text, of the same length, with placeholders that the customer typed himself made ordinary words.

    A true placeholder stands for something else in the source; a typed one is a copy of the source.
    """
    said = _PLACEHOLDER.sub(lambda p: p.group() if _true(p, alignment) else f"(({p.group()[2:-2]}))", text)
    return RedactedText(said)


def anonymous(text: RedactedText) -> RedactedText:
    """Another customer's text: his placeholders without numbers, lest they be taken for this customer's."""
    return RedactedText(_PLACEHOLDER.sub(lambda placeholder: f"[{placeholder.group(1)}]", text))


def _true(placeholder: re.Match[str], alignment: Alignment) -> bool:
    start, end = placeholder.span()
    first = bisect_right(alignment.runs, start, key=lambda run: run.end)
    for run in alignment.runs[first:]:
        if run.start >= end:
            break
        if run.copied and (run.start < start or run.end > end):
            return False
    return True
