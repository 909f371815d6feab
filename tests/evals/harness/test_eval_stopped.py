"""A measurement that is told to stop leaves no messages behind, and one with odd labels says so."""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from tests.evals.harness.conftest import write_lines
from tests.loopback_model import LoopbackModel
from tests.service.cli.command import started
from tests.service.cli.conftest import Run
from tests.service.small_account import write_account


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_told_to_stop_takes_its_store_with_it_and_goes_on_later(
    account: Path, dataset: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: signal.Signals
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    with LoopbackModel(scripts={"": ["slow:30"]}) as model:
        process = started(
            tmp_path / "data",
            *["eval", "run", "--dataset", *map(str, dataset), "--engine", "model", "--out", "r"],
            model="openai/any",
            model_api_base=model.base,
            model_api_key="k",
        )
        until = time.monotonic() + 60
        while not model.asked and process.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        assert list((tmp_path / "temporary").glob("aiguilleur-eval-*")), "it is under way"
        os.kill(process.pid, told)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "goes on from there" in said
    assert not list((tmp_path / "temporary").glob("aiguilleur-eval-*"))


def test_labels_that_the_account_cannot_match_are_named(run: Run, account: Path, tmp_path: Path) -> None:
    lines: list[dict[str, object]] = [
        {"text": "Ma facture ?", "queue": "factures", "answers": ["facture_copie", "nope"], "flags": ["odd"]}
    ]
    done = run("eval", "run", "--dataset", write_lines(tmp_path / "a.jsonl", lines), "--out", "r")
    assert done.code == 0
    assert "1 labelled answers are none of the account's, and count as missed: nope." in done.err
    assert "1 labelled flags are none of the account's, and count as missed: odd." in done.err


def test_mistakes_of_a_dataset_are_told_in_the_accounts_language(run: Run, tmp_path: Path) -> None:
    folder = write_account(tmp_path / "shop", "shop")
    written = folder / "account.yaml"
    written.write_text(written.read_text("utf-8").replace("language: fr", "language: en"), "utf-8")
    assert run("playbook", "import", folder, "--no-learn").code == 0
    wrong = write_lines(tmp_path / "w.jsonl", [{"text": "My bill?", "queue": "facture"}])
    done = run("eval", "run", "--dataset", wrong, "--out", "r")
    assert done.code == 2
    assert "w.jsonl:1: There is no queue" in done.err, done.err
    assert json.dumps("n'existe pas") not in done.err
