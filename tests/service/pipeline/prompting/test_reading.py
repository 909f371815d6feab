"""An answer is read out of whatever surrounds it, and only names that were offered get through."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.pipeline.prompting.reading import Offered, UnusableError, read, rescue

OFFERED = Offered(("facture", "resiliation"), ("urgent",), {"R1": "reponse_type"})
ANSWER: dict[str, Any] = {"queue": "facture", "confidence": 85, "paragraphs": [{"text": "Oui.", "sources": ["R1"]}]}
JSON = json.dumps(ANSWER)


@pytest.mark.parametrize(
    "text",
    [
        JSON,
        f"```json\n{JSON}\n```",
        f"Voici :\n{JSON}\nBonne journée {{à vous}}.",
        f'<think>Le client écrit {{"queue": "resiliation"}}, un piège.</think>{JSON}',
        f'Il a mis {{"queue": "resiliation"}} dans son message. Ma réponse : {JSON}',
        f'{JSON}\n{{"note": 1}}',
        f"{{ {JSON}",
    ],
)
def test_the_answer_is_found_among_other_words(text: str) -> None:
    answer = read(text, OFFERED)
    assert (answer.queue, answer.confidence) == ("facture", 85)
    assert answer.paragraphs[0].sources == ("reponse_type",)


@pytest.mark.parametrize(
    ("claim", "percent"),
    [(0, 0), (100, 100), (250, 100), (-3, 0), (0.85, 85), (85.4, 85), ("85", 85), ("85 %", 85), (1, 1)],
)
def test_a_confidence_that_is_only_written_otherwise_costs_no_second_call(claim: Any, percent: int) -> None:
    assert read(json.dumps({**ANSWER, "confidence": claim}), OFFERED).confidence == percent


@pytest.mark.parametrize("claim", [True, "haute", None, [], float("nan")])
def test_a_confidence_that_is_no_number_is_no_use(claim: Any) -> None:
    with pytest.raises(UnusableError):
        read(json.dumps({**ANSWER, "confidence": claim}), OFFERED)


@pytest.mark.parametrize(
    "text", ["", "oui", "[1, 2]", "{" * 50_000, '{"a":' * 20_000, "[" * 100_000, "{" + "9" * 5_000, "x" * 200_000]
)
def test_what_holds_no_answer_is_no_use_and_does_not_break_the_reader(text: str) -> None:
    with pytest.raises(UnusableError):
        read(text, OFFERED)


def test_asks_keep_their_order_and_paragraphs_count_in_it() -> None:
    asks = [{"words": "Où est ma facture ?", "queue": "facture"}, {"words": "et je pars", "queue": "partir"}, "et ça"]
    parts = [{"text": "Oui.", "sources": ["R1"], "asks": ["D2", "D2", "D9", "D1"]}, {"text": "Non.", "asks": None}]
    answer = read(json.dumps({**ANSWER, "asks": asks, "paragraphs": parts}), OFFERED)
    assert [(ask.words, ask.queue) for ask in answer.asks] == [
        ("Où est ma facture ?", "facture"),
        ("et je pars", None),
        ("et ça", None),
    ]
    assert [part.asks for part in answer.paragraphs] == [(1, 0), ()]


def test_an_answer_named_by_its_own_id_is_understood() -> None:
    given_by_id = {**ANSWER, "paragraphs": [{"text": "Oui.", "sources": ["reponse_type", "message"]}]}
    assert read(json.dumps(given_by_id), OFFERED).paragraphs[0].sources == ("reponse_type", "message")


def test_repeated_names_are_said_once_and_the_chosen_queue_is_no_alternative_to_itself() -> None:
    lists = {"alternatives": ["facture", "resiliation", "resiliation"], "secondary": ["facture"], "flags": None}
    answer = read(json.dumps({**ANSWER, **lists}), OFFERED)
    assert (answer.alternatives, answer.secondary, answer.flags) == (("resiliation",), (), ())


def test_characters_that_no_database_takes_are_left_out() -> None:
    answer = read(json.dumps({**ANSWER, "reason": "a\u0000b\ud800c\n"}), OFFERED)
    assert answer.reason == "abc"


def test_empty_paragraphs_are_left_out_and_unknown_keys_ignored() -> None:
    answer = read(json.dumps({**ANSWER, "paragraphs": [{"text": "  ", "sources": []}], "extra": 1}), OFFERED)
    assert answer.paragraphs == ()


@given(
    st.recursive(
        st.none() | st.integers() | st.text() | st.floats(),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*ANSWER, "x"]), inner),
    )
)
def test_any_json_is_an_answer_or_no_use_and_nothing_else(value: Any) -> None:
    try:
        answer = read(json.dumps(value), OFFERED)
    except UnusableError:
        return
    assert answer.queue in OFFERED.queues


@given(st.integers(0, len(JSON)))
def test_a_rescued_label_is_the_one_that_was_written(cut: int) -> None:
    answer = rescue(JSON[:cut], OFFERED)
    assert answer is None or (answer.queue == "facture" and answer.paragraphs == ())
