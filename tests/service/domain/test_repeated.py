"""A name that stands twice in an object is seen, wherever the object stands."""

import json

import pytest

from service.domain.repeated import repeated_name


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ('{"body": "a", "body": "b"}', "body"),
        ('{"body": "a", "body": "a"}', "body"),
        ('{"a": {"nom": "x", "né": 1, "n\\u00e9": 2}}', "né"),
        ('{"thread": [{"at": 1}, {"at": 2, "body": "", "at": 3}]}', "at"),
        ('{"": 1, "": 2}', ""),
        ('{"body": "a", "Body": "b"}', None),
        ('{"a": {"x": 1}, "b": {"x": 1}}', None),
        ('{"n": %s, "m": 1e999999}' % ("9" * 20_000), None),
        ("[[], {}]", None),
    ],
)
def test_a_name_that_stands_twice_is_found(given: str, name: str | None) -> None:
    assert repeated_name(given.encode()) == name


def test_a_long_body_is_looked_through_at_once() -> None:
    assert repeated_name(json.dumps({"body": '"{é\n' * 300_000}).encode()) is None
