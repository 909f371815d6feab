"""`aiguilleur eval compare` on folders made by hand."""

import json
from collections.abc import Iterable
from pathlib import Path

from evals.harness.predictions import Prediction
from tests.evals.harness.made import made
from tests.service.cli.conftest import Run


def folder(path: Path, predictions: Iterable[Prediction]) -> Path:
    path.mkdir()
    (path / "predictions.jsonl").write_text("".join(f"{one.model_dump_json()}\n" for one in predictions), "utf-8")
    return path


def guesses(right: int, wrong: int, last_id: int = 200) -> list[Prediction]:
    """Messages 0 to `last_id`: the first ones right, then wrong ones, then right ones."""
    kinds = ["x"] * right + ["y"] * wrong + ["x"] * (last_id - right - wrong)
    return [made("x", kind, external_id=f"m{at}") for at, kind in enumerate(kinds)]


def test_a_significant_regression_ends_with_1(run: Run, tmp_path: Path) -> None:
    good, bad = folder(tmp_path / "good", guesses(200, 0)), folder(tmp_path / "bad", guesses(20, 20))
    done = run("eval", "compare", good, bad, "--json")
    found = json.loads(done.out)
    assert (done.code, found["verdict"], found["n"], len(found["lost"])) == (1, "worse", 200, 20)
    back = run("eval", "compare", bad, good)
    assert (back.code, back.out.split(":")[0]) == (0, "improved")


def test_no_regression_ends_with_0(run: Run, tmp_path: Path) -> None:
    a, b = folder(tmp_path / "a", guesses(20, 20)), folder(tmp_path / "b", guesses(22, 20))
    done = run("eval", "compare", a, b)
    assert done.code == 0
    assert "2 won, 2 lost" in done.out


def test_only_messages_that_both_hold_count_and_the_others_are_mentioned(run: Run, tmp_path: Path) -> None:
    a, b = folder(tmp_path / "a", guesses(200, 0)), folder(tmp_path / "b", guesses(0, 0, last_id=150))
    done = run("eval", "compare", a, b, "--json")
    assert (json.loads(done.out)["n"], json.loads(done.out)["left_out"]) == (150, 50)
    assert "50 predictions are left out" in done.err


def test_a_run_that_did_not_come_to_its_end_is_named(run: Run, tmp_path: Path) -> None:
    whole, part = folder(tmp_path / "whole", guesses(20, 0)), folder(tmp_path / "part", guesses(0, 0, last_id=15))
    (whole / "summary.json").write_text("{}", "utf-8")
    done = run("eval", "compare", whole, part)
    assert done.code == 0
    assert f"{part}: this run did not come to its end" in done.err
    assert f"{whole}: this run" not in done.err


def test_the_same_id_with_other_words_is_another_message(run: Run, tmp_path: Path) -> None:
    a = folder(tmp_path / "a", [made("x", "x")])
    b = folder(tmp_path / "b", [made("x", "x", message_hash="other")])
    done = run("eval", "compare", a, b)
    assert done.code == 2
    assert "no message in common" in done.err


def test_what_is_no_run_ends_with_2(run: Run, tmp_path: Path) -> None:
    good = folder(tmp_path / "good", guesses(1, 0, last_id=1))
    (tmp_path / "empty").mkdir()
    broken = folder(tmp_path / "broken", [])
    (broken / "predictions.jsonl").write_text('{"queue": "x"}\n')
    for other in (tmp_path / "empty", broken, tmp_path / "missing"):
        done = run("eval", "compare", good, other)
        assert (done.code, done.out) == (2, "")
        assert other.name in done.err
