from service.pipeline.redact.spans import Span, settle


def test_what_was_found_first_wins_and_all_comes_in_order() -> None:
    phone, number, name = Span(10, 20, "TELEPHONE", "1"), Span(15, 25, "NUMERO", "2"), Span(0, 5, "PERSONNE", "a")
    assert settle([[phone], [number], [name]]) == [name, phone]


def test_neighbours_that_touch_are_both_kept() -> None:
    assert settle([[Span(0, 5, "A", "")], [Span(5, 9, "B", "")]]) == [Span(0, 5, "A", ""), Span(5, 9, "B", "")]
