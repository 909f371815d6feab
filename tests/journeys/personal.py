"""Whose messages they are: the personal data of corpus messages, and where they turn up."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from service.domain.message import Message
from service.pipeline.clean import clean, opened
from service.pipeline.redact import redact
from service.playbooks import parse_playbook
from service.settings import REFERENCE

FENCED = re.compile(r"<<< (?:message|fil) (\w+)\n(.*?)\n>>> \1", re.DOTALL)
_LEAST = 6
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Known:
    """A corpus line; what redaction found in it that cannot stand anywhere else by chance: with a digit, an @, or two
    words, and no words of the company's; and what its labels call personal."""

    line: dict[str, Any]
    found: tuple[str, ...]
    labelled: tuple[str, ...]


def tells(value: str) -> bool:
    letters = sum(character.isalnum() for character in value)
    return letters >= _LEAST and bool(re.search(r"[\d@]|\w[\s-]+\w", value))


class Heard:
    """A text in which many strings are looked for: one whose words are not all there is not."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = frozenset(_WORD.findall(text))

    def holds(self, value: str) -> bool:
        """Whether it stands there as a whole: `12` does not stand in `1234`."""
        return self._words.issuperset(_WORD.findall(value)) and stands(value, self._text)


def company() -> Heard:
    """What the company itself has written."""
    files = sorted(path for path in REFERENCE.rglob("*") if path.suffix in (".yaml", ".txt"))
    return Heard("\n".join(path.read_text("utf-8") for path in files))


def known(count: int) -> list[Known]:
    """The first `count` even messages, every kind of message among them."""
    playbook, theirs = parse_playbook(REFERENCE), company()
    lines = [json.loads(line) for line in _lines()]
    some = []
    for line in [one for one in lines if int(one["id"].rpartition("-")[2]) % 2 == 0][:count]:
        message = opened(Message.model_validate(line))
        _, vault = redact(clean(message), message, playbook)
        found = [value for value in vault.values.values() if tells(value) and not theirs.holds(value)]
        some.append(Known(line, tuple(found), tuple(line["pii"])))
    return some


def _lines() -> Iterator[str]:
    for path in sorted((REFERENCE / "confirmed").glob("*.jsonl")):
        yield from path.read_text("utf-8").splitlines()


def stands(value: str, text: str) -> bool:
    """Whether it stands there as a whole: `12` does not stand in `1234`."""
    return value in text and bool(re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text))


def leaked(messages: Iterable[Known], text: str) -> list[tuple[str, str]]:
    """Ids of messages with the found data that stand in a text."""
    heard = Heard(text)
    return [(one.line["id"], value) for one in messages for value in one.found if heard.holds(value)]
