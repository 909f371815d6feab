"""An account's files read into the parts of a playbook, each part with the lines it stands on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Annotated, Any, Generic, TypeVar

from pydantic import Field, StringConstraints

from service.domain.playbook import (
    Bursts,
    Flag,
    History,
    Precedence,
    Prose,
    Queue,
    QueueExample,
    Slug,
    Targets,
    Thresholds,
    Tone,
)
from service.domain.retention import Retention
from service.domain.situation import Calls, Situation
from service.domain.value import Value
from service.playbooks.documents import Document, read_document
from service.playbooks.example_files import EXAMPLES, is_examples, read_examples
from service.playbooks.keyword_blocks import Placed, read_keywords
from service.playbooks.mistakes import Mistakes
from service.playbooks.shapes import shaped

ACCOUNT = "account.yaml"
PRECEDENCE = "precedence.yaml"
FLAGS = "flags.yaml"
FACTS = "facts.yaml"
ANSWERS = "answers.yaml"
SITUATIONS = "situations.yaml"
QUEUES = "queues"
Part = TypeVar("Part", bound=Value)
KNOWN = (ACCOUNT, PRECEDENCE, FLAGS, SITUATIONS, FACTS, ANSWERS)


class Account(Value):
    """What `account.yaml` holds."""

    account: Slug
    label: Prose
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] = "fr"
    timezone: Prose = "Europe/Paris"
    thresholds: Thresholds = Thresholds()
    history: History = History()
    bursts: Bursts = Bursts()
    tone: Tone
    calls: Calls | None = None
    retention: Retention | None = None
    targets: Targets | None = None
    texts: dict[str, str] = Field(default_factory=dict)
    identifiers: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet(Generic[Part]):
    """A part with the document it came from, its place there, and the lines of its keywords."""

    part: Part
    document: Document
    path: tuple[str | int, ...] = ()
    keywords: tuple[Placed, ...] = ()

    def line(self, *name: str | int) -> int:
        return self.document.line((*self.path, *name))


@dataclass(slots=True)
class Sheets:
    """All parts that could be read; what could not is in the mistakes."""

    account: Sheet[Account] | None = None
    queues: list[Sheet[Queue]] = field(default_factory=list)
    examples: dict[str, list[tuple[int, QueueExample]]] = field(default_factory=dict)
    """By the file they stand in, each with its line."""
    precedence: list[Sheet[Precedence]] = field(default_factory=list)
    flags: list[Sheet[Flag]] = field(default_factory=list)
    situations: list[Sheet[Situation]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    queue_ids: tuple[str, ...] = ()


def read_sheets(files: Mapping[str, str], mistakes: Mistakes) -> Sheets:
    """Every file of the playbook, in order of name, so that the order they are handed in does not matter."""
    sheets = Sheets(queue_ids=tuple(PurePosixPath(file).stem for file in sorted(files) if is_queue(file)))
    _note_strangers(files, mistakes)
    if ACCOUNT in files:
        sheets.account = _account(read_document(ACCOUNT, files[ACCOUNT], mistakes), mistakes)
    else:
        mistakes.error("missing_file", ACCOUNT, 1)
    for file in filter(is_queue, sorted(files)):
        queue = _queue(read_document(file, files[file], mistakes), mistakes)
        sheets.queues.extend([queue] if queue else [])
    for file in filter(is_examples, sorted(files)):
        sheets.examples[file] = list(read_examples(file, files[file], mistakes))
    if len(sheets.queue_ids) < 2:
        mistakes.error("too_few_queues", QUEUES, 1)
    sheets.precedence = _listed(PRECEDENCE, Precedence, files, mistakes)
    sheets.flags = _listed(FLAGS, Flag, files, mistakes)
    sheets.situations = _listed(SITUATIONS, Situation, files, mistakes)
    sheets.facts = _facts(files, mistakes)
    return sheets


def is_queue(file: str) -> bool:
    path = PurePosixPath(file)
    return path.parent.as_posix() == QUEUES and path.suffix == ".yaml"


def _note_strangers(files: Mapping[str, str], mistakes: Mistakes) -> None:
    for file in files:
        if file not in KNOWN and not is_queue(file) and not is_examples(file):
            stem = PurePosixPath(file).stem
            known = (*KNOWN, f"{QUEUES}/{stem}.yaml", f"{EXAMPLES}/{stem}.txt")
            mistakes.warning("unknown_file", file, 1, hint=mistakes.suggestion(file, known))


def _account(document: Document, mistakes: Mistakes) -> Sheet[Account] | None:
    if document.data is None:
        return None
    account = shaped(Account, document.data, document, (), mistakes)
    return Sheet(account, document) if account else None


def _queue(document: Document, mistakes: Mistakes) -> Sheet[Queue] | None:
    if document.data is None:
        return None
    data, keywords = _with_keywords(document.data, document, (), mistakes)
    if isinstance(data, dict) and data.pop("examples", None) is not None:
        place = f"{EXAMPLES}/{PurePosixPath(document.file).stem}.txt"
        mistakes.error("examples_elsewhere", document.file, document.line(("examples",)), place=place)
    queue = shaped(Queue, data, document, (), mistakes)
    return Sheet(queue, document, (), keywords) if queue else None


def _listed(file: str, shape: type[Part], files: Mapping[str, str], mistakes: Mistakes) -> list[Sheet[Part]]:
    document = read_document(file, files[file], mistakes) if file in files else Document(file, None)
    if document.data is not None and not isinstance(document.data, list):
        mistakes.error("not_a_list_of_entries", file, 1)
    found: list[Sheet[Part]] = []
    for at, entry in enumerate(document.data if isinstance(document.data, list) else ()):
        data, keywords = _with_keywords(entry, document, (at,), mistakes) if shape is Flag else (entry, ())
        part = shaped(shape, data, document, (at,), mistakes)
        found.extend([Sheet(part, document, (at,), keywords)] if part else [])
    return found


def _with_keywords(
    data: Any, document: Document, path: tuple[str | int, ...], mistakes: Mistakes
) -> tuple[Any, tuple[Placed, ...]]:
    if not isinstance(data, dict):
        return data, ()
    placed = read_keywords(data.get("keywords"), document, (*path, "keywords"), mistakes)
    return {**data, "keywords": tuple(keyword for _, keyword in placed)}, placed


def _facts(files: Mapping[str, str], mistakes: Mistakes) -> dict[str, Any]:
    if FACTS not in files:
        return {}
    document = read_document(FACTS, files[FACTS], mistakes)
    if isinstance(document.data, dict):
        return document.data
    if document.data is not None:
        mistakes.error("not_fields", FACTS, 1, field=FACTS, found=type(document.data).__name__)
    return {}
