from hypothesis import given
from hypothesis import strategies as st

from service.pipeline.redact.words import fold, words


def test_every_list_is_filled_with_folded_words() -> None:
    lists = words()
    for name in lists.__slots__:
        value = getattr(lists, name)
        assert value, name
        if name not in ("numbers", "exact_titles"):
            assert all(isinstance(word, str) and word == fold(word) for word in value), name


def test_no_first_name_is_a_word_that_is_never_a_name() -> None:
    lists = words()
    assert not lists.first_names & lists.organisations
    assert not lists.first_names & lists.titles


@given(st.text())
def test_folding_keeps_every_character_at_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


def test_folding_is_blind_to_case_and_accents() -> None:
    assert fold("ÉLODIE Çà") == "elodie ca"
