"""What a summary says of drafts and of redaction, and how two runs' drafts are compared."""

import pytest

from evals.harness.comparison import compare_pairs
from evals.harness.drafts import score_drafts
from evals.harness.gates import Gates, judged
from evals.harness.masking import hidden, shown_of
from evals.harness.predictions import RedactionCount
from evals.harness.replies import chrf
from evals.harness.summary import summarise
from service.domain.ask import Ask
from service.domain.confirmed import Confirmed
from service.domain.message import Message, Sender
from tests.evals.harness.made import draft, made
from tests.service.samples import a_playbook


def asks(*answered: bool) -> tuple[Ask, ...]:
    return tuple(
        Ask(text="x", start=0, end=1, queue="a", probability=0.9, answered_by=(0,) if one else ()) for one in answered
    )


def test_a_draft_is_on_the_right_answer_where_a_labelled_one_is_among_its_own() -> None:
    right = draft().model_copy(update={"answers": ("one", "two")})
    found = score_drafts(
        [
            made("a", "a", draft=right, expected={"answers": ("two",)}),
            made("a", "a", draft=right, expected={"answers": ("three",)}),
            made("a", "a", expected={"answers": ("one",)}),
            made("a", "a", draft=right),
        ]
    )["right_answer"]
    assert (found["n"], found["mean"]) == (3, pytest.approx(1 / 3))
    assert 0 <= found["ci95"][0] <= 1 / 3 <= found["ci95"][1] <= 1


def test_asks_that_a_draft_answers_are_counted_message_by_message() -> None:
    found = score_drafts(
        [made("a", "a", draft=draft(), asks=asks(True, False)), made("a", "a", asks=asks(True)), made("a", "a")]
    )["asks_covered"]
    assert (found["n"], found["mean"]) == (1, 0.5)


def test_the_same_words_as_were_sent_are_a_chrf_of_one_and_other_words_of_less() -> None:
    assert chrf("Votre facture est jointe.", "Votre facture est jointe.") == pytest.approx(1.0)
    assert 0 < chrf("Votre facture est jointe.", "Voici la facture demandée.") < 0.6


def test_without_labels_asks_or_replies_nothing_is_claimed() -> None:
    found = score_drafts([made("a", "a", draft=draft())])
    assert (found["right_answer"], found["asks_covered"], found["chrf"]) == (None, None, None)


def test_redaction_is_told_by_kind() -> None:
    counts = RedactionCount(
        found=3, labelled=4, right=2, replaced=2, found_by_kind={"phone": (1, 2)}, right_by_kind={"IBAN": (2, 2)}
    )
    found = summarise([made("a", "a", expected={"redaction": counts})] * 2, None)["redaction"]
    assert found["recall"] == 0.75
    assert found["recall_by_kind"] == {"phone": {"n": 4, "share": 0.5}}
    assert found["precision_by_kind"] == {"IBAN": {"n": 4, "share": 1.0}}


def test_drafts_of_two_runs_are_compared_message_by_message() -> None:
    better = draft().model_copy(update={"answers": ("one",)})
    labels = {"answers": ("one",)}
    pairs = [
        (
            made("a", "a", draft=draft(), expected=labels | {"sender": f"s{n}", "chrf": 0.25}),
            made("a", "a", draft=better, expected=labels | {"sender": f"s{n}", "chrf": 0.5}),
        )
        for n in range(10)
    ]
    found = compare_pairs(pairs)
    assert found["drafts"]["right_answer"]["difference"] == 1.0
    assert found["drafts"]["chrf"]["difference"] == 0.25
    assert found["drafts"]["asks_covered"] is None
    assert (found["figures"]["a"]["chrf"], found["figures"]["b"]["chrf"]) == (0.25, 0.5)


def test_gates_ask_for_drafts_and_redaction_and_what_was_not_measured_is_not_good() -> None:
    run = summarise([made("a", "a", draft=draft()), made("a", "a", draft=draft(severities=("error",)))], None)
    asked = Gates(minimum_grounded=0.5, minimum_right_answer=0.5, minimum_redaction_recall=0.9)
    found = {one.gate: (one.value, one.passed) for one in judged(asked, run, None)}
    assert found == {"grounded": (0.5, True), "right_answer": (None, False), "redaction recall": (None, False)}


def test_what_a_judge_may_see_holds_no_personal_data() -> None:
    message = Message(
        body="Bonjour, je suis Odile Perrachon, 06 12 34 56 78. Ma facture ?",
        sender=Sender(name="Odile Perrachon", address="odile@example.org"),
        metadata={"numero_adherent": "HZ-778812"},
    )
    body = "Bonjour Madame Perrachon,\n\nVotre numéro HZ-778812 et le 06 12 34 56 78 sont notés.\n\nBien cordialement"
    written = draft().model_copy(update={"body": body})
    shown = shown_of(Confirmed(message=message, queue="facture"), written, a_playbook())
    for text in (shown.message, shown.draft):
        assert not any(personal in text for personal in ("Odile", "Perrachon", "778812", "34 56"))
    assert "facture" in shown.message
    assert "sont notés" in shown.draft


def test_the_longest_string_is_hidden_first_and_short_ones_stay() -> None:
    assert hidden("Jean Martin et Jean, le 12", ("Jean", "Jean Martin", "12")) == "[[…]] et [[…]], le 12"
