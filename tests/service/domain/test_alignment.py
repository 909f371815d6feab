from hypothesis import given
from hypothesis import strategies as st

from service.domain.alignment import Alignment, Run

Edits = list[tuple[str, bool]]
pieces = st.lists(st.tuples(st.text(min_size=1, max_size=5), st.booleans()), max_size=12)


def without(edits: Edits) -> tuple[str, str, Alignment]:
    """A source, the text that keeps only the marked pieces, and their alignment."""
    source, text, runs = "", "", []
    for piece, kept in edits:
        if kept:
            runs.append(Run(len(text), len(text) + len(piece), len(source), len(source) + len(piece)))
            text += piece
        source += piece
    return source, text, Alignment(runs)


@given(pieces)
def test_each_copied_character_is_found_in_the_source(edits: Edits) -> None:
    source, text, alignment = without(edits)
    for place, character in enumerate(text):
        span = alignment.to_source(place, place + 1)
        assert span is not None
        assert source[slice(*span)] == character


@given(pieces, st.data())
def test_two_alignments_in_a_row_are_as_one(edits: Edits, data: st.DataObject) -> None:
    source, text, first = without(edits)
    marks = data.draw(st.lists(st.booleans(), min_size=len(text), max_size=len(text)))
    _, derived, second = without(list(zip(text, marks, strict=True)))
    both = second.after(first)
    for place, character in enumerate(derived):
        span = both.to_source(place, place + 1)
        assert span is not None
        assert source[slice(*span)] == character


def test_a_replaced_stretch_maps_as_a_whole() -> None:
    alignment = Alignment([Run(0, 3, 0, 3), Run(3, 8, 3, 30), Run(8, 9, 30, 31)])
    assert alignment.to_source(4, 5) == (3, 30)
    assert alignment.to_source(1, 9) == (1, 31)


def test_a_replaced_stretch_of_a_copy_maps_to_the_whole_of_its_source() -> None:
    placeholder = Alignment([Run(0, 2, 0, 2), Run(2, 12, 2, 6), Run(12, 14, 6, 8)])
    shifted = Alignment([Run(0, 8, 10, 18)])
    assert placeholder.after(shifted).to_source(3, 4) == (12, 16)
    assert placeholder.after(shifted).to_source(13, 14) == (17, 18)


def test_what_was_added_has_no_source() -> None:
    alignment = Alignment([Run(5, 7, 0, 2)])
    assert alignment.to_source(0, 5) is None
    assert alignment.to_source(7, 9) is None
    assert alignment.to_source(4, 8) == (0, 2)


def test_identity_gives_the_same_place() -> None:
    assert Alignment.identity(5).to_source(1, 3) == (1, 3)
