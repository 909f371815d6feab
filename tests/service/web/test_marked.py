"""Evidence and findings at their place in a text."""

from hypothesis import given
from hypothesis import strategies as st

from service.domain.message import Message
from service.domain.votes import Evidence
from service.pipeline.clean import clean
from service.web.marked import Piece, Span, in_text, pieces, portions


def evidence(body: str, words: str) -> Evidence:
    start = body.index(words)
    return Evidence(voter="keywords", kind="keyword", text=words, start=start, end=start + len(words), queue="q")


def marked(body: str, words: str, **given: object) -> list[str]:
    cleaned = clean(Message.model_validate({"body": body} | given))
    found = portions(cleaned, [evidence(body, words)])
    return [piece.text for portion in found for piece in portion.pieces if piece.about]


def test_a_keyword_is_marked_where_it_stands() -> None:
    assert marked("Bonjour,\n\nje veux résilier demain.", "résilier") == ["résilier"]


def test_in_html_the_words_are_marked_and_not_the_tags() -> None:
    assert marked("<p>Je veux <b>r&eacute;silier</b> demain</p>", "silier", body_format="html") == ["silier"]


def test_what_is_quoted_is_a_part_of_its_own() -> None:
    own = "Bonjour,\n\nJe veux résilier mon adhésion.\n\nJeanne Roy"
    cleaned = clean(Message(body=f"{own}\n\nLe 3 mars 2026 à 10:12, Club <a@b.fr> a écrit :\n> Votre contrat\n"))
    assert [portion.part for portion in portions(cleaned, ())] == ["own", "signature", "header", "quote"]


def test_a_part_is_cut_at_so_many_characters() -> None:
    (portion,) = portions(clean(Message(body="mot " * 100)), (), most=40)
    assert portion.cut
    assert sum(len(piece.text) for piece in portion.pieces) == 40


def test_evidence_that_is_elsewhere_is_left_out() -> None:
    cleaned = clean(Message(body="Bonjour"))
    nowhere = Evidence(voter="keywords", kind="keyword", text="x", queue="q")
    beyond = Evidence(voter="keywords", kind="keyword", text="x", start=500, end=501, queue="q")
    assert in_text(cleaned.alignment, [nowhere, beyond]) == []


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40))), st.integers(0, 20), st.integers(20, 40))
def test_pieces_are_the_text_and_nothing_is_marked_beside_its_place(
    places: list[tuple[int, int]], start: int, end: int
) -> None:
    text = "".join(chr(97 + number % 26) for number in range(40))
    spans = [Span(a, b, evidence("x", "x")) for a, b in places]
    cut: list[Piece[Evidence]] = pieces(text, start, end, spans)
    assert "".join(piece.text for piece in cut) == text[start:end]
    at = start
    for piece in cut:
        covering = sum(1 for a, b in places if a <= at and b >= at + len(piece.text) and a < b)
        assert len(piece.about) == covering
        at += len(piece.text)
