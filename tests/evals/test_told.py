"""What is measured of flags that advisors told."""

from evals.account import Account, Case
from evals.told import WAYS, corrected, line, right, rounds
from service.domain.confirmed import Confirmed
from service.domain.message import Message
from service.learning.examples import Example
from tests.service.learning.small import playbook, redacted

URGENT, NONE = frozenset({"urgent"}), frozenset[str]()


def case(number: int, flags: frozenset[str]) -> Case:
    name = f"m-{number}"
    confirmed = Confirmed(message=Message(external_id=name, body="Bonjour"), queue="vol", flags=tuple(flags))
    example = Example(name, redacted("Bonjour"), "vol", flags=tuple(flags), sender_key=name)
    return Case(confirmed, example, "usual", unread=number % 2 == 0)


CASES = [case(number, URGENT if number % 4 == 1 else NONE) for number in range(1, 61)]


def test_what_nobody_told_is_what_the_program_said_and_teaches_nothing() -> None:
    said = [URGENT] * len(CASES)
    silent = corrected(CASES, said, WAYS["queues alone"])
    assert {(one.example.flags, one.example.flags_told) for one in silent} == {(("urgent",), False)}
    wrong = corrected(CASES, said, WAYS["where wrong"])
    assert [one.example.flags_told for one in wrong] == [right(one) != URGENT for one in CASES]
    assert all(frozenset(one.example.flags) == right(one) for one in corrected(CASES, said, WAYS["of all"]))
    assert not any(one.example.asks_told for one in wrong)


def test_nothing_that_is_learned_from_is_predicted() -> None:
    account = Account(playbook(), (), CASES)
    for unread, count in ((False, 3), (True, 2)):
        found = list(rounds(account, unread))
        assert len(found) == count
        for imported, others, asked in found:
            names = [[one.example.external_id for one in part] for part in (imported, others, asked)]
            assert len({*names[0], *names[1], *names[2]}) == sum(map(len, names))
            assert {one.unread for one in asked} == {unread}
            assert not any(one.unread for one in (*imported, *others))


def test_a_line_counts_right_false_and_missed_flags() -> None:
    pairs = [(URGENT, URGENT), (URGENT, NONE), (NONE, URGENT), (NONE, URGENT)]
    assert line("x", pairs).split() == ["x", "0.400", "1", "1", "2"]
