import re

import pytest

from service.playbooks.patterns import is_endless, parser

SOUND = [
    r"\bA\d{6}\b",
    r"\d+(?:-\d+)*",
    r"(?:ADH|MB)[- ]?\d{6,8}",
    r"(?:\d{2}\s?){5}",
    r"(?<!\w)\d{3}(?:[ .-]?\d{3}){1,3}(?!\w)",
    r"\w+@\w+",
    r"(?:[a-z]+-)+\d",
    r"(\w+)\s\1",
    r"(\w|\d)+-$",
    r"(?>\d+)+X",
    "",
]
ENDLESS = [
    r"(a+)+$",
    r"(\d+)+\b",
    r"(?:\d+\s?)+X",
    r"ADH-(\d+)+$",
    r"(?:\w*)*;",
    r"(.*)*x",
    r"(a|aa)+$",
    r"(?:[A-Z]\d?|[A-Z]\d)+Z",
    r"\d*\d*\d*\d*X",
    r"(?=(\d+)+K)\d",
]


@pytest.mark.parametrize("pattern", SOUND)
def test_what_a_text_can_fit_in_few_ways_is_sound(pattern: str) -> None:
    assert not is_endless(pattern)


@pytest.mark.parametrize("pattern", ENDLESS)
def test_what_a_text_can_fit_in_ways_without_number_is_endless(pattern: str) -> None:
    assert is_endless(pattern)


def test_an_expression_that_cannot_be_read_says_so() -> None:
    with pytest.raises(re.error):
        is_endless("(")


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("a", "LITERAL"),
        ("[^a]", "NOT_LITERAL"),
        (".", "ANY"),
        ("[a-z]", "IN"),
        ("a*", "MAX_REPEAT"),
        ("a*?", "MIN_REPEAT"),
        ("a*+", "POSSESSIVE_REPEAT"),
        ("(a)", "SUBPATTERN"),
        ("ab|cd", "BRANCH"),
        ("(?>a)", "ATOMIC_GROUP"),
        ("(?=a)", "ASSERT"),
        ("(?!a)", "ASSERT_NOT"),
    ],
)
def test_pythons_private_parser_names_things_as_they_are_read_here(pattern: str, name: str) -> None:
    """Python has no public one: where a later Python's is another, this says so before a playbook does."""
    assert [str(operator) for operator, _ in parser.parse(pattern)] == [name]
