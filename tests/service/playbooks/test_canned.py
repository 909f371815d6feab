import pytest

from service.errors import RefusedError
from service.playbooks import parse_answers
from service.settings import REFERENCE
from tests.service.playbooks.account import ANSWERS


def test_answers_are_read_in_their_order() -> None:
    (answer,) = parse_answers(ANSWERS, queues=("resiliation",))
    assert (answer.id, answer.queue, answer.placeholders) == ("depart", "resiliation", ("nom", "date"))


def test_dates_of_validity_are_read_and_must_follow_each_other() -> None:
    valid = ANSWERS + "    valid_from: 2026-01-01\n    valid_until: 2026-12-31\n"
    assert parse_answers(valid)[0].valid_until is not None
    with pytest.raises(RefusedError, match=r"answers\.yaml:12"):
        parse_answers(valid.replace("2026-12-31", "2025-12-31"))


def test_an_id_that_stands_twice_is_refused_with_both_lines() -> None:
    with pytest.raises(RefusedError) as caught:
        parse_answers(ANSWERS + ANSWERS.replace("answers:\n", ""))
    (problem,) = caught.value.problems
    assert problem.field == "answers.yaml:11"
    assert "answers.yaml:2" in problem.message


def test_without_queues_any_queue_may_be_named() -> None:
    assert parse_answers(ANSWERS.replace("resiliation", "autre"))
    with pytest.raises(RefusedError, match=r"answers\.yaml:3"):
        parse_answers(ANSWERS.replace("resiliation", "autre"), queues=("resiliation",))


def test_a_placeholder_that_is_declared_but_not_used_refuses_nothing() -> None:
    assert parse_answers(ANSWERS.replace("[nom, date]", "[nom, date, montant]"))


def test_the_shipped_answers_are_read() -> None:
    text = (REFERENCE / "answers.yaml").read_text(encoding="utf-8")
    assert len(parse_answers(text)) == 94
