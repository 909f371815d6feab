"""What the harness found, as sections of figures."""

from datetime import UTC, datetime, timedelta

from evals.harness.curve import Stream
from evals.harness.dataset import Labelled
from evals.suites.harness import as_ablation, as_stream
from service.domain.confirmed import Confirmed
from service.domain.message import Message
from tests.evals.harness.made import made

BEGUN = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_stream_is_told_as_a_whole_and_by_quarters_and_kinds_of_file() -> None:
    messages = [
        Labelled(
            Confirmed(message=Message(external_id=f"m{at}", received_at=BEGUN + timedelta(days=at)), queue="a"), "g"
        )
        for at in range(8)
    ]
    said = [made("a", "a" if at % 2 else "b", external_id=f"m{at}") for at in range(8)]
    shown = str(as_stream(Stream(messages, said, [True] * 8, 2, None)))
    assert "all messages: accuracy" in shown
    assert "quarter 4, g: accuracy" in shown
    assert "product: 2 messages at 0.85 never" in shown


def test_each_step_is_told_with_its_points_its_interval_and_what_that_shows() -> None:
    worth = {"lost": 0.02, "lost_ci95": [0.01, 0.03], "verdict": "helps"}
    shown = str(as_ablation({"n": 200, "accuracy": 0.85, "steps": {"keywords": worth}}))
    assert "without keywords: +2.00 points lost, 95 % [+1.00, +3.00], helps" in shown
