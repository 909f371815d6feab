"""What `python -m evals.asks` counts, on messages told by hand, and the whole way on a small account."""

from pathlib import Path
from typing import Any, cast

from evals.account import read_account
from evals.asks.figures import WAYS, carried, false_asks, second_asks, tables
from evals.asks.triaging import Told, cross_triaged
from evals.harness.workbench import Material
from service.domain.confirmed import Confirmed
from service.domain.message import Message
from service.settings import Settings
from tests.service.small_account import write_account

NONE: frozenset[str] = frozenset()


class Case:
    """All that the figures read of a case."""

    group, unread = "usual", True

    def __init__(self, queue: str, second: tuple[str, ...]) -> None:
        self.confirmed = Confirmed(message=Message(body="…"), queue=queue, secondary=second)
        self.example = cast(Any, type("Example", (), {"sender_key": "", "external_id": "m"}))


def told(*second: str, first: str = "a", **said: frozenset[str]) -> Told:
    names = ("secondary", "named", "answered", "floor", "situations", "labelled")
    return Told(case=cast(Any, Case("a", second)), first=first, drafted=True, **{**dict.fromkeys(names, NONE), **said})


def test_a_second_ask_is_found_where_its_queue_is_told_or_is_the_best_guess() -> None:
    some = [told("b", "c", named=frozenset({"a", "b"})), told("b", first="b")]
    assert [value for value, _ in second_asks(some, WAYS["named"])] == [1.0, 0.0, 1.0]


def test_an_answer_counts_only_where_a_paragraph_is_there() -> None:
    answered = WAYS["answered by a paragraph"]
    assert [value for value, _ in second_asks([told("b", first="b")], answered)] == [0.0]
    assert [value for value, _ in second_asks([told("b", answered=frozenset({"b"}))], answered)] == [1.0]


def test_a_second_ask_is_false_only_in_messages_with_one_and_not_where_it_is_right_or_the_best_guess() -> None:
    some = [
        told(named=frozenset({"a", "b"})),
        told("c", named=frozenset({"b"})),
        told(first="b", named=frozenset("ab")),
    ]
    assert [value for value, _ in false_asks(some, WAYS["named"])] == [1.0, 0.0]


def test_a_situation_is_counted_apart_where_the_labels_call_for_it() -> None:
    grief = frozenset({"bereavement"})
    some = [told(labelled=grief, situations=grief), told(labelled=grief), told(situations=grief)]
    right, others = carried(some, "bereavement")
    assert ([value for value, _ in right], [value for value, _ in others]) == ([1.0, 0.0], [1.0])


def test_every_message_of_an_account_is_triaged_without_itself_and_shown_by_group(tmp_path: Path) -> None:
    folder = write_account(tmp_path / "petit", "petit")
    account = read_account(folder)
    material = Material(account.files, account.playbook, account.answers, ())
    said: list[str] = []
    settings = Settings(_env_file=None, engine="local", data=tmp_path / "data")
    made = cross_triaged(material, account.cases, settings, said.append, folds=2)
    assert [one.right for one in made] == [case.confirmed.queue for case in account.cases]
    assert said == ["fold 1 of 2", "fold 2 of 2"]
    assert all(one.first in {"factures", "departs"} and one.floor for one in made)
    shown = "\n".join(tables(made, ["bereavement"]))
    assert "first, unread" in shown
    assert all(name in shown for name in WAYS)
