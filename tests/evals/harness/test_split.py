"""The locked split: which messages belong to it, and that nothing is learned from them."""

import json
from pathlib import Path

import pytest

from service.domain.message import Message
from service.learning.split import is_locked
from tests.evals.harness.conftest import write_lines
from tests.evals.harness.test_eval_run import predictions
from tests.service.cli.conftest import Run

TEXTS = [f"Message numéro {at} sur la facture et le départ du club" for at in range(60)]
LOCKED = {text for text in TEXTS if is_locked(Message(body=text))}


def test_about_a_fifth_is_locked_whatever_id_case_and_spaces() -> None:
    many = [Message(body=f"Une question sur le contrat numéro {at}") for at in range(2000)]
    assert 350 < sum(map(is_locked, many)) < 450
    for one in many[:50]:
        other = Message(external_id="another", body=f"  {one.body.upper()} !", subject="Fwd")
        assert is_locked(other) == is_locked(one)


@pytest.fixture
def labelled(tmp_path: Path, account: Path) -> Path:
    return write_lines(tmp_path / "all.jsonl", [{"text": text, "queue": "factures"} for text in TEXTS])


def test_a_run_measures_on_one_side_and_never_learns_from_the_locked_one(run: Run, labelled: Path) -> None:
    by_id = {f"all-{at}": text for at, text in enumerate(TEXTS)}
    for split, wanted in (("locked", LOCKED), ("train", set(TEXTS) - LOCKED)):
        done = run("eval", "run", "--dataset", labelled, "--split", split, "--out", split, "--json")
        assert done.code == 0, done.err
        assert {by_id[str(line["external_id"])] for line in predictions(Path(split))} == wanted
        assert json.loads(done.out)["split"] == split


def test_locked_messages_of_the_history_are_left_out_and_that_is_said(
    run: Run, labelled: Path, dataset: list[Path]
) -> None:
    done = run("eval", "run", "--dataset", *dataset, labelled, "--history", labelled, "--split", "locked", "--out", "a")
    kept = len(TEXTS) - len(LOCKED)
    assert f"Learning from {kept} confirmed messages" in done.err
    renamed: list[dict[str, object]] = [{"text": text.upper(), "queue": "factures"} for text in TEXTS]
    history = write_lines(labelled.parent / "h.jsonl", renamed)
    done = run("eval", "run", "--dataset", *dataset, labelled, "--history", history, "--split", "train", "--out", "b")
    assert f"{len(LOCKED)} messages of the history are of the locked split" in done.err
    assert "Learning from 0 confirmed messages" in done.err


def test_a_run_on_everything_says_what_of_it_is_locked(run: Run, labelled: Path) -> None:
    done = run("eval", "run", "--dataset", labelled, "--out", "a")
    assert f"{len(LOCKED)} of the messages measured are of the locked split" in done.err


def test_a_dataset_without_a_message_of_the_split_is_refused(run: Run, labelled: Path) -> None:
    open_text = next(text for text in TEXTS if text not in LOCKED)
    few = write_lines(labelled.parent / "few.jsonl", [{"text": open_text, "queue": "factures"}])
    done = run("eval", "run", "--dataset", few, "--split", "locked", "--out", "a")
    assert (done.code, "split 'locked'" in done.err) == (2, True)


def test_an_account_at_work_learns_from_all_and_says_of_how_many_locked_ones(run: Run, account: Path) -> None:
    stored = (account / "confirmed" / "first.jsonl").read_text("utf-8").splitlines()
    locked = sum(is_locked(Message(body=json.loads(line)["text"])) for line in stored)
    lines = dict(line.split("\t") for line in run("learn").out.splitlines())
    assert (int(lines["examples"]), int(lines["locked"])) == (len(stored), locked)
