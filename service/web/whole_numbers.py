"""Numbers as forms and addresses give them: text, and whatever somebody types into it."""

PAGE_DIGITS = 5
DIGITS = 9
"""Fewer than what a database's integer holds."""


def whole(text: str, digits: int = DIGITS) -> int | None:
    """None where it is not a number of at most so many digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def page_number(text: str) -> int:
    """From 1; the first page where it is not a number."""
    return max(1, whole(text, PAGE_DIGITS) or 1)
