"""The command line inside the test's process: quicker than a process of its own, and the same code."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from service.cli import main


@dataclass
class Ran:
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """`run("triage", file, data=folder)`; the working folder has no `.env`."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object, data: Path | None = None) -> Ran:
        monkeypatch.setenv("AIGUILLEUR_DATA", str(data or tmp_path / "data"))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        return Ran(int(ended.value.code or 0), shown.out, shown.err)

    return run
