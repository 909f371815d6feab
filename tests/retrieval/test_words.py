import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.words import fold, stem, stems, tokens, words

FAMILIES = [
    "résilier résilié résiliée résiliées résiliation résilie résiliez résiliant resiliation resilie RÉSILIÉ",
    "rembourser remboursé remboursée remboursement remboursez remboursements",
    "payer payé payée paye payés",
    "vol vols volé volée voler",
    "prélever prélevé prélevée prélèvement prélèvements preleve",
    "envoyé envoyée envoyer envoi envoyez envoie",
    "annuler annulé annulée annulation",
    "reçu reçue reçus recu",
    "désactiver désactivé désactivée désactivation",
    "décès deces",
]


@pytest.mark.parametrize("family", FAMILIES)
def test_french_inflections_with_and_without_accents_share_a_stem(family: str) -> None:
    assert len(set(stems(words(family)))) == 1


def test_a_death_is_not_taken_for_the_month_of_december() -> None:
    assert stem("deces") != stem("dec")


@pytest.mark.parametrize("pair", ["devis devez", "mars mariée", "fin finissez", "délai della"])
def test_short_words_that_only_look_alike_stay_apart(pair: str) -> None:
    assert len(set(stems(words(pair)))) == 2


def test_english_words_are_stemmed_as_english() -> None:
    assert len(set(stems(words("cancel cancels cancelled cancelling"), "en"))) == 1


def test_a_language_without_a_stemmer_keeps_its_words_whole() -> None:
    assert stems(["sozleşmeler"], "xx") == ["sozleşmeler"]


def test_folding_unifies_case_accents_ligatures_and_typography() -> None:
    assert fold("Sœur À L’ÉTÉ «n°»") == fold('soeur a l\'ete "n°"')


def test_offsets_point_into_the_text_as_it_stands() -> None:
    text = "L’été, re\u0301silie\u0301 : Œuvre"
    assert [(word, text[start:end]) for word, start, end in tokens(text)] == [
        ("l", "L"),
        ("ete", "été"),
        ("resilie", "re\u0301silie\u0301"),
        ("oeuvre", "Œuvre"),
    ]


def test_a_placeholder_is_one_word_without_its_number() -> None:
    assert words("merci [[PERSONNE_12]], [[NUMERO_ADHERENT_1]]") == ["merci", "[[personne]]", "[[numero_adherent]]"]


def test_placeholders_are_not_stemmed() -> None:
    assert stem("[[immatriculation]]") == "[[immatriculation]]"


@given(st.text())
def test_any_text_gives_words_in_order_within_its_bounds(text: str) -> None:
    found = tokens(text)
    assert [word for word, _, _ in found] == words(text)
    assert all(0 <= start < end <= len(text) for _, start, end in found)
    assert all(before[2] <= after[1] for before, after in itertools.pairwise(found))


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)
