"""`aiguilleur eval run` on a small account."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from service.domain.triage import Triage
from tests.evals.harness.conftest import USUAL, write_lines
from tests.evals.harness.test_summary import CONTRACT
from tests.loopback_model import LoopbackModel
from tests.service.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("account")


def predictions(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "predictions.jsonl").read_text("utf-8").splitlines()]


def test_a_run_leaves_predictions_summary_and_report(run: Run, dataset: list[Path], tmp_path: Path) -> None:
    done = run("eval", "run", "--dataset", *dataset, "--out", tmp_path / "r", "--json")
    assert done.code == 0, done.err
    summary = json.loads(done.out)
    assert summary == json.loads((tmp_path / "r" / "summary.json").read_text("utf-8"))
    assert summary.keys() >= CONTRACT
    assert (summary["n"], summary["engine"], summary["degraded"]) == (5, "local", 0)
    assert {name: some["n"] for name, some in summary["by_file"].items()} == {"unusual": 2, "usual": 3}
    assert summary["retrieval"]["recall_at_3"] == 1.0
    assert summary["redaction"]["recall"] == 1.0
    lines = predictions(tmp_path / "r")
    assert [line["external_id"] for line in lines] == [
        *(f"usual-1-{n}" for n in range(3)),
        "unusual-1-0",
        "unusual-1-1",
    ]
    triage = {name: value for name, value in lines[0].items() if name != "expected"}
    assert Triage.model_validate_json(json.dumps(triage)).account == "petit"
    assert lines[0]["expected"]["queue"] == "factures"  # type: ignore[index]


def test_a_run_without_out_goes_into_runs(run: Run, dataset: list[Path], tmp_path: Path) -> None:
    done = run("eval", "run", "--dataset", dataset[0], "--engine", "local")
    assert "accuracy\t" in done.out
    (folder,) = (tmp_path / "runs").iterdir()
    assert re.fullmatch(r"\d{8}-\d{6}-local", folder.name)


def test_nothing_is_learned_from_what_is_measured(run: Run, account: Path, dataset: list[Path], tmp_path: Path) -> None:
    stored = account / "confirmed" / "first.jsonl"
    retold = write_lines(tmp_path / "retold.jsonl", [{"text": "une COPIE de facture, s.v.p. !", "queue": "factures"}])
    done = run("eval", "run", "--dataset", stored, retold, "--out", tmp_path / "r")
    assert done.code == 0
    assert "8 messages of the history are in the dataset too" in done.err
    assert "Learning from 0 confirmed messages; measuring on 9." in done.err
    same_words = write_lines(tmp_path / "same.jsonl", [{"text": "une COPIE de facture,  svp!", "queue": "factures"}])
    assert "1 messages of the history are in" in run("eval", "run", "--dataset", same_words, "--out", "r2").err


def test_a_history_that_is_given_is_all_that_is_learned_from(run: Run, dataset: list[Path], tmp_path: Path) -> None:
    given = write_lines(tmp_path / "given.jsonl", [{"text": "Ma facture ?", "queue": "factures"}, USUAL[0]])
    done = run("eval", "run", "--dataset", *dataset, "--history", given, "--out", tmp_path / "r")
    assert "1 messages of the history are in the dataset too" in done.err
    assert "Learning from 1 confirmed messages" in done.err
    shown = json.dumps(predictions(tmp_path / "r"), ensure_ascii=False)
    assert "Une copie de facture svp" not in shown


def test_the_store_stays_as_it_is(run: Run, dataset: list[Path], tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()}
    run("eval", "run", "--dataset", *dataset, "--out", tmp_path / "r")
    assert {path: path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()} == before


def test_a_run_that_was_interrupted_goes_on(run: Run, dataset: list[Path], tmp_path: Path) -> None:
    whole = json.loads(run("eval", "run", "--dataset", *dataset, "--out", "r", "--json").out)
    path = tmp_path / "r" / "predictions.jsonl"
    kept = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(kept[:2]) + kept[2][:100])
    (tmp_path / "r" / "summary.json").unlink()
    done = run("eval", "run", "--dataset", *dataset, "--out", "r", "--json")
    assert "2 of 5 messages are predicted already" in done.err
    again = json.loads(done.out)
    assert path.read_bytes().splitlines(keepends=True)[:2] == kept[:2]
    for name in ("latency_ms", "throughput_per_s"):
        del whole[name], again[name]
    assert again == whole


def test_a_folder_of_another_run_is_refused(run: Run, dataset: list[Path], tmp_path: Path) -> None:
    run("eval", "run", "--dataset", *dataset, "--out", "r")
    done = run("eval", "run", "--dataset", dataset[0], "--out", "r")
    assert done.code == 2
    assert "dataset: is" in done.err
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine")
    assert run("eval", "run", "--dataset", dataset[0], "--out", "full").code == 2
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["letter.txt"]


def ask(server: LoopbackModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIGUILLEUR_MODEL", "openai/loopback")
    monkeypatch.setenv("AIGUILLEUR_MODEL_API_BASE", server.base)
    monkeypatch.setenv("AIGUILLEUR_MODEL_API_KEY", "none")


def test_a_model_is_asked_through_the_same_pipeline(
    run: Run, dataset: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LoopbackModel(latency_s=0.05) as server:
        ask(server, monkeypatch)
        done = run("eval", "run", "--dataset", *dataset, "--engine", "model", "--out", tmp_path / "r", "--json")
    summary = json.loads(done.out)
    assert (summary["engine"], summary["degraded"], summary["versions"]["model"]) == ("model", 0, "openai/loopback")
    assert server.most_in_flight > 1
    assert all(asked.body["logprobs"] for asked in server.asked)
    concluded: list[Any] = [line["local"] for line in predictions(tmp_path / "r")]
    assert all(local["standing"].partition(":")[2] for local in concluded)
    always, *_, now = summary["cascade"]
    assert (always["share_asked"], always["accuracy"]) == (1.0, summary["accuracy"])
    assert (now["in_force"], always["tokens"] >= now["tokens"]) == (True, True)
    assert [line["external_id"] for line in predictions(tmp_path / "r")][:3] == [f"usual-1-{n}" for n in range(3)]


def test_a_model_that_does_not_answer_is_no_secret(
    run: Run, dataset: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LoopbackModel(scripts={"": ["401"]}) as server:
        ask(server, monkeypatch)
        done = run("eval", "run", "--dataset", dataset[0], "--engine", "model", "--out", "r", "--json")
    assert (done.code, json.loads(done.out)["degraded"]) == (0, 3)
    assert "3 messages were answered without the model" in done.err
    assert "mode dégradé" in (tmp_path / "r" / "report.html").read_text("utf-8")


def test_the_report_needs_nothing_from_elsewhere_and_masks_personal_data(
    run: Run, dataset: list[Path], tmp_path: Path
) -> None:
    run("eval", "run", "--dataset", *dataset, "--out", "r")
    page = (tmp_path / "r" / "report.html").read_text("utf-8")
    assert '<html lang="fr">' in page
    assert "Mesure de qualité – Petit compte" in page
    assert not re.search(r"<script|<link|<img|@import|url\(|(src|href)=|https?://", page)
    assert page.count("<svg") == 2
    assert "06 12 34 56 78" not in page
    assert "Undefined" not in page


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"text": "x", "queue": "nulle_part"}, "nulle_part"),
        ({"text": "x"}, "queue"),
        ({"text": "x", "queue": "factures", "chanel": "email"}, "chanel"),
    ],
)
def test_a_wrong_line_is_named(run: Run, tmp_path: Path, line: dict[str, object], said: str) -> None:
    done = run("eval", "run", "--dataset", write_lines(tmp_path / "d.jsonl", [line]), "--out", "r")
    assert (done.code, done.out) == (2, "")
    assert "d.jsonl:1" in done.err
    assert said in done.err
    assert not (tmp_path / "r").exists()


def test_other_wrong_input_ends_with_2(run: Run, dataset: list[Path], tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    twice = shutil.copy(dataset[0], tmp_path / "copy.jsonl")
    for arguments in (
        ("--dataset", "missing.jsonl"),
        ("--dataset", "empty.jsonl"),
        ("--dataset", dataset[0], twice),
        ("--dataset", dataset[0], "--account", "nobody"),
        ("--dataset", dataset[0], "--engine", "model"),
        (),
    ):
        done = run("eval", "run", *arguments, "--out", "r")
        assert (done.code, done.out) == (2, ""), arguments
        assert "Traceback" not in done.err
