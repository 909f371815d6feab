"""An account as its files have it, ready to be measured."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from service.domain.answers import CannedAnswer
from service.domain.confirmed import Confirmed
from service.domain.playbook import Playbook
from service.learning.examples import Example
from service.pipeline.clean import clean
from service.pipeline.redact import redact
from service.playbooks.folder import read_account as read_folder
from service.settings import REFERENCE

STUDIED = "[13579]$"
"""Ids of the reference account's messages that were read while its keywords were written. Its voters learn from these
like from the others, and are right on them no oftener on usual mail; figures on the others are the headline."""


@dataclass(frozen=True)
class Case:
    """A confirmed message, its redacted form, and the group it is reported under. `unread`: the playbook's
    authors have not read it, so that their keywords are measured honestly on it."""

    confirmed: Confirmed
    example: Example
    group: str
    unread: bool = True


@dataclass(frozen=True)
class Account:
    """`files` are the playbook's, by name, where it was read from a folder."""

    playbook: Playbook
    answers: Sequence[CannedAnswer]
    cases: Sequence[Case]
    files: dict[str, str] = field(default_factory=dict)


def read_account(folder: Path = REFERENCE, studied: str = STUDIED) -> Account:
    """The folder's account. Confirmed messages are grouped by the name of their file: `usual-3.jsonl` holds usual ones.

    `studied` is a regular expression of the ids that the playbook's authors have read.
    """
    found = read_folder(folder)
    cases = [
        Case(one, as_example(one, found.playbook), stem.split("-")[0], is_unread(one, studied))
        for stem, confirmed in found.confirmed.items()
        for one in confirmed
    ]
    return Account(found.playbook, found.answers or (), cases, found.files)


def is_unread(confirmed: Confirmed, studied: str = STUDIED) -> bool:
    return not (studied and re.search(studied, str(confirmed.message.external_id)))


def halves(history: Iterable[Confirmed]) -> tuple[list[Confirmed], list[Confirmed]]:
    """The messages of the reference account that its authors have read, and those that they have not."""
    found: tuple[list[Confirmed], list[Confirmed]] = ([], [])
    for one in history:
        found[is_unread(one)].append(one)
    return found


def as_example(confirmed: Confirmed, playbook: Playbook) -> Example:
    """Cleaned and redacted as it would be on its way through the product."""
    message = confirmed.message
    redacted, _ = redact(clean(message), message, playbook)
    sender = message.sender.address or message.sender.name
    return Example(
        external_id=str(message.external_id),
        redacted=redacted,
        queue=confirmed.queue,
        secondary=confirmed.secondary,
        flags=confirmed.flags,
        answers=confirmed.answers,
        answers_told=True,
        sender_key=sha256(sender.casefold().encode()).hexdigest()[:16] if sender else "",
    )
