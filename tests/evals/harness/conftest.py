"""A small account in a store of the test's own, and labelled messages to measure it on."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.service.cli.conftest import Run, run
from tests.service.small_account import write_account

__all__ = ["run"]

USUAL: tuple[dict[str, object], ...] = (
    {"text": "Je n'ai pas reçu ma facture, merci de l'envoyer", "queue": "factures", "answers": ["facture_copie"]},
    {"text": "Facture illisible. Jean Martin, 06 12 34 56 78", "queue": "factures", "pii": ["06 12 34 56 78"]},
    {"text": "Mon départ du club est confirmé ?", "queue": "departs", "answers": ["depart_confirme"]},
)
UNUSUAL: tuple[dict[str, object], ...] = (
    {"text": "Alors c'est fini entre le club et moi", "queue": "departs", "difficulty": "hard"},
    {"text": "Rien compris au papier de mars, 12 € de trop ?", "queue": "factures", "difficulty": "hard"},
)


def write_lines(path: Path, lines: Iterable[dict[str, object]]) -> Path:
    numbered = ({"id": f"{path.stem}-{at}", "from": f"C{at} <c{at}@example.org>"} | one for at, one in enumerate(lines))
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in numbered), "utf-8")
    return path


@pytest.fixture
def account(tmp_path: Path, run: Run) -> Path:
    """The folder of an account that is in the store, with its eight confirmed messages; nothing is learned there."""
    folder = write_account(tmp_path / "petit", "petit")
    assert run("playbook", "import", folder, "--no-learn").code == 0
    return folder


@pytest.fixture
def dataset(tmp_path: Path) -> list[Path]:
    return [write_lines(tmp_path / "usual-1.jsonl", USUAL), write_lines(tmp_path / "unusual-1.jsonl", UNUSUAL)]
