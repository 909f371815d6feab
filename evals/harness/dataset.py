"""Labelled messages from files, and what of a history they rule out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from service.domain.confirmed import Confirmed
from service.domain.message import Message, pseudonym_of
from service.domain.playbook import Playbook
from service.errors import FieldProblem, RefusedError
from service.learning.split import content_key
from service.playbooks import parse_confirmed

KINDS = ("usual", "unusual")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message with what is right about it. `group`: what its file says that it is."""

    confirmed: Confirmed
    group: str

    @property
    def id(self) -> str:
        return str(self.confirmed.message.external_id)


def read_labelled(paths: Iterable[Path], playbook: Playbook) -> list[Labelled]:
    """The lines of all files. Raises RefusedError that names file, line and field of every mistake."""
    found: dict[str, Labelled] = {}
    for path in paths:
        for confirmed in _read(path, playbook):
            one = Labelled(confirmed, group_of(path))
            if one.id in found:
                problem = FieldProblem("id", f"{one.id} stands in another file too; give each message once")
                raise RefusedError(f"{path}: a message is given twice.", (problem,))
            found[one.id] = one
    if not found:
        raise RefusedError("There is no message in the files given; name files with a labelled message a line.")
    return list(found.values())


def _read(path: Path, playbook: Playbook) -> tuple[Confirmed, ...]:
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8.") from error
    return parse_confirmed(
        text.split("\n"), path.name, playbook.queue_ids, playbook.language
    )  # JSON strings may hold U+2028


def group_of(path: Path) -> str:
    """`usual-3.jsonl` and `usual_test.jsonl` hold usual messages; any other file is a group of its own."""
    first = path.stem.replace("_", "-").split("-")[0].lower()
    return first if first in KINDS else path.stem


def without(history: Iterable[Confirmed], dataset: Sequence[Labelled]) -> tuple[list[Confirmed], int]:
    """The history without every message of the dataset, by external id or by content, and how many that left out."""
    ids = {one.id for one in dataset}
    contents = {content_key(one.confirmed.message) for one in dataset}
    given = list(history)
    kept = [one for one in given if one.message.external_id not in ids and content_key(one.message) not in contents]
    return kept, len(given) - len(kept)


def sender_key(message: Message) -> str:
    """A pseudonym of who wrote it; a message without a sender is one of its own."""
    name = message.sender.address or message.sender.name
    return pseudonym_of(name if name.strip() else f"message {message.external_id}")


def digest(messages: Iterable[Confirmed]) -> str:
    """16 hex digits of messages and labels, blind to their order, and to a time that no line gives."""
    said = sorted(one.message.fingerprint + _labels(one) for one in messages)
    return sha256("\n".join(said).encode()).hexdigest()[:16]


def _labels(one: Confirmed) -> str:
    return one.model_dump_json(exclude={"message"} if one.reply else {"message", "reply"})
