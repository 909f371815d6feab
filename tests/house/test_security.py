"""What the documents say of security is held by tests that exist, and nothing with a licence that binds is shipped."""

import re
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
LOCKED = re.compile(r"^([a-z0-9][\w.-]*)(?:\[[\w,]+\])?==", re.MULTILINE)
ROW = re.compile(r"^\| (?:[STRIDE] ?)+ \|.*\|$", re.MULTILINE)
BINDS = re.compile(r"\b(?:A?GPL|AFFERO)|GNU (?:AFFERO )?GENERAL PUBLIC", re.IGNORECASE)


def told(document: str) -> str:
    return (ROOT / "docs" / document).read_text("utf-8")


@pytest.mark.parametrize("document", ["security.md", "asvs.md", "promises.md"])
def test_every_test_that_is_named_exists(document: str) -> None:
    named = NAMED.findall(told(document))
    assert named
    missing = [f"{path}::{name}" for path, name in named if f"def {name}(" not in (ROOT / path).read_text("utf-8")]
    assert missing == []


def test_every_threat_names_a_test() -> None:
    rows = ROW.findall(told("security.md"))
    assert len(rows) > 30
    assert [row for row in rows if not NAMED.search(row)] == []


def test_nothing_that_is_shipped_is_under_the_gpl_or_agpl() -> None:
    locked = LOCKED.findall((ROOT / "requirements.lock").read_text("utf-8"))
    assert len(locked) > 50
    assert [name for name in locked if BINDS.search(_licence(name))] == []


def test_the_list_of_licences_names_what_is_shipped() -> None:
    """`make licences` writes it anew."""
    locked = LOCKED.findall((ROOT / "requirements.lock").read_text("utf-8"))
    listed = {_folded(row.split("|")[1]) for row in told("licences.md").splitlines() if row.startswith("| ")}
    assert [name for name in locked if _licence(name) and _folded(name) not in listed] == []


def _folded(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def _licence(name: str) -> str:
    """What a distribution says of its licence; nothing of one that this machine does not need."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    classes = [one for one in about.get_all("Classifier", []) if one.startswith("License")]
    said = about.get_all("License-Expression", []) + about.get_all("License", [])
    return " ".join([*(one[:80] for one in said), *classes])
