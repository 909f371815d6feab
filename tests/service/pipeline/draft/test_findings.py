from service.domain.draft import Finding
from service.pipeline.draft.findings import barely_shorter, chosen, doubtful, lasting, left_out
from tests.service.pipeline.draft.made import AUTRE, DEPART, FACTURE, PHRASES, candidates, decision


def test_a_draft_that_lost_less_than_a_tenth_of_its_words_says_so_and_by_how_much() -> None:
    before = "mot " * 100
    (found,) = barely_shorter(before, "mot " * 95, PHRASES)
    assert (found.severity, "5 %" in found.detail) == ("info", True)
    assert list(barely_shorter(before, "mot " * 90, PHRASES)) == []


def test_a_draft_that_rests_on_a_doubtful_answer_says_so_and_names_another_that_may_fit() -> None:
    near = candidates((FACTURE, 0.4), (DEPART, 0.3), (AUTRE, 0.1))
    (found,) = doubtful(near.answers[0], near.answers, PHRASES)
    assert (found.severity, found.kind) == ("info", "doubtful")
    assert FACTURE.title in found.detail
    assert DEPART.title in found.detail
    (alone,) = doubtful(near.answers[0], candidates((FACTURE, 0.4), (AUTRE, 0.1)).answers, PHRASES)
    assert AUTRE.title not in alone.detail
    assert list(doubtful(candidates((FACTURE, 0.5)).answers[0], near.answers, PHRASES)) == []


def test_where_another_answer_is_likelier_the_draft_says_so_however_sure_its_own_is() -> None:
    near = candidates((FACTURE, 0.7), (DEPART, 0.6))
    (found,) = doubtful(near.answers[1], near.answers, PHRASES)
    assert FACTURE.title in found.detail


def test_where_another_answer_is_likely_right_too_it_is_named_beside_a_sure_one() -> None:
    near = candidates((FACTURE, 0.9), (DEPART, 0.6), (AUTRE, 0.5))
    (found,) = doubtful(near.answers[0], near.answers, PHRASES)
    assert (found.kind, found.severity) == ("doubtful", "info")
    assert DEPART.title in found.detail
    assert FACTURE.title not in found.detail
    assert list(doubtful(near.answers[0], candidates((FACTURE, 0.9), (DEPART, 0.49)).answers, PHRASES)) == []


def test_however_sure_an_answer_is_to_a_message_like_nothing_known_it_is_doubtful() -> None:
    near = candidates((FACTURE, 0.9), (AUTRE, 0.1))
    strange = decision(None, outcome_reason="out_of_scope")
    (found,) = chosen(strange, near.answers[0], [], near.answers, PHRASES)
    assert found.kind == "doubtful"
    assert list(chosen(decision(None), near.answers[0], [], near.answers, PHRASES)) == []


def test_an_answer_that_is_in_the_draft_already_is_not_named_beside_the_main_one() -> None:
    near = candidates((FACTURE, 0.9), (DEPART, 0.6))
    main, second = near.answers
    assert list(chosen(decision(None), main, [], near.answers, PHRASES))
    assert list(chosen(decision("facture"), main, [second], near.answers, PHRASES)) == []


def test_what_is_true_of_the_whole_draft_outlasts_a_wish_but_an_ask_may_be_answered_by_a_persons_own_words() -> None:
    uncovered = Finding(kind="uncovered", text="Et mon RIB ?", start=0, end=0, severity="warning", detail="")
    placed = Finding(kind="unsourced_amount", text="42 €", start=3, end=7, severity="error", detail="")
    (gone,) = left_out(["Félicitations !"], PHRASES)
    shorter = barely_shorter("mot " * 100, "mot " * 99, PHRASES)
    found = [uncovered, placed, gone, *shorter]
    assert list(lasting(found, own=False)) == [uncovered, gone]
    assert list(lasting(found, own=True)) == [gone]
