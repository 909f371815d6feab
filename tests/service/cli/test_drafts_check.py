"""`drafts check` and `answers lint`, on a small account made for the test."""

import json
from pathlib import Path

import pytest

from tests.service.cli.conftest import Run
from tests.service.small_account import write_account


@pytest.fixture
def imported(run: Run, tmp_path: Path) -> Path:
    folder = write_account(tmp_path / "small", "petit")
    assert run("playbook", "import", folder).code == 0
    return folder


def test_a_draft_as_its_answer_has_it_is_clean(run: Run, imported: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text("Bonjour,\nVotre facture est jointe à ce message.", "utf-8")
    done = run("drafts", "check", draft, "--answers", "facture_copie", "--json")
    assert (done.code, json.loads(done.out)["findings"]) == (0, [])


def test_a_grave_finding_ends_with_1_and_is_shown_with_its_place(run: Run, imported: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.json"
    draft.write_text(json.dumps({"draft": "Appelez le 04 65 71 10 11.", "answers": ["facture_copie"]}), "utf-8")
    done = run("drafts", "check", draft)
    assert done.code == 1
    assert "11-25" in done.out
    assert "04 65 71 10 11" in done.out


@pytest.mark.parametrize("sources", ["", "nulle_part"])
def test_a_draft_without_known_sources_is_refused(run: Run, imported: Path, tmp_path: Path, sources: str) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text("Bonjour.", "utf-8")
    done = run("drafts", "check", draft, *(["--answers", sources] if sources else []))
    assert done.code == 2
    assert "answers:" in done.err


def test_json_that_is_no_draft_is_refused(run: Run, imported: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.json"
    draft.write_text('{"brouillon": 1}', "utf-8")
    assert run("drafts", "check", draft).code == 2


def test_lint_tells_of_an_answer_that_has_ended(run: Run, imported: Path, tmp_path: Path) -> None:
    assert run("answers", "lint").code == 0
    ended = tmp_path / "answers.yaml"
    text = (imported / "answers.yaml").read_text("utf-8")
    ended.write_text(
        text.replace("    queue: factures\n", "    queue: factures\n    valid_until: 2020-01-31\n"), "utf-8"
    )
    assert run("answers", "import", ended).code == 0
    done = run("answers", "lint", "--json")
    assert done.code == 1
    assert "expired" in [found["kind"] for found in json.loads(done.out)["items"]]
