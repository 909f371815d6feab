import pytest

from evals.retrieval.figures import figures
from evals.retrieval.scale import measure_scale
from evals.retrieval.ways import WAYS, Ranked, cross_validate
from tests.evals.retrieval.made import LIBRARY, account, answered


@pytest.fixture(scope="module")
def ranked() -> list[Ranked]:
    said: list[str] = []
    found = cross_validate(account(answered()), 2, said.append)
    assert said == ["fold 1 of 2", "fold 2 of 2"]
    return found


def test_every_way_ranks_every_message(ranked: list[Ranked]) -> None:
    known = {one.id for one in LIBRARY}
    assert len(ranked) == len(answered())
    for one in ranked:
        assert set(one) == set(WAYS)
        assert set(one["ours"]) == set(one["inside the right queue"]) == known
        assert all(set(way) <= known for way in one.values())


def test_what_was_learned_finds_answers_whose_words_no_message_says(ranked: list[Ranked]) -> None:
    cases = answered()
    ours = figures(cases, [one["ours"] for one in ranked])["recall@1"].mean
    words = figures(cases, [one["BM25 alone"] for one in ranked])["recall@1"].mean
    assert ours > 0.9 > words


def test_among_many_accounts_one_finds_what_it_finds_alone() -> None:
    shown = measure_scale(account(answered()), answers=40, accounts=3, folds=2).splitlines()
    alone, among = (line[line.index("recall@3") : line.index("  recall p50")] for line in shown[1:3])
    assert alone == among
