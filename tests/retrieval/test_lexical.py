import pytest

from retrieval.lexical import LexicalIndex, LexicalSnapshot
from retrieval.passages import Passage
from tests.retrieval.stores import passages


@pytest.fixture
def snapshot() -> LexicalSnapshot:
    return LexicalIndex().update(passages(), [])


def first(snapshot: LexicalSnapshot, text: str, **filters: str) -> str | None:
    return next(iter(snapshot.search(text, 3, filters)), None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("j'ai PERDU mes cles", "cles"),
        ("on a déménagé", "adresse"),
        ("le deces de ma mere, membre du club", "deces"),
        ("je résilie mes contrats", "resiliation"),
        ("nouvelles factures", "facture"),
    ],
)
def test_french_is_found_whatever_its_accents_case_and_inflection(
    snapshot: LexicalSnapshot, text: str, found: str
) -> None:
    assert first(snapshot, text) == found


def test_scores_fall_and_only_what_shares_a_word_is_found(snapshot: LexicalSnapshot) -> None:
    scores = list(snapshot.search("changer de RIB et d'adresse", 10, {}).values())
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0
    assert snapshot.search("zygomatique", 10, {}) == {}
    assert snapshot.search("  ", 10, {}) == {}


def test_filters_keep_others_out(snapshot: LexicalSnapshot) -> None:
    assert first(snapshot, "confirmation by mail", language="en") == "stage"
    assert first(snapshot, "confirmation by mail", language="fr") is None
    assert first(snapshot, "déclarer une panne", language="fr", group="c") == "cles"


def test_operators_in_a_text_are_words_like_others(snapshot: LexicalSnapshot) -> None:
    assert first(snapshot, '+panne -moteur AND (garage OR "id:1") [x TO y] ~2 ^3 \\') == "panne"


def test_changes_are_seen_by_the_next_snapshot_and_not_by_the_last_one() -> None:
    index = LexicalIndex()
    before = index.update(passages(), [])
    after = index.update([Passage("new", "une licorne"), Passage("rib", "une girafe")], ["cles"])
    assert first(after, "licorne") == "new"
    assert first(after, "RIB") is None
    assert first(after, "girafe") == "rib"
    assert first(after, "clés perdues") != "cles"
    assert first(before, "clés perdues") == "cles"
    assert first(before, "licorne") is None
