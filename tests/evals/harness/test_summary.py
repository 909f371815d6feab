import math
from typing import Any

import pytest

from evals.harness.predictions import RedactionCount
from evals.harness.scores import score_labels
from evals.harness.summary import summarise
from service.domain.decision import Alternative
from service.domain.triage import Usage
from tests.evals.harness.made import draft, made

CONTRACT = {
    "n", "accuracy", "accuracy_ci95", "macro_f1", "top3_accuracy", "coverage", "routed_accuracy", "abstained",
    "risk_coverage", "ece", "brier", "secondary_f1", "flags", "retrieval", "drafts", "redaction", "per_queue",
    "confusions", "by_difficulty", "by_channel", "by_language", "latency_ms", "throughput_per_s", "cost_usd",
    "versions",
}  # fmt: skip


def summary(*predictions: Any) -> dict[str, Any]:
    return summarise(predictions, 2.0)


def test_every_figure_of_the_contract_is_there_for_a_single_message_too() -> None:
    found = summary(made("a", "a"))
    assert found.keys() >= CONTRACT
    assert {"p50", "p95", "p99"} == found["latency_ms"].keys()
    assert {"playbook", "model", "classifier", "embedder", "code"} == found["versions"].keys()
    assert (found["secondary_f1"], found["retrieval"]["mrr"], found["redaction"]["recall"]) == (None, None, None)


def test_abstained_messages_count_by_their_best_guess() -> None:
    found = summary(made("a", "a"), made("b", "b", 0.4, routed=False), made("a", "b", 0.3, routed=False))
    assert (found["accuracy"], found["coverage"], found["abstained"]) == (0.6667, 0.3333, 2)
    assert found["routed_accuracy"] == 1.0


def test_nothing_routed_has_no_accuracy_and_no_guess_is_wrong() -> None:
    lost = made("a", "b", 0.0, routed=False, alternatives=())
    found = summary(lost)
    assert (found["routed_accuracy"], found["accuracy"], found["top3_accuracy"]) == (None, 0.0, 0.0)
    assert found["confusions"] == [{"queue": "a", "predicted": None, "n": 1}]


def test_the_routed_queue_leads_the_ranking() -> None:
    two = (Alternative(queue="a", probability=0.6), Alternative(queue="b", probability=0.4))
    assert made("b", "b", alternatives=two).ranked == ("b", "a")
    assert made("b", "b", alternatives=two, routed=False).ranked == ("a", "b")


def test_f1_of_queues_worked_by_hand() -> None:
    found = summary(made("a", "a"), made("a", "b"), made("b", "b"), made("b", "b"), made("c", "b"))
    assert found["per_queue"]["a"] == {"n": 2, "precision": 1.0, "recall": 0.5, "f1": 0.6667}
    assert found["per_queue"]["b"] == {"n": 2, "precision": 0.5, "recall": 1.0, "f1": 0.6667}
    assert found["per_queue"]["c"] == {"n": 1, "precision": None, "recall": 0.0, "f1": 0.0}
    assert found["macro_f1"] == pytest.approx(4 / 9, abs=1e-4)
    assert found["confusions"] == [{"queue": "a", "predicted": "b", "n": 1}, {"queue": "c", "predicted": "b", "n": 1}]


def test_labels_are_scored_by_pair_of_message_and_label() -> None:
    found = summary(
        made("a", "a", flags=("urgent",), secondary=("b",), expected={"flags": ("urgent", "chaser"), "secondary": ()}),
        made("a", "a", flags=("urgent",), secondary=("c",), expected={"secondary": ("c",)}),
    )
    assert found["flags"]["urgent"] == {"precision": 0.5, "recall": 1.0, "f1": 0.6667}
    assert found["flags"]["chaser"] == {"precision": None, "recall": 0.0, "f1": 0.0}
    assert found["secondary_f1"] == 0.6667
    assert score_labels([(["x", "x"], ["x"])])["x"].f1 == 1.0


def test_retrieval_is_measured_on_messages_with_labelled_answers_alone() -> None:
    found = summary(
        made("a", "a", answers_ranked=("x", "y", "z"), expected={"answers": ("y", "q")}),
        made("a", "a", answers_ranked=("x",), expected={"answers": ("x",)}),
        made("a", "a", answers_ranked=("x",)),
        made("a", "a", expected={"answers": ("x",)}),
    )["retrieval"]
    found_at = {"found_at_1": 0.3333, "found_at_3": 0.6667, "found_at_5": 0.6667}
    assert found == {"recall_at_1": 0.3333, "recall_at_3": 0.5, "recall_at_5": 0.5, "mrr": 0.5, **found_at}


def test_a_draft_is_grounded_with_sources_everywhere_and_nothing_open() -> None:
    found = summary(
        made("a", "a", draft=draft(severities=("info",), left=("nom",))),
        made("a", "a", draft=draft(severities=("warning", "error"))),
        made("a", "a", draft=draft(sources=())),
        made("a", "a"),
    )["drafts"]
    counted = {"drafted": 3, "grounded": 1, "findings_open": 2, "placeholders_left": 1}
    assert {name: found[name] for name in counted} == counted
    assert found["findings_by_kind"] == {"amount": 3}


def test_groups_latency_cost_and_redaction() -> None:
    count = RedactionCount(found=3, labelled=4, right=4, replaced=5)
    found = summary(
        made("a", "a", usage=Usage(cost_usd=0.000123), expected={"difficulty": "easy", "group": "usual"}),
        made("a", "b", duration_ms=30.0, expected={"difficulty": "hard", "group": "unusual", "redaction": count}),
    )
    assert found["by_difficulty"] == {"easy": {"n": 1, "accuracy": 1.0}, "hard": {"n": 1, "accuracy": 0.0}}
    assert [found["by_file"][name]["accuracy"] for name in ("usual", "unusual")] == [1.0, 0.0]
    assert (found["latency_ms"]["p50"], found["cost_usd"], found["throughput_per_s"]) == (20.0, 0.000123, 2.0)
    assert (found["redaction"]["recall"], found["redaction"]["precision"]) == (0.75, 0.8)


def test_a_price_that_is_not_known_makes_the_sum_unknown() -> None:
    assert summary(made("a", "a", usage=Usage(cost_usd=None)), made("a", "a"))["cost_usd"] is None


def test_a_summary_holds_no_number_that_json_does_not_know() -> None:
    def numbers(value: Any) -> list[float]:
        if isinstance(value, dict | list):
            return [n for one in (value.values() if isinstance(value, dict) else value) for n in numbers(one)]
        return [value] if isinstance(value, float) else []

    assert all(math.isfinite(number) for number in numbers(summary(made("a", "b"))))
