"""`aiguilleur eval gate`, and `eval run --gates`."""

import json
from pathlib import Path

import pytest

from evals.harness.gates import SHIPPED, read_gates
from evals.harness.predictions import Prediction
from evals.harness.promises import promise_of
from evals.harness.summary import rounded, summarise
from tests.evals.harness.test_eval_compare import folder, guesses
from tests.service.cli.conftest import Run


def run_folder(path: Path, predictions: list[Prediction], accepted: float = 0.03) -> Path:
    made_run = folder(path, predictions)
    summary = summarise(predictions, 1.0) | {"promise": rounded(promise_of(predictions, accepted))}
    (path / "summary.json").write_text(json.dumps(summary), "utf-8")
    return made_run


def gates(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_a_run_that_reaches_all_that_is_asked_ends_with_0(run: Run, tmp_path: Path) -> None:
    found = run_folder(tmp_path / "r", guesses(200, 0))
    asked = gates(tmp_path / "g.yaml", "minimum_accuracy: 0.95\nminimum_recall: {x: 1}\npromise_not_broken: true\n")
    done = run("eval", "gate", found, "--gates", asked)
    assert (done.code, done.out.count("passed")) == (0, 3), done.out


def test_each_gate_that_fails_is_named_with_its_value_and_bound(run: Run, tmp_path: Path) -> None:
    found = run_folder(tmp_path / "r", guesses(150, 50))
    text = (
        "minimum_accuracy: 0.8\nminimum_accuracy_by_file: {usual: 0.8}\nminimum_recall: {x: 0.8, y: 0.1}\n"
        "minimum_top3_accuracy: 0.5\nmaximum_calibration_error: 0.01\nmaximum_routed_error: 0.1\n"
        "promise_not_broken: true\n"
    )
    done = run("eval", "gate", found, "--gates", gates(tmp_path / "g.yaml", text))
    failed = [line.split("\t")[1:] for line in done.out.splitlines() if line.startswith("FAILED")]
    assert done.code == 1
    assert failed == [
        ["accuracy", "0.75", "at least 0.8"],
        ["accuracy of usual", "cannot tell: no such message in the run", "at least 0.8"],
        ["recall of x", "0.75", "at least 0.8"],
        ["recall of y", "cannot tell: no such message in the run", "at least 0.1"],
        ["calibration error", "0.15", "at most 0.01"],
        ["routed error", "0.25", "at most 0.1"],
        ["routed error as promised", "error 0.25, broken", "95 % interval not wholly above 0.03"],
    ]
    whole = json.loads(run("eval", "gate", found, "--gates", tmp_path / "g.yaml", "--json").out)
    assert (whole["passed"], len(whole["gates"])) == (False, 8)


def test_where_nothing_was_routed_no_gate_of_what_is_routed_is_passed(run: Run, tmp_path: Path) -> None:
    found = run_folder(tmp_path / "r", [one.model_copy(update={"outcome": "abstained"}) for one in guesses(20, 0)])
    asked = gates(tmp_path / "g.yaml", "maximum_routed_error: 0.1\npromise_not_broken: true\n")
    done = run("eval", "gate", found, "--gates", asked)
    assert done.code == 1
    assert [line.split("\t")[:3] for line in done.out.splitlines()] == [
        ["FAILED", "routed error", "cannot tell: no such message in the run"],
        ["FAILED", "routed error as promised", "cannot tell: no such message in the run"],
    ]


def test_a_regression_against_another_run_fails_and_without_one_it_is_not_asked(run: Run, tmp_path: Path) -> None:
    good, bad = run_folder(tmp_path / "good", guesses(200, 0)), run_folder(tmp_path / "bad", guesses(20, 20))
    asked = gates(tmp_path / "g.yaml", "no_regression: true\n")
    worse = run("eval", "gate", bad, "--against", good, "--gates", asked)
    assert (worse.code, worse.out.split("\t")[:3]) == (1, ["FAILED", "no regression", "worse"])
    assert run("eval", "gate", good, "--against", bad, "--gates", asked).code == 0
    alone = run("eval", "gate", bad, "--gates", asked)
    assert (alone.code, alone.out.split("\t")[:3]) == (0, ["not asked", "no regression", "give --against RUN"])


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("# ours\nminimum_acuracy: 0.8\n", 2, "minimum_accuracy"),
        ("minimum_recall:\n  reclamation: 80\n", 2, "80"),
        ("no_regression: maybe\n", 1, "maybe"),
        ("minimum_accuracy: [\n", 2, ""),
        ("- 0.8\n", 1, ""),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_line(
    run: Run, tmp_path: Path, text: str, line: int, said: str
) -> None:
    found = run_folder(tmp_path / "r", guesses(1, 0, last_id=1))
    done = run("eval", "gate", found, "--gates", gates(tmp_path / "g.yaml", text))
    assert done.code == 2
    assert f"g.yaml:{line}: " in done.err
    assert said in done.err


def test_what_is_no_finished_run_ends_with_2(run: Run, tmp_path: Path) -> None:
    found = folder(tmp_path / "r", guesses(1, 0, last_id=1))
    done = run("eval", "gate", found)
    assert (done.code, "came to its end" in done.err) == (2, True)


def test_the_shipped_gates_can_be_read() -> None:
    assert read_gates(SHIPPED).no_regression


@pytest.mark.usefixtures("account")
def test_a_run_is_gated_at_once(run: Run, dataset: list[Path], tmp_path: Path) -> None:
    asked = gates(tmp_path / "g.yaml", "minimum_accuracy: 1\nno_regression: true\n")
    first = run("eval", "run", "--dataset", *dataset, "--out", "a", "--gates", asked, "--json")
    accuracy = json.loads(first.out)["accuracy"]
    assert first.code == (accuracy < 1)
    assert [one["gate"] for one in json.loads(first.out)["gates"]] == ["accuracy", "no regression"]
    again = run("eval", "run", "--dataset", *dataset, "--out", "b", "--gates", asked, "--against", "a")
    assert "no regression\t" in again.err
    assert "not asked" not in again.err
    wrong = run("eval", "run", "--dataset", *dataset, "--out", "c", "--gates", gates(tmp_path / "w.yaml", "x: 1\n"))
    assert (wrong.code, Path("c").exists()) == (2, False)


@pytest.mark.usefixtures("account")
def test_the_report_tells_what_changed(run: Run, dataset: list[Path], tmp_path: Path) -> None:
    run("eval", "run", "--dataset", *dataset, "--out", "a")
    assert "Ce qui a changé" not in Path("a/report.html").read_text("utf-8")
    path = Path("a/predictions.jsonl")
    first = json.loads(path.read_text("utf-8").splitlines()[0])
    right = first["expected"]["queue"]
    others = path.read_text("utf-8").splitlines()[1:]
    first["alternatives"] = [{"queue": "departs", "probability": 0.9}]
    first["queue"], first["outcome"] = None, "abstained"
    assert right == "factures"
    path.write_text("\n".join([json.dumps(first), *others, ""]), "utf-8")
    run("eval", "run", "--dataset", *dataset, "--out", "b", "--against", "a")
    page = Path("b/report.html").read_text("utf-8")
    assert "Ce qui a changé" in page
    assert "Justes maintenant, faux avant : 1" in page
    assert "Je n&#39;ai pas reçu ma facture" in page.partition("Ce qui a changé")[2].partition("Les files")[0]
