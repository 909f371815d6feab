"""The reference account's confirmed messages, as often as they are needed."""

import json
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from service.domain.message import Message
from service.settings import PROMPTS

ACCOUNT = "club-horizon-auto"
CONFIRMED = PROMPTS / "accounts" / ACCOUNT / "confirmed"


def lines() -> list[dict[str, object]]:
    """In a fixed order in which short runs see every kind: one line of each file in turn."""
    files = [path.read_text("utf-8").splitlines() for path in sorted(CONFIRMED.glob("*.jsonl"))]
    longest = max(map(len, files))
    return [json.loads(file[at]) for at in range(longest) for file in files if at < len(file) and file[at].strip()]


def messages(limit: int | None = None) -> list[Message]:
    read = [Message.model_validate_json(json.dumps(line)) for line in lines()[:limit]]
    return [message.model_copy(update={"account": ACCOUNT}) for message in read]


def anew(known: Sequence[Message]) -> Iterator[Message]:
    """The messages again and again, each time under an id of its own."""
    for number in count():
        message = known[number % len(known)]
        yield message.model_copy(update={"external_id": f"bench-{number}-{message.external_id}"})


def write_lines(path: Path, total: int) -> None:
    """A file for `aiguilleur bulk` of that many lines with distinct ids."""
    known = lines()
    with path.open("w", encoding="utf-8") as file:
        for number in range(total):
            line = known[number % len(known)]
            file.write(json.dumps(line | {"id": f"{line['id']}-{number}"}, ensure_ascii=False) + "\n")
