"""Numbers out of forms and addresses, whatever is typed into them."""

import pytest

from service.web.whole_numbers import page_number, whole


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("007", 7), ("999999999", 999_999_999), ("1000000000", None), ("", None)]
)
def test_a_number_is_read_where_a_database_can_hold_it(text: str, number: int | None) -> None:
    assert whole(text) == number


@pytest.mark.parametrize("text", ["-1", "1.5", " 1", "١", "²", "1e3", "one"])
def test_anything_else_is_no_number(text: str) -> None:
    assert whole(text) is None


@pytest.mark.parametrize(("text", "page"), [("3", 3), ("0", 1), ("", 1), ("last", 1), ("100000", 1)])
def test_pages_are_counted_from_one(text: str, page: int) -> None:
    assert page_number(text) == page
