"""How versions are examined, and compared by their exams."""

from collections.abc import Sequence

from service.desk.learning.exam import FOLDS, Decide, compare_exams, figures, fold_of, sit
from service.domain.decision import Alternative, Decision
from service.learning.examples import Example
from tests.service.samples import a_message, a_playbook, prepare


def example(number: int, sender: str = "") -> Example:
    return Example(f"c-{number}", prepare(a_message(), a_playbook()), "facture", sender_key=sender)


def decided(queue: str) -> Decision:
    best = (Alternative(queue=queue, probability=0.9),)
    return Decision(outcome="routed", outcome_reason="confident", queue=queue, confidence=0.9, alternatives=best)


def test_a_twin_marks_exactly_what_it_has_not_seen_and_each_message_once() -> None:
    examples = [example(n) for n in range(40)]
    asked: list[int] = []

    def twin(held: Sequence[int]) -> Decide:
        def decide(row: int) -> Decision:
            assert row in held
            asked.append(row)
            return decided("facture")

        return decide

    exam = sit(examples, twin)
    assert sorted(asked) == list(range(40))
    assert exam["c-7"] == ["facture", "facture", 0.9, True]


def test_messages_of_one_sender_are_left_out_together_whatever_else_is_confirmed() -> None:
    assert len({fold_of(example(n, "sender")) for n in range(20)}) == 1
    assert len({fold_of(example(n)) for n in range(60)}) == FOLDS


def test_of_many_messages_only_as_many_folds_are_marked_as_it_takes() -> None:
    examples = [example(n) for n in range(3_000)]
    exam = sit(examples, lambda _: lambda _row: decided("facture"))
    assert 500 < len(exam) < 700


def test_versions_are_compared_where_both_know_the_message_under_the_same_queue() -> None:
    right, wrong = ["facture", "facture", 0.9, True], ["facture", "sinistre", 0.9, True]
    first = {f"c-{n}": right for n in range(30)} | {"gone": right, "renamed": wrong}
    second = {f"c-{n}": wrong for n in range(30)} | {"new": right, "renamed": ["sinistre", "sinistre", 0.9, True]}
    compared = compare_exams(first, second, {}, "v1")
    assert (compared.verdict, compared.tested, compared.won, compared.lost) == ("worse", 30, 0, 30)
    assert compare_exams(second, first, {}, "v2").verdict == "improved"
    assert compare_exams(first, first, {}, "v1").verdict in {"no difference shown", "cannot tell"}


def test_one_sender_with_many_messages_proves_nothing() -> None:
    right, wrong = ["facture", "facture", 0.9, True], ["facture", "sinistre", 0.9, True]
    first = {f"c-{n}": right for n in range(30)}
    second = {name: wrong if int(name[2:]) < 12 else right for name in first}
    together = dict.fromkeys(list(first)[:12], "one")
    assert compare_exams(first, second, {}, "v1").verdict == "worse"
    assert compare_exams(first, second, together, "v1").verdict == "cannot tell"


def test_versions_without_a_message_in_common_cannot_be_told_apart() -> None:
    assert compare_exams({}, {"c-1": ["facture", "facture", 0.9, True]}, {}, "v1").verdict == "cannot tell"


def test_an_exam_says_how_many_are_right_and_how_many_would_be_routed() -> None:
    exam = {"a": ["x", "x", 0.9, True], "b": ["x", "y", 0.9, True], "c": ["x", "x", 0.2, False]}
    assert figures(exam) == {"examined": 3, "accuracy": 0.6667, "routed": 0.6667, "routed_accuracy": 0.5}
    assert figures({})["accuracy"] is None
