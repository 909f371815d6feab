from typing import Any, cast

from evals.crossval import groups_of


class Told:
    """All that grouping reads of a case."""

    def __init__(self, group: str, unread: bool) -> None:
        self.group, self.unread = group, unread


def test_messages_that_the_playbooks_authors_read_are_reported_apart() -> None:
    cases = cast(Any, [Told("usual", True), Told("usual", False), Told("unusual", True)])
    groups = groups_of(cases)
    assert groups["usual, unread"] == [0]
    assert groups["usual, studied"] == [1]
    assert groups["all, unread"] == [0, 2]
    assert groups["all"] == [0, 1, 2]
    assert "unusual, studied" not in groups
