"""An account's folder, read whole: playbook, canned answers and confirmed messages."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from service.domain.answers import CannedAnswer
from service.domain.confirmed import Confirmed
from service.domain.playbook import Playbook
from service.playbooks.canned import parse_answers
from service.playbooks.history import parse_confirmed, read_confirmed
from service.playbooks.mistakes import Mistake, Mistakes
from service.playbooks.reading import note_mistakes, parse, read_folder
from service.playbooks.sheets import ANSWERS


@dataclass(frozen=True, slots=True)
class AccountFolder:
    """`files` are those of the playbook, by name; `answers` is None where the folder has no library.
    `confirmed` holds the messages by the stem of their file."""

    files: dict[str, str]
    playbook: Playbook
    answers: tuple[CannedAnswer, ...] | None
    confirmed: dict[str, tuple[Confirmed, ...]]

    @property
    def messages(self) -> tuple[Confirmed, ...]:
        return tuple(one for group in self.confirmed.values() for one in group)


def read_account(folder: Path) -> AccountFolder:
    """Raises MissingError, or RefusedError that names every mistake with file, line and cure."""
    files = read_folder(folder)
    playbook = parse(files)
    library = files.pop(ANSWERS, None)
    answers = parse_answers(library, playbook.queue_ids, playbook.language) if library is not None else None
    return AccountFolder(files, playbook, answers, dict(_confirmed(folder, playbook)))


def check_folder(folder: Path) -> list[Mistake]:
    """Every mistake in playbook, canned answers and confirmed messages: what `read_account` would refuse, and warnings.

    In order of file and line. Raises MissingError where there is no such folder.
    """
    mistakes = Mistakes("fr")
    queues = note_mistakes(read_folder(folder), mistakes)
    for _, name, lines in _histories(folder):
        read_confirmed(lines, name, queues, mistakes)
    return mistakes.all


def _confirmed(folder: Path, playbook: Playbook) -> Iterator[tuple[str, tuple[Confirmed, ...]]]:
    for stem, name, lines in _histories(folder):
        yield stem, parse_confirmed(lines, name, playbook.queue_ids, playbook.language)


def _histories(folder: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Each file's stem, its name for errors, and its lines."""
    for path in sorted((folder / "confirmed").glob("*.jsonl")):
        text = path.read_text("utf-8-sig", errors="replace")
        yield path.stem, f"confirmed/{path.name}", text.split("\n")  # not splitlines: JSON strings may hold U+2028
