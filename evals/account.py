"""An account as its files have it, ready to be measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from service.domain.answers import CannedAnswer
from service.domain.confirmed import Confirmed
from service.domain.playbook import Playbook
from service.learning.examples import Example
from service.pipeline.clean import clean
from service.pipeline.redact import redact
from service.playbooks import parse_answers, parse_confirmed, parse_playbook
from service.settings import PROMPTS

REFERENCE = PROMPTS / "accounts" / "club-horizon-auto"


@dataclass(frozen=True)
class Case:
    """A confirmed message, its redacted form, and the group it is reported under."""

    confirmed: Confirmed
    example: Example
    group: str


@dataclass(frozen=True)
class Account:
    playbook: Playbook
    answers: Sequence[CannedAnswer]
    cases: Sequence[Case]


def read_account(folder: Path = REFERENCE) -> Account:
    """Confirmed messages are grouped by the name of their file: `usual-3.jsonl` holds usual ones."""
    playbook = parse_playbook(folder)
    answers = parse_answers((folder / "answers.yaml").read_text("utf-8"), playbook.queue_ids)
    cases = [
        Case(confirmed, as_example(confirmed, playbook), path.stem.split("-")[0])
        for path in sorted((folder / "confirmed").glob("*.jsonl"))
        for confirmed in parse_confirmed(path.read_text("utf-8").splitlines(), path.name, playbook.queue_ids)
    ]
    return Account(playbook, answers, cases)


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
        sender_key=sha256(sender.casefold().encode()).hexdigest()[:16] if sender else "",
    )
