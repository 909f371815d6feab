"""How much a file may ask of the process that reads it."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """`size`: bytes of a file; `files`: read of one message; `pages`, `chars`: read of one file, what follows is left;
    `seconds`: for one file, and twice that for all of a message; `unpacked`: bytes of what is packed in a file;
    `memory`: bytes of address space of the whole process."""

    size: int = 1_500_000
    files: int = 10
    pages: int = 30
    chars: int = 8_000
    seconds: float = 5.0
    unpacked: int = 20_000_000
    memory: int = 768 * 1024 * 1024

    def as_argument(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_argument(cls, given: str) -> "Limits":
        return cls(**json.loads(given))
