"""The program's own version."""

import shutil
from pathlib import Path

import pytest

import retrieval
from service.settings import PROMPTS
from service.wiring.program import program_version


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PROMPTS / "phrases", tmp_path / "prompts" / "phrases")).parent


def anew(prompts: Path) -> str:
    program_version.cache_clear()
    return program_version(prompts)


def test_it_is_the_same_wherever_the_same_program_stands(prompts: Path, tmp_path: Path) -> None:
    before = anew(prompts)
    assert before.startswith("0.1.0+")
    assert anew(Path(shutil.copytree(prompts, tmp_path / "elsewhere" / "prompts"))) == before


def test_a_changed_text_is_another_program_but_an_account_is_not(prompts: Path) -> None:
    before = anew(prompts)
    (prompts / "accounts").mkdir()
    (prompts / "accounts" / "queues.yaml").write_text("queues: []\n", "utf-8")
    assert anew(prompts) == before
    (prompts / "phrases" / "more.fr.yaml").write_text("a: b\n", "utf-8")
    assert anew(prompts) != before


def test_changed_code_is_another_program(prompts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = anew(prompts)
    other = shutil.copytree(Path(str(retrieval.__file__)).parent, tmp_path / "retrieval")
    (Path(other) / "fusion.py").write_text("pass\n", "utf-8")
    monkeypatch.setattr(retrieval, "__file__", str(Path(other) / "__init__.py"))
    assert anew(prompts) != before
    program_version.cache_clear()
