"""A run's folder: what is measured there, and how far an earlier run of the same came."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from service.domain.triage import Engine, Versions
from service.domain.value import Value
from service.errors import FieldProblem, RefusedError

RUN, SUMMARY, REPORT = "run.json", "summary.json", "report.html"


class Session(Value):
    """How many messages were predicted in how many seconds, in one go."""

    n: int
    seconds: float


class Subject(Value):
    """What is measured, on what: predictions of another subject do not belong into the same folder.

    `dataset` and `history` are digests of messages and labels. `way`: what is out of the ordinary
    about it, such as a step left out.
    """

    account: str
    engine: Engine
    dataset: str
    history: str
    versions: Versions
    split: str = "all"
    way: str = ""


class Run(Value):
    """`run.json`."""

    subject: Subject
    sessions: tuple[Session, ...] = ()

    @property
    def throughput(self) -> float | None:
        """Messages a second; None where no session came to its end in an orderly way."""
        seconds = sum(session.seconds for session in self.sessions)
        return sum(session.n for session in self.sessions) / seconds if seconds else None

    def and_then(self, session: Session) -> "Run":
        return self.model_copy(update={"sessions": (*self.sessions, session)})


def begin(folder: Path, subject: Subject) -> Run:
    """The run of that folder, made where there is none. Raises RefusedError where another one is in it."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / RUN).exists():
        if any(folder.iterdir()):
            raise RefusedError(f"{folder}: there are files in it and no {RUN}; give an empty folder as --out.")
        return write_run(folder, Run(subject=subject))
    run = read_run(folder)
    problems = tuple(
        FieldProblem(name, f"is {now} now, was {before}")
        for name, before, now in _differences(run.subject.model_dump(), subject.model_dump())
    )
    if problems:
        raise RefusedError(f"{folder}: a run of something else is in it; give another folder as --out.", problems)
    return run


def write_run(folder: Path, run: Run) -> Run:
    write_text(folder / RUN, run.model_dump_json(indent=2))
    return run


def write_text(path: Path, text: str) -> None:
    """Whole or not at all."""
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(text, "utf-8")
    draft.replace(path)


def read_run(folder: Path) -> Run:
    try:
        return Run.model_validate_json((folder / RUN).read_bytes())
    except ValidationError as error:
        raise RefusedError(f"{folder / RUN}: not written by this program; give another folder as --out.") from error


def _differences(before: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    return [(name, before[name], now[name]) for name in now if before[name] != now[name]]
