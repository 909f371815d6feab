from evals.harness.comparison import compare_pairs, in_words
from evals.harness.predictions import Prediction
from service.domain.triage import Versions
from service.learning.paired import verdict
from tests.evals.harness.made import made


def pairs(won: int, lost: int, same: int) -> list[tuple[Prediction, Prediction]]:
    def pair(at: int, a: str, b: str) -> tuple[Prediction, Prediction]:
        return made("x", a, external_id=f"m{at}"), made("x", b, external_id=f"m{at}")

    kinds = [("y", "x")] * won + [("x", "y")] * lost + [("x", "x")] * same
    return [pair(at, *kind) for at, kind in enumerate(kinds)]


def test_a_run_that_wins_much_more_than_it_loses_improved() -> None:
    found = compare_pairs(pairs(won=30, lost=5, same=165))
    assert (found["verdict"], found["difference"], found["n"]) == ("improved", 0.125, 200)
    assert found["difference_ci95"][0] > 0
    assert found["p_value"] < 0.001
    assert len(found["won"]) == 30
    assert found["lost"][0] == {"external_id": "m30", "queue": "x", "a": "x", "b": "y"}


def test_the_other_way_round_it_is_worse() -> None:
    assert compare_pairs(pairs(won=5, lost=30, same=165))["verdict"] == "worse"


def test_little_data_cannot_tell() -> None:
    found = compare_pairs(pairs(won=2, lost=1, same=47))
    assert found["verdict"] == "cannot tell"
    assert found["smallest_difference"] > 0.05


def test_two_equal_runs_of_many_messages_show_no_difference() -> None:
    found = compare_pairs(pairs(won=0, lost=0, same=1_000))
    assert (found["verdict"], found["difference"], found["p_value"]) == ("no difference shown", 0.0, 1.0)
    assert found["difference_ci95"][0] < 0 < found["difference_ci95"][1]


def test_one_sender_who_writes_often_is_no_proof() -> None:
    many = [
        (a.model_copy(update={"expected": a.expected.model_copy(update={"sender": "one"})}), b)
        for a, b in pairs(won=30, lost=0, same=0)
    ]
    assert compare_pairs([*many, *pairs(won=0, lost=0, same=200)])["verdict"] == "cannot tell"


def test_the_verdict_needs_test_and_interval_to_agree() -> None:
    assert verdict(0.01, 0.001, 0.02, 0.01) == "improved"
    assert verdict(0.01, -0.001, 0.02, 0.01) == "no difference shown"
    assert verdict(0.2, 0.001, 0.02, 0.03) == "cannot tell"


def test_the_words_name_verdict_difference_and_each_message() -> None:
    shown = in_words({"a": "one", "b": "two", **compare_pairs(pairs(won=1, lost=1, same=8))})
    assert shown.startswith("cannot tell: two against one, 10 messages")
    assert "won\tm0\tx\ty -> x" in shown
    assert "lost\tm1\tx\tx -> y" in shown


def test_what_two_runs_were_made_with_is_told_where_it_is_not_the_same() -> None:
    a = made("x", "x", versions=Versions(playbook="p", classifier="c"))
    b = made("x", "x", engine="cascade", versions=Versions(playbook="q", classifier="c"))
    found = compare_pairs([(a, b)])
    assert found["differs"] == [
        {"name": "engine", "a": "local", "b": "cascade"},
        {"name": "playbook", "a": "p", "b": "q"},
    ]
    assert "differs\tplaybook\tp -> q" in in_words({"a": "A", "b": "B", **found})
    assert compare_pairs([(a, a)])["differs"] == []
