"""The audit of dependencies is red where a vulnerability is known, and never green for want of an answer."""

import json
from pathlib import Path
from typing import Any

from tests.house.audit import VULNERABLE, audited

FLAW = {"id": "PYSEC-1", "fix_versions": ["2.0"]}
CANARY = {"name": "jinja2", "version": "2.4.1", "vulns": [FLAW]}
CLEAN = {"name": "click", "version": "8.3.0", "vulns": []}
ROTTEN = {"name": "click", "version": "8.3.0", "vulns": [FLAW]}
SKIPPED = {"name": "click", "skip_reason": "not found"}


def told(*dependencies: dict[str, Any]) -> str:
    return json.dumps({"dependencies": dependencies, "fixes": []})


def audit(of_the_known: str, of_the_lock: str = "", lock: Path = Path("requirements.lock")) -> list[str] | None:
    def auditor(requirements: Path, _options: list[str]) -> str:
        if requirements == lock:
            return of_the_lock
        assert requirements.read_text().strip() == VULNERABLE
        return of_the_known

    return audited(lock, auditor)


def test_a_vulnerability_is_told_with_its_cure_also_where_others_could_not_be_asked_about() -> None:
    assert audit(told(CANARY), told(CLEAN)) == []
    assert audit(told(CANARY), told(ROTTEN, SKIPPED)) == ["click 8.3.0: PYSEC-1, mended in 2.0"]


def test_who_finds_nothing_in_what_is_known_to_be_vulnerable_has_asked_nobody() -> None:
    for silent in ("", "<html>", told(SKIPPED), told(CLEAN)):
        assert audit(silent, told(CLEAN)) is None


def test_an_answer_that_is_cut_or_leaves_something_out_is_none() -> None:
    for half in ("", '{"dependencies": [', told(CLEAN, SKIPPED)):
        assert audit(told(CANARY), half) is None
