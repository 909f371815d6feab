"""What flags that advisors put right teach.

`python -m evals.told`: of the reference account's messages with odd ids a part is imported with its flags, another one
corrected by advisors who say its queue, and its flags in several ways; the flags of a third part are then predicted.
`--unread` learns from halves of the odd ids and predicts the even ones.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random

import click

from evals.account import Account, Case, read_account
from evals.measures import micro_f1
from evals.voters import Voters
from service.domain.candidates import Candidates
from service.learning.examples import fold_of

Flags = frozenset[str]
Way = Callable[[Flags, Flags, float], bool]
"""Whether an advisor tells a message's flags: the program's, the right ones, and a number drawn from [0, 1)."""
Pairs = list[tuple[Flags, Flags]]

WAYS: dict[str, Way] = {
    "queues alone": lambda *_: False,
    "where wrong": lambda said, right, _: said != right,
    "a quarter of these": lambda said, right, drawn: said != right and drawn < 0.25,
    "where wrong, and a quarter of the others": lambda said, right, drawn: said != right or drawn < 0.25,
    "where wrong, and wherever one is up": lambda said, right, _: said != right or bool(said),
    "of all": lambda *_: True,
}
Round = tuple[Sequence[Case], Sequence[Case], Sequence[Case]]
"""What is imported, what is corrected, and what is predicted."""


def rounds(account: Account, unread: bool) -> Iterator[Round]:
    """Whole by sender among the messages with odd ids."""
    odd = [case for case in account.cases if not case.unread]
    count = 2 if unread else 3
    folds = fold_of([case.example for case in odd], count)
    parts = [[case for case, fold in zip(odd, folds, strict=True) if fold == part] for part in range(count)]
    even = [case for case in account.cases if case.unread]
    for first in range(count):
        following = [parts[(first + step) % count] for step in range(count)]
        yield following[0], following[1], even if unread else following[2]


def corrected(cases: Sequence[Case], said: Sequence[Flags], way: Way) -> list[Case]:
    """As they are learned from: with the right flags where they were told, else with what the program took them for."""
    random = Random(1)  # noqa: S311 - a draw, and the same one every time
    return [
        _as_told(case, flags, way(flags, right(case), random.random())) for case, flags in zip(cases, said, strict=True)
    ]


def right(case: Case) -> Flags:
    return frozenset(case.confirmed.flags)


def _as_told(case: Case, said: Flags, told: bool) -> Case:
    flags = tuple(sorted(right(case) if told else said))
    return replace(case, example=replace(case.example, flags=flags, flags_told=told, asks_told=False))


def _said(voters: Voters, cases: Sequence[Case]) -> list[Flags]:
    """By keywords and classifier."""
    return [frozenset(voters.decide(case.example.redacted, Candidates()).flags) for case in cases]


def measured(account: Account, one: Round) -> dict[str, Pairs]:
    """Flags that are predicted and the right ones, by what was told."""
    imported, others, asked = one
    alone = Voters.fitted(account, imported)
    said = _said(alone, others)
    found = {"imported alone": _said(alone, asked)}
    for name, way in WAYS.items():
        known = Voters.fitted(account, [*imported, *corrected(others, said, way)])
        found[name] = _said(known, asked)
    return {
        name: [(flags, right(case)) for flags, case in zip(each, asked, strict=True)] for name, each in found.items()
    }


def line(name: str, pairs: Pairs) -> str:
    """F1, and how many flags are right, false and missed."""
    hits = sum(len(said & wanted) for said, wanted in pairs)
    false, missed = (sum(len(a - b) for a, b in each) for each in (pairs, [(b, a) for a, b in pairs]))
    return f"{name:42s}{micro_f1(pairs):7.3f}{hits:6d}{false:5d}{missed:5d}"


@click.command()
@click.option("--unread", is_flag=True, help="Predict the even ids, which no author has read.")
def main(unread: bool) -> None:
    """Prints a line for each way in which flags are told, over all rounds together."""
    account = read_account()
    told: dict[str, Pairs] = {}
    for one in rounds(account, unread):
        for name, pairs in measured(account, one).items():
            told.setdefault(name, []).extend(pairs)
    for name, pairs in told.items():
        click.echo(line(name, pairs))


if __name__ == "__main__":
    main()
