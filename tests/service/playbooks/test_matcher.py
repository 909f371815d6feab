import time
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.words import stem, tokens
from service.domain.playbook import Keyword, Playbook, Queue, Tone
from service.playbooks.expressions import NEAR, By, Term, Unit, parse_expression
from service.playbooks.matcher import KeywordMatcher


def playbook(*expressions: str, language: str = "fr") -> Playbook:
    keywords = tuple(Keyword(expression=expression) for expression in expressions)
    one = Queue(id="une", label="Une", level=1, sla_hours=24, definition="x", instructions=("x",), keywords=keywords)
    other = one.model_copy(update={"id": "autre", "keywords": ()})
    tone = Tone(instructions=("x",), signature="x")
    return Playbook(account="a", label="A", language=language, version="0", queues=(one, other), tone=tone)


def found(expression: str, text: str, language: str = "fr") -> list[str]:
    """The stretches of `text` that a keyword meets."""
    hits = KeywordMatcher(playbook(expression)).hits(text, language=language)
    return [text[start:end] for hit in hits for start, end in hit.spans]


@pytest.mark.parametrize(
    ("expression", "text", "stretches"),
    [
        ("résilier", "Je demande la RESILIATION", ["RESILIATION"]),
        ("résilier", "Contrats résiliés puis résiliée", ["résiliés", "résiliée"]),
        ('"mettre fin"', "je veux mettre  fin à tout", ["mettre  fin"]),
        ('"mettre fin"', "mettre une fin", []),
        ('"mettre fin"', "je mets fin", []),
        ("rembours*", "Remboursez-moi", ["Remboursez"]),
        ("l'assurance", "ni l’assurance ni l'assureur", ["l’assurance"]),
        ("quitter & club", "le club, je le quitte", ["club, je le quitte"]),
        ("vol !clé", "volée avec les clés", []),
        ("vol & !clé", "ma voiture volée", ["volée"]),
        ("[[IBAN]]", "voici [[IBAN_1]] et [[IBAN_2]]", ["[[IBAN_1]]", "[[IBAN_2]]"]),
        ("personne", "[[PERSONNE_1]] écrit", []),
    ],
)
def test_keywords_are_found_whatever_case_accents_and_inflection(
    expression: str, text: str, stretches: list[str]
) -> None:
    assert found(expression, text) == stretches


def test_near_reaches_eight_words_and_no_further() -> None:
    assert found("quitter & club", "quitte" + " x" * (NEAR - 1) + " club")
    assert not found("quitter & club", "quitte" + " x" * NEAR + " club")


def test_english_messages_are_met_by_english_stems_too() -> None:
    assert found("cancel", "I am cancelling it", language="en") == ["cancelling"]
    assert found("résilier", "ma résiliation", language="en") == ["résiliation"]


def test_words_of_two_stretches_neither_make_a_phrase_nor_stand_near() -> None:
    text = "mettre | fin"
    matcher = KeywordMatcher(playbook('"mettre fin"', "mettre & fin"))
    assert len(matcher.hits(text)) == 2
    assert matcher.hits(text, [(0, 6), (9, 12)]) == ()


def test_what_is_excluded_is_looked_for_in_every_stretch_that_is_read() -> None:
    text = "vol. clé"
    matcher = KeywordMatcher(playbook("vol !clé"))
    assert matcher.hits(text, [(0, 3), (5, 8)]) == ()
    assert matcher.hits(text, [(0, 3)])


WORDS = st.sampled_from(["vol", "volé", "clé", "clés", "club", "clubs", "contrat", "fin"])
TERMS = st.one_of(
    WORDS,
    st.lists(WORDS, min_size=1, max_size=3).map(lambda words: f'"{" ".join(words)}"'),
    WORDS.map(lambda w: f"{w[:3]}*"),
)
EXPRESSIONS = st.tuples(st.lists(TERMS, min_size=1, max_size=3, unique=True), st.lists(TERMS, max_size=1)).map(
    lambda parts: " & ".join(parts[0]) + "".join(f" !{term}" for term in parts[1])
)
TEXTS = st.lists(st.one_of(WORDS, st.just("x"), st.just("x x x x x")), max_size=25).map(" ".join)


def naive(expression: str, text: str) -> bool:
    """The definition of docs/keywords.md, tried on every place without any index."""
    try:
        parsed = parse_expression(expression)
    except ValueError:
        return False
    words = [word for word, _, _ in tokens(text)]
    if any(_places(term, words) for term in parsed.without):
        return False
    places = [_places(term, words) for term in parsed.terms]
    return any(all(any(low <= at <= low + NEAR for at in term) for term in places) for low in chain(*places))


def _places(term: Term, words: list[str]) -> list[int]:
    last = len(words) - len(term)
    return [at for at in range(last + 1) if all(_meets(unit, words[at + step]) for step, unit in enumerate(term))]


def _meets(unit: Unit, word: str) -> bool:
    if unit.by is By.STEM:
        return stem(unit.word) == stem(word)
    return word == unit.word if unit.by is By.EXACT else word.startswith(unit.word)


@settings(max_examples=300, deadline=None)
@given(st.lists(EXPRESSIONS, max_size=8, unique=True), TEXTS)
def test_the_index_finds_what_the_definition_finds(expressions: list[str], text: str) -> None:
    readable = [expression for expression in expressions if _readable(expression)]
    hits = KeywordMatcher(playbook(*readable)).hits(text)
    assert [hit.expression for hit in hits] == [expression for expression in readable if naive(expression, text)]
    for hit in hits:
        assert all(naive(hit.expression, text[start:end]) for start, end in hit.spans)
        assert list(hit.spans) == sorted(hit.spans)


def _readable(expression: str) -> bool:
    try:
        parse_expression(expression)
    except ValueError:
        return False
    return True


def test_a_wall_of_words_is_read_in_linear_time() -> None:
    matcher = KeywordMatcher(playbook(*(f'vol & "clé club{number}"' for number in range(300)), "vol & clé", "vol*"))
    wall = "vol clé " * 1_250
    matcher.hits(wall)
    once = _seconds(lambda: matcher.hits(wall * 2))
    assert _seconds(lambda: matcher.hits(wall * 8)) < 12 * once + 0.05


def _seconds(run: object) -> float:
    assert callable(run)
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        run()
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize(
    ("expression", "text", "language", "stretches"),
    [
        ("résilier", "je veu rezilier", "fr", ["rezilier"]),
        ("remboursement", "mon rembourssement svp", "fr", ["rembourssement"]),
        ("rembours*", "rmebourser moi", "fr", ["rmebourser"]),
        ('"prise en charge"', "ma prise en cahrge", "fr", ["prise en cahrge"]),
        ("attestation", "il me faut lattestation", "fr", ["lattestation"]),
        ("vol !facture", "un vol, voici la factrue", "fr", []),
        ("facture", "le facteur est passé", "fr", []),
        ("vols", "des valz", "fr", []),
        ("remboursement", "my rembourssement", "en", []),
    ],
)
def test_a_misspelt_word_meets_the_keyword_that_it_stands_for(
    expression: str, text: str, language: str, stretches: list[str]
) -> None:
    assert found(expression, text, language) == stretches


def test_in_an_account_of_another_language_nothing_is_taken_for_misspelt_french() -> None:
    hits = KeywordMatcher(playbook("remboursement", language="en")).hits("my rembourssement", language="fr")
    assert hits == ()
