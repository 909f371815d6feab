"""Mistakes in what advisors wrote, each with its place and its cure, in their language."""

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from service.phrases import Phrases, load_phrases
from service.settings import PROMPTS

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """`line` counts from 1. `problem` says what is wrong, `cure` what to write instead.

    A playbook with an error is refused; a warning only asks for a second look.
    """

    file: str
    line: int
    problem: str
    cure: str
    severity: Severity = "error"
    code: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem} {self.cure}"


def phrases(language: str) -> Phrases:
    """Sentences in that language, French where there are none; this package's begin with `playbook.`."""
    return load_phrases(PROMPTS, language)


class Mistakes:
    """Collects mistakes while a playbook is read, so that one pass names them all."""

    def __init__(self, language: str) -> None:
        self._phrases = phrases(language)
        self._found: list[Mistake] = []

    def error(self, code: str, file: str, line: int, /, **values: object) -> None:
        self._add(code, file, line, "error", values)

    def warning(self, code: str, file: str, line: int, /, **values: object) -> None:
        self._add(code, file, line, "warning", values)

    def _add(self, code: str, file: str, line: int, severity: Severity, values: dict[str, object]) -> None:
        problem, cure = (self.sentence(f"mistakes.{code}.{part}", **values) for part in ("problem", "cure"))
        self._found.append(Mistake(file, line, problem, cure, severity, code))

    def suggestion(self, wrong: str, known: tuple[str, ...], listed: bool = True) -> str:
        """Names the nearest known name; where none is near, all of them or, not `listed`, nothing."""
        near = get_close_matches(wrong.lower(), known, n=1, cutoff=0.6)
        if near:
            return self.sentence("nearest", name=near[0])
        if not listed:
            return ""
        if not known:
            return self.sentence("none_known")
        return self.sentence("known", names=", ".join(known))

    def sentence(self, name: str, /, **values: object) -> str:
        """One of the package's sentences, filled in."""
        return self._phrases(f"playbook.{name}", **values)

    @property
    def all(self) -> list[Mistake]:
        """In order of file and line, each once."""
        return sorted(set(self._found))

    @property
    def refuse(self) -> bool:
        return any(mistake.severity == "error" for mistake in self._found)
