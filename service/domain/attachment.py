"""Files that came with a message, and what could be read of them."""

from dataclasses import dataclass
from typing import Literal

from service.domain.value import Value

Reason = Literal[
    "",
    "archive",
    "busy",
    "corrupt",
    "crashed",
    "empty",
    "encrypted",
    "image",
    "mislabelled",
    "no_text",
    "timeout",
    "too_heavy",
    "too_large",
    "too_many",
    "truncated",
    "unsafe",
    "unsupported",
]
"""Why a file was not read; of one that was read, what is to be known: `truncated`, `mislabelled`."""

READ_WITH: frozenset[Reason] = frozenset({"", "truncated", "mislabelled"})


@dataclass(frozen=True, slots=True)
class File:
    """A file as it came: its bytes, or the `text` that the caller had read already, or a `reason` why it cannot be."""

    filename: str
    content_type: str
    content: bytes = b""
    text: str | None = None
    reason: Reason = ""


@dataclass(frozen=True, slots=True)
class FileText:
    """What was read of a file. `pages`: how many it has, where it has pages."""

    text: str = ""
    pages: int | None = None
    reason: Reason = ""

    @property
    def read(self) -> bool:
        return self.reason in READ_WITH


class AttachmentRead(Value):
    """What a Triage says of one attachment, in the order in which they came.

    `filename` is without folders and without characters that a screen obeys. `characters`: how many were read.
    `detail`: `reason` as a sentence in the account's language.
    """

    filename: str
    content_type: str
    read: bool
    pages: int | None = None
    characters: int = 0
    reason: Reason = ""
    detail: str = ""
