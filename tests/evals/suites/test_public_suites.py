"""Both public suites on a handful of made-up lines: everything is run, nothing is shown."""

import json
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner

from evals.suites.__main__ import main
from tests.retrieval.tiny_model import make_tiny_model

WORDS = {"lost_cat": ("chat", "whiskers"), "paid_bill": ("facture", "invoice"), "wild_dog": ("chien", "barking")}
PLACES = ("garden", "street", "house", "office", "market", "station", "harbour", "forest")
OTHERS = (
    "what is the weather",
    "tell me a joke",
    "who won the match",
    "sing a song",
    "how tall is it",
    "quantum physics",
)


def lines(part: str) -> list[tuple[str, str]]:
    return [
        (f"{part} {word} in the {place} please", label)
        for label, words in WORDS.items()
        for word, place in product(words, PLACES)
    ]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "banking77").mkdir()
    (tmp_path / "clinc150").mkdir()
    for part in ("train", "test", "fewshot_train_5"):
        rows = [json.dumps({"text": text, "label": label}) for text, label in lines(part)]
        (tmp_path / "banking77" / f"{part}.jsonl").write_text("\n".join(rows), "utf-8")
    parts = {part: lines(part) for part in ("train", "val", "test")}
    others = {part: [(f"{part} {text}", "oos") for text in OTHERS] for part in ("oos_train", "oos_val", "oos_test")}
    (tmp_path / "clinc150" / "data_full.json").write_text(json.dumps(parts | others), "utf-8")
    return tmp_path


@pytest.mark.parametrize("suite", ["banking77", "clinc150"])
def test_a_public_suite_prints_both_embedders_beside_the_baseline(suite: str, data: Path, tmp_path: Path) -> None:
    model = make_tiny_model(tmp_path / "tiny")
    found = CliRunner().invoke(main, [suite, "--data", str(data), "--embedder", f"local:{model}"])
    assert found.exit_code == 0, found.output
    assert "built-in embedder: accuracy" in found.output
    assert "sentence embedder: accuracy" in found.output
    assert "targets met" in found.output
    assert "processor time" in found.output


@pytest.mark.parametrize("suite", ["banking77", "clinc150"])
def test_a_suite_without_its_data_is_skipped_with_a_clear_line(suite: str, tmp_path: Path) -> None:
    found = CliRunner().invoke(main, [suite, "--data", str(tmp_path)])
    assert found.exit_code == 0
    assert f"{suite}: skipped" in found.output
    assert "github.com" in found.output
