"""Quotes are found however a model retypes them, and never where they are not."""

import pytest

from service.pipeline.votes.quotes import find_quote

TEXT = "Bonjour,\nj'ai été prélevé deux\nfois par [[PERSONNE_1]] !"


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("été prélevé deux fois", "été prélevé deux\nfois"),
        ("« Ete  PRELEVE, deux fois »", "été prélevé deux\nfois"),
        ("J’ai été", "j'ai été"),
        ("par [[PERSONNE_1]]", "par [[PERSONNE_1]]"),
    ],
)
def test_a_retyped_quote_is_found(quote: str, found: str) -> None:
    span = find_quote(quote, TEXT)
    assert span is not None
    assert TEXT[slice(*span)] == found


@pytest.mark.parametrize("quote", ["prélevé trois fois", "prélevé fois", "", "…", "à", "préle", "fois deux"])
def test_other_words_are_not_found(quote: str) -> None:
    assert find_quote(quote, TEXT) is None
