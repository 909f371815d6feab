"""`aiguilleur eval stream`: predict, then learn."""

import json
from pathlib import Path

import pytest

from evals.harness.streaming import Pace, baseline_right
from service.domain.confirmed import Confirmed
from service.domain.message import Message
from tests.evals.harness.conftest import write_lines
from tests.evals.harness.test_eval_run import predictions
from tests.service.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("account")

ODD = "Zébulon trampoline mirliflore numéro"


@pytest.fixture
def stream(tmp_path: Path) -> Path:
    """Twelve messages, the latest first in the file, in words that no playbook knows."""
    kinds = [
        ("factures", f"{ODD} gris {at}") if at % 2 else ("departs", f"Saperlipopette bleue {at}") for at in range(12)
    ]
    return write_lines(
        tmp_path / "usual-1.jsonl",
        [
            {"text": text, "queue": queue, "received_at": f"2026-03-{28 - at:02}T10:00:00"}
            for at, (queue, text) in enumerate(kinds)
        ],
    )


def test_an_account_without_history_learns_from_one_message_to_the_next(run: Run, stream: Path) -> None:
    done = run("eval", "stream", "--dataset", stream, "--refit-every", "5", "--window", "4", "--out", "s", "--json")
    assert done.code == 0, done.err
    assert "Learning from 0 confirmed messages; measuring on 12." in done.err
    lines = predictions(Path("s"))
    assert [line["external_id"] for line in lines] == [f"usual-1-{at}" for at in reversed(range(12))]
    seen = [[vote["voter"] for vote in line["votes"] if vote["scores"]] for line in lines]  # type: ignore[attr-defined]
    assert "neighbours" not in seen[0]
    assert "neighbours" in seen[2], "the very next message of a kind sees the first"
    assert [line["versions"]["classifier"] for line in lines[:5]] == 5 * [lines[0]["versions"]["classifier"]]  # type: ignore[index]
    assert len({line["versions"]["classifier"] for line in lines}) == 3  # type: ignore[index]
    found = json.loads(done.out)["stream"]
    assert (found["refits"], found["window"], found["first_week"]["n"]) == ([5, 10], 4, 7)
    assert [point["n"] for point in found["points"]] == list(range(1, 13))
    assert len(Path("s/curve.csv").read_text("utf-8").splitlines()) == 13
    page = Path("s/report.html").read_text("utf-8")
    assert "message après message" in page
    assert page.count("<svg") == 3
    assert "baseline accuracy\t" in run("eval", "stream", "--dataset", stream, "--out", "words").out


def test_an_interrupted_stream_goes_on_as_if_it_had_not_been(run: Run, stream: Path) -> None:
    asked = ("eval", "stream", "--dataset", stream, "--refit-every", "6", "--out")
    run(*asked, "whole")
    run(*asked, "part")
    path = Path("part/predictions.jsonl")
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:7]) + b'{"cut')
    done = run(*asked, "part")
    assert "7 of 12 messages are predicted already" in done.err
    whole, part = predictions(Path("whole")), predictions(Path("part"))
    for name in ("external_id", "alternatives", "votes", "outcome", "versions"):
        assert [line[name] for line in part] == [line[name] for line in whole], name
    assert run("eval", "stream", "--dataset", stream, "--refit-every", "4", "--out", "part").code == 2


def test_a_history_is_known_from_the_beginning(run: Run, stream: Path, account: Path) -> None:
    history = account / "confirmed" / "first.jsonl"
    done = run("eval", "stream", "--dataset", stream, "--history", history, "--out", "s")
    assert "Learning from 8 confirmed messages; measuring on 12." in done.err


def test_the_pace_slows_down_unless_it_is_given() -> None:
    assert list(Pace(100, None, None).refits(0, 300)) == [40, 80, 120, 160, 200, 250]
    assert list(Pace(100, 50, None).refits(0, 150)) == [50, 100]


def test_the_baseline_learns_on_the_same_schedule() -> None:
    def confirmed(at: int, queue: str) -> Confirmed:
        return Confirmed(message=Message(external_id=str(at), body=f"{queue} {queue} mot"), queue=queue)

    from evals.harness.dataset import Labelled

    queues = ["pomme", "poire", "figue", "prune"] * 3
    messages = [Labelled(confirmed(at, queue), "g") for at, queue in enumerate(queues)]
    right = baseline_right([], messages, [4])
    assert right == [False] * 4 + [True] * 8
