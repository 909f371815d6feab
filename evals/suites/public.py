"""Public labelled data as accounts in English: read where they lie, never shipped."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.account import Account, Case, as_example
from service.domain.confirmed import Confirmed
from service.domain.message import Message
from service.domain.playbook import Playbook, Queue, Tone

DATASETS = Path(__file__).resolve().parents[2].parent / "shared" / "datasets"
"""Beside the project; any other folder is named with `--data`."""


class NoDataError(Exception):
    """The data are not there; the text says where they were sought and how to get them."""


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a data set comes from, and the files that are read of it."""

    folder: str
    files: tuple[str, ...]
    how: str

    def find(self, data: Path) -> Path:
        """The folder that holds all files: `data`/`folder`, or `data` itself. Raises NoDataError."""
        for place in (data / self.folder, data):
            if all((place / name).is_file() for name in self.files):
                return place
        raise NoDataError(f"no {' and '.join(self.files)} in {data / self.folder} or {data}. {self.how}")


def read_rows(file: Path) -> list[Row]:
    """Lines of JSON with `text` and `label`; a label is known by its folded form, see `slug`."""
    lines = file.read_text("utf-8").splitlines()
    return [Row(one["text"], slug(one["label"])) for one in map(json.loads, filter(None, lines))]


def slug(label: str) -> str:
    """A label as the id of a queue."""
    return re.sub(r"[^a-z0-9_-]", "", label.casefold().replace(" ", "_"))


def english_account(name: str, labels: Iterable[str]) -> Account:
    """An account whose playbook is the names of its labels: no keyword, no example, no canned answer."""
    queues = tuple(
        Queue(id=label, label=said, level=1, sla_hours=24, definition=said, instructions=())
        for label in sorted(set(labels))
        for said in (re.sub(r"[_-]+", " ", label),)
    )
    tone = Tone(instructions=("Be brief.",), signature=name)
    return Account(Playbook(account=name, label=name, language="en", version=name, queues=queues, tone=tone), (), ())


def as_cases(rows: Sequence[Row], account: Account, part: str) -> list[Case]:
    """Each row as a message that went through cleaning and redaction."""
    cases = []
    for at, row in enumerate(rows):
        message = Message(external_id=f"{part}-{at:05d}", account=account.playbook.account, body=row.text)
        confirmed = Confirmed(message=message, queue=row.label, language="en")
        cases.append(Case(confirmed, as_example(confirmed, account.playbook), part))
    return cases
