import pytest

from evals.account import Case
from evals.retrieval.figures import figures, table
from evals.retrieval.ways import WAYS
from service.learning.examples import Example
from tests.evals.retrieval.made import account, case


def test_a_message_counts_as_found_where_any_of_its_answers_is_among_the_first() -> None:
    cases = [case("m1", "a", "q"), case("m2", "b")]
    found = figures(cases, [["x", "y", "a"], ["x", "y", "z", "b"]])
    assert found["recall@1"].mean == 0.0
    assert found["recall@3"].mean == 0.5
    assert found["recall@5"].mean == 1.0
    assert found["MRR"].mean == pytest.approx((1 / 3 + 1 / 4) / 2)
    assert found["all@3"].mean == 0.25


def test_an_answer_that_is_not_ranked_at_all_is_not_found() -> None:
    found = figures([case("m1", "a")], [[]])
    assert (found["recall@5"].mean, found["MRR"].mean) == (0.0, 0.0)


def test_an_interval_holds_the_mean() -> None:
    found = figures([case(f"m{at}", "a") for at in range(30)], [["a"] if at % 3 else ["b"] for at in range(30)])
    assert found["recall@1"].low < found["recall@1"].mean < found["recall@1"].high


def test_groups_stand_apart_and_messages_without_labels_are_left_out() -> None:
    cases = [case("m1", "a"), case("m2", "a", unread=False), case("m3")]
    shown = table(account(cases), [{way: ["a"] for way in WAYS}] * 3)
    assert "usual, unread (1 messages)" in shown
    assert "usual (2 messages)" in shown
    assert shown.count("recall@3 1.000") == 2 * len(WAYS)


def test_a_case_is_what_a_person_confirmed() -> None:
    assert isinstance(case("m1", "a"), Case)
    assert isinstance(case("m1", "a").example, Example)
