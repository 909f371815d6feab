"""What goes from a shorter draft once courtesy is gone, and what never does."""

import pytest

from service.errors import RefusedError
from tests.service.pipeline.redraft.made import ANSWERED, CLOSING, COMFORT, GREETING, granted, start

CALLED = "Appelez le 04 65 71 10 10, du lundi au vendredi de 8 h 30 à 18 h 30 et le samedi de 9 h à 12 h."
IN_FEWER_WORDS = "Appelez le 04 65 71 10 10 (lundi-vendredi 8 h 30-18 h 30, samedi 9 h-12 h)."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "Il est inscrit le 3 mars au fichier, que la police consulte directement.",
            "Il est inscrit le 3 mars au fichier.",
        ),
        (
            "Il est inscrit le 3 mars au fichier, qui ne prouve rien.",
            "Il est inscrit le 3 mars au fichier, qui ne prouve rien.",
        ),
    ],
)
def test_a_shorter_draft_leaves_out_clauses_that_only_tell_more(before: str, after: str) -> None:
    texts = granted(start(GREETING, f"{ANSWERED} {before}", COMFORT[0], CLOSING), "plus court")
    assert texts[1] == f"{ANSWERED} {after}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (IN_FEWER_WORDS, "Appelez le 04 65 71 10 10."),
        ("Répondez à ce message, ou appelez le 04 65 71 10 10.", "Répondez à ce message."),
    ],
)
def test_second_ways_and_hours_go_only_for_a_tenth_that_nothing_else_gives(before: str, after: str) -> None:
    assert granted(start(GREETING, f"{ANSWERED} {before}", CLOSING), "plus court")[1] == f"{ANSWERED} {after}"
    spare = start(GREETING, f"{ANSWERED} {before}", COMFORT[0], CLOSING)
    assert granted(spare, "plus court")[1] == f"{ANSWERED} {before}"


def test_no_number_goes_where_all_of_them_would_not_make_it_shorter_by_a_tenth() -> None:
    long = " ".join([ANSWERED, "Le virement part le 3 mars, avec la somme de 40 € et la prime de 12 €."] * 3)
    with pytest.raises(RefusedError):
        granted(start(GREETING, f"{long} Répondez, ou appelez le 04 65 71 10 10.", CLOSING), "plus court")


@pytest.mark.parametrize(
    "kept",
    [
        "Le pli est remis au gardien, ou à une autre personne du même immeuble.",
        "Le pli est remis au gardien, quelqu'un de confiance du même immeuble.",
    ],
)
def test_another_way_or_person_behind_a_comma_is_no_clause_that_only_tells_more(kept: str) -> None:
    texts = granted(start(GREETING, f"{ANSWERED} {kept} Il ferme le 3 mars.", COMFORT[0], CLOSING), "plus court")
    assert kept in texts[1]


@pytest.mark.parametrize("after", ["Déposez-la le 3 mars.", "Dites-moi avant le 3 mars où nous la prenons."])
def test_nothing_goes_of_which_the_next_sentence_speaks(after: str) -> None:
    told = "La neige gonfle vite avec la pluie."
    texts = granted(start(GREETING, f"{ANSWERED} {told} {after}", COMFORT[0], CLOSING), "plus court")
    assert texts[1] == f"{ANSWERED} {told} {after}"


def test_what_goes_leaves_no_space_before_a_full_stop() -> None:
    before = "Rappelez le numéro ci-dessus ; vous pouvez aussi m'appeler au 04 65 71 80 80."
    texts = granted(start(GREETING, f"{ANSWERED} {before}", CLOSING), "plus court")
    assert texts[1] == f"{ANSWERED} Rappelez le numéro ci-dessus."


@pytest.mark.parametrize("way", ["sober", "asks_hours"])
def test_who_grieves_or_asks_when_to_call_is_told_the_hours(way: str) -> None:
    before = start(GREETING, CALLED, COMFORT[0], CLOSING)
    assert granted(before, "plus court", sober=way == "sober", asks_hours=way == "asks_hours")[1] == IN_FEWER_WORDS


def test_a_shorter_draft_stops_once_a_fifth_is_gone() -> None:
    first, second = "Si le virement tarde, dites-le-nous.", "Nous avons bien reçu votre courrier du 3 mars 2026."
    texts = granted(start(GREETING, ANSWERED, first, second, CLOSING), "plus court")
    assert texts == [GREETING, ANSWERED, first, CLOSING]


@pytest.mark.parametrize(
    ("told", "goes"),
    [
        ("Le bois gonfle vite avec la pluie.", True),
        ("Votre contrat couvre le bois.", False),
        ("Nous vous adressons nos condoléances.", False),
    ],
)
def test_what_only_tells_how_things_are_goes_last_and_nothing_of_weight(told: str, goes: bool) -> None:
    before = start(GREETING, f"{ANSWERED} Le virement part le 3 mars. {told}", CLOSING)
    try:
        texts = granted(before, "plus court")
    except RefusedError:
        texts = [part.text for part in before.paragraphs]
    assert (told not in texts[1]) == goes
