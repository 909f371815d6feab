"""`aiguilleur eval ablate`: what each step is worth."""

import json
from pathlib import Path

import pytest

from tests.evals.harness.test_eval_run import ask, predictions
from tests.loopback_model import LoopbackModel
from tests.service.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("account")


def voters(folder: Path) -> set[str]:
    return {vote["voter"] for line in predictions(folder) for vote in line["votes"] if vote["scores"]}  # type: ignore[attr-defined]


def test_each_step_is_left_out_in_a_run_of_its_own(run: Run, dataset: list[Path]) -> None:
    done = run("eval", "ablate", "--dataset", dataset[0], "--out", "a", "--json")
    assert done.code == 0, done.err
    found = json.loads(done.out)
    assert found == json.loads(Path("a/ablations.json").read_text("utf-8"))
    assert list(found["steps"]) == [
        "clean", "keywords", "examples", "instructions", "precedence", "answers", "classifier", "neighbours",
    ]  # fmt: skip
    everyone = {"keywords", "classifier", "neighbours"}
    assert voters(Path("a/full")) == everyone
    for step in everyone:
        assert voters(Path("a") / step) == everyone - {step}
    for step in ("keywords", "answers", "instructions"):
        versions = {line["versions"]["classifier"] for line in predictions(Path("a") / step)}  # type: ignore[index]
        assert versions.isdisjoint(line["versions"]["classifier"] for line in predictions(Path("a/full")))  # type: ignore[index]


def test_what_is_lost_comes_with_its_interval_and_verdict(run: Run, dataset: list[Path]) -> None:
    done = run("eval", "ablate", "--dataset", *dataset, "--without", "keywords", "neighbours", "--out", "a")
    lines = [line.split("\t") for line in done.out.splitlines()]
    assert [line[0] for line in lines] == [
        "all steps", "without keywords", "  unusual", "  usual", "without neighbours", "  unusual", "  usual",
    ]  # fmt: skip
    assert "points lost, 95 % [" in lines[1][1]
    assert lines[1][2] == "cannot tell", "five messages cannot"


def test_without_cleaning_signatures_are_read_as_the_customers_words(run: Run, tmp_path: Path) -> None:
    text = "Bonjour,\n\nUne question.\n\nCordialement,\nJean Facture\nService des factures\n06 12 34 56 78"
    line = json.dumps({"id": "x-1", "text": text, "queue": "departs"}, ensure_ascii=False)
    (tmp_path / "usual-1.jsonl").write_text(line + "\n", "utf-8")
    run("eval", "ablate", "--dataset", "usual-1.jsonl", "--without", "clean", "--out", "a")

    def words(folder: str) -> int:
        (found,) = predictions(Path(folder))
        return max(int(vote["words"]) for vote in found["votes"])  # type: ignore[attr-defined]

    assert words("a/clean") > words("a/full")


def test_the_model_is_a_step_where_there_is_one(run: Run, dataset: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    refused = run("eval", "ablate", "--dataset", *dataset, "--without", "model", "--out", "a")
    assert (refused.code, "no model to leave out" in refused.err) == (2, True)
    with LoopbackModel() as server:
        ask(server, monkeypatch)
        run("eval", "ablate", "--dataset", dataset[0], "--engine", "model", "--without", "model", "--out", "b")
    assert "model" in voters(Path("b/full"))
    assert "model" not in voters(Path("b/model"))
