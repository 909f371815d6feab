"""The house limits: small files, short functions, plain names, and no way to send a mail."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("service", "retrieval", "evals")
FILE_ROOF = 300
FUNCTION_ROOF = 40
VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "base", "misc"}
MAILERS = {"smtplib", "aiosmtplib", "yagmail", "sendgrid", "mailjet_rest", "postmarker", "exchangelib"}


def sources(*packages: str) -> list[Path]:
    return sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or 0) - node.lineno + 1


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", sources(*PACKAGES, "tests"), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_over_its_roof(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= FILE_ROOF


def test_no_function_is_over_its_roof() -> None:
    over = [f"{path}:{name} {n}" for path in sources(*PACKAGES) for name, n in functions(path) if n > FUNCTION_ROOF]
    assert over == []


def test_most_functions_are_short() -> None:
    lengths = [length for path in sources(*PACKAGES) for _, length in functions(path)]
    assert statistics.median(lengths) <= 10


def test_no_module_has_a_vague_name() -> None:
    assert [str(path) for path in sources(*PACKAGES) if path.stem in VAGUE or path.parent.name in VAGUE] == []


def test_no_line_of_this_program_can_send_a_reply() -> None:
    assert [str(path) for path in sources(*PACKAGES) if imported(path) & MAILERS] == []
