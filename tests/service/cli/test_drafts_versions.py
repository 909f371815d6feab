"""`aiguilleur drafts list|regenerate|save` and `answers stats`."""

import json
from pathlib import Path

import pytest

from tests.door import open_door
from tests.service.api.test_drafts import OWN, taught
from tests.service.cli.conftest import Run


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A data folder with a drafted message, and the message's id."""
    settings = taught(tmp_path_factory.mktemp("drafts"))
    with open_door(settings) as door:
        triaged = door.triage(body="Une copie de ma facture svp")
        assert triaged["draft"]
        return settings.data, str(triaged["id"])


def test_a_draft_is_made_anew_edited_saved_and_listed(store: tuple[Path, str], run: Run, tmp_path: Path) -> None:
    data, message = store
    made = run("drafts", "regenerate", message, "--wish", "plus court", "--by", "lea", data=data)
    assert made.code == 0, made.err
    assert "Nous espérons" not in made.out
    assert "Version 1" in made.err
    text = tmp_path / "mine.txt"
    text.write_text(f"{made.out.strip()}\n\n{OWN}\n", "utf-8")
    saved = run("drafts", "save", message, text, "--version", "1", "--by", "lea", "--json", data=data)
    assert saved.code == 0, saved.err
    assert json.loads(saved.out)["draft"]["paragraphs"][-1]["text"] == OWN
    late = run("drafts", "save", message, text, "--version", "0", "--by", "sam", data=data)
    assert (late.code, "version 2" in late.err) == (2, True)
    listed = run("drafts", "list", message, data=data)
    assert [line.split("\t")[:3] for line in listed.out.splitlines()] == [
        ["0", "triage", ""],
        ["1", "wish", "lea"],
        ["2", "advisor", "lea"],
    ]


def test_an_unknown_wish_ends_with_the_known_ones(store: tuple[Path, str], run: Run) -> None:
    data, message = store
    refused = run("drafts", "regenerate", message, "--wish", "en vers", data=data)
    assert refused.code == 2
    assert "plus chaleureux" in refused.err
    assert "AIGUILLEUR_MODEL" in refused.err


def test_the_table_of_answers_and_its_json_tell_the_same(store: tuple[Path, str], run: Run) -> None:
    data, _ = store
    told = json.loads(run("answers", "stats", "--json", data=data).out)
    assert [(one["answer"], one["sent"]) for one in told["items"]] == [("facture_copie", 0)]
    assert "facture_copie" in run("answers", "stats", data=data).out
