"""What misspelt French words stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.spelling import meant, slips, usage


@pytest.mark.parametrize(
    ("misspelt", "word"),
    [
        ("assurence", "assurance"),
        ("rezilier", "resilier"),
        ("remboursemant", "remboursement"),
        ("cotisaiton", "cotisation"),
        ("adresse", ""),
        ("jattends", "attends"),
        ("dassurance", "assurance"),
        ("lechéance", ""),
        ("quattendre", "attendre"),
    ],
)
def test_a_misspelt_word_stands_for_the_one_that_a_slip_or_a_missing_apostrophe_explains(
    misspelt: str, word: str
) -> None:
    assert meant(misspelt)[:1] == ((word,) if word else ())


@pytest.mark.parametrize("word", ["facteur", "facture", "mail", "rib", "svp", "[[iban]]", "x", "ab", "a1b2c3", "é" * 9])
def test_a_correct_word_stands_for_itself_and_what_is_no_word_for_nothing(word: str) -> None:
    assert meant(word) == ()


def test_of_several_words_the_most_usual_comes_first() -> None:
    found = meant("contart")
    assert {"contrat", "contact"} <= set(found)
    assert [usage(word) for word in found] == sorted(map(usage, found), reverse=True)


def test_the_first_letter_is_taken_to_be_right() -> None:
    assert "sinistre" in meant("sinitre")
    assert all(word.startswith("s") for word in meant("sinitre"))


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=9))
def test_slips_are_undone_by_slips(word: str) -> None:
    assert all(word in slips(one) for one in set(slips(word)))


def test_a_wall_of_letters_is_not_looked_at() -> None:
    assert meant("remboursement" * 5_000) == ()
