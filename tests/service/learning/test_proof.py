"""What two replays of the same messages show, and which gates they fail."""

from collections.abc import Sequence

import pytest

from service.desk.playbooks.proving import load_gates
from service.domain.proof import Gate, Gates, Proof
from service.learning.proof import Pair, calibration_error, paired, prove
from service.learning.replay import Replayed
from service.playbooks import parse
from service.settings import PROMPTS
from tests.service.playbooks.account import FILES, RESILIATION

GATES = load_gates(PROMPTS)
PLAYBOOK = parse(FILES)
CAREFUL = parse({**FILES, "queues/resiliation.yaml": RESILIATION + "must_not_miss: true\n"})


def decided(right: Sequence[bool], confidence: float = 0.9, routed: Sequence[bool] = ()) -> list[Replayed]:
    return [
        Replayed(f"m-{at:03}", "resiliation", "resiliation" if good else "remboursement", confidence, sent)
        for at, (good, sent) in enumerate(zip(right, routed or [True] * len(right), strict=True))
    ]


def proof_of(
    before: Sequence[Replayed], after: Sequence[Replayed], locked: frozenset[str] = frozenset(), careful: bool = False
) -> Proof:
    return prove(paired(before, after, {}, locked), CAREFUL if careful else PLAYBOOK, GATES)


def failed(proof: Proof) -> set[str]:
    return {gate.gate for gate in proof.gates if gate.passed is False}


def test_the_same_decisions_pass_every_gate_and_show_nothing() -> None:
    found = proof_of(decided([True] * 95 + [False] * 5), decided([True] * 95 + [False] * 5))
    assert failed(found) == set()
    assert (found.fixed, found.broken, found.moved) == ((), (), ())


def test_what_is_lost_beyond_chance_fails() -> None:
    found = proof_of(decided([True] * 100), decided([True] * 80 + [False] * 20))
    assert found.history.verdict == "worse"
    assert {"history", "recall", "promise"} <= failed(found)
    assert [one.id for one in found.broken] == [f"m-{at:03}" for at in range(80, 100)]


def test_messages_of_the_locked_suite_are_counted_and_not_named() -> None:
    locked = frozenset(f"m-{at:03}" for at in range(80, 100))
    found = proof_of(decided([True] * 100), decided([True] * 80 + [False] * 20), locked)
    assert (found.history.broken, found.suite.broken, found.suite.verdict) == (0, 20, "worse")
    assert found.broken == ()
    assert {"suite"} <= failed(found)


@pytest.mark.parametrize(("lost", "careful", "passed"), [(4, False, True), (6, False, False), (3, True, False)])
def test_a_queue_that_must_not_be_missed_may_lose_less(lost: int, careful: bool, passed: bool) -> None:
    found = proof_of(decided([True] * 100), decided([True] * (100 - lost) + [False] * lost), careful=careful)
    (gate,) = [gate for gate in found.gates if gate.gate == "recall"]
    assert gate.passed is passed


def test_coverage_may_not_fall_far() -> None:
    fewer = [True] * 90 + [False] * 10
    assert "coverage" in failed(proof_of(decided([True] * 100), decided([True] * 100, routed=fewer)))


def test_a_bound_that_was_not_kept_before_is_no_reason_to_refuse() -> None:
    before = decided([True] * 70 + [False] * 30)
    assert calibration_error(before) == pytest.approx(0.2)
    found = proof_of(before, decided([True] * 71 + [False] * 29))
    assert not {"calibration", "promise"} & failed(found)


def test_too_little_history_says_so_and_refuses_nothing() -> None:
    found = proof_of(decided([True] * 10), decided([True] * 10))
    assert {gate.gate for gate in found.gates if gate.passed is None} >= {
        "recall",
        "calibration",
        "coverage",
        "promise",
    }
    assert proof_of([], []).passed


def test_a_queue_that_only_one_playbook_has_was_missed_by_the_other() -> None:
    (pair,) = paired([], decided([True]), {}, frozenset())
    assert isinstance(pair, Pair)
    assert pair.won
    assert paired(decided([True]), [], {}, frozenset())[0].lost


def test_gates_are_read_from_their_file() -> None:
    assert isinstance(GATES, Gates)
    assert 0 < GATES.missed_drop < GATES.recall_drop < 1
    assert Gate(gate="history", passed=True).bound is None
