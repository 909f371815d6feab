import numpy as np
import pytest

from service.learning.examples import ENOUGH
from service.learning.familiarity import Familiarity, Levels, familiarity_numbers, names_of, weighting
from service.learning.fit_familiarity import familiar_rows, fit_familiarity
from service.learning.pool import VOTERS
from tests.service.learning.small import playbook

NUMBERS = len(names_of(VOTERS))
LEVELS = Levels(routed=0.1, named=0.02)


def own_messages(count: int = 400) -> np.ndarray:
    """Evenly spread numbers, the first of which is always the same."""
    rows = np.linspace(-1.0, 1.0, count)[:, None] * np.ones(NUMBERS)
    rows[:, 0] = 5.0
    return rows


def test_the_shipped_file_weighs_every_number_and_has_levels_for_mail_and_for_made_up_examples() -> None:
    shipped = weighting()
    assert tuple(shipped.weights) == names_of(VOTERS)
    for levels in (shipped.confirmed, shipped.made_up):
        assert 0 < levels.named < levels.routed < 0.5


def test_numbers_stand_in_the_order_of_their_names_also_without_neighbours() -> None:
    pooled = np.array([0.5, 0.5])
    for voters in (VOTERS, VOTERS[:2]):
        names = names_of(voters)
        confidence = [float(at) for at in range(len(names) - 2)]
        numbers = familiarity_numbers(confidence, pooled, np.log(np.array([0.7, 0.2])))
        assert len(numbers) == len(names)
        assert numbers[names.index("entropy")] == pytest.approx(np.log(2))
        assert numbers[names.index("silence")] == pytest.approx(np.log(0.2))


def test_a_score_is_told_in_the_accounts_own_units_and_a_number_that_never_changes_is_silent() -> None:
    told = Familiarity((2.0, 100.0), (1.0, 3.0), (0.5, 0.0), routed=-1.0, named=-3.0)
    assert told.units([2.0, 7.0]) == [2.0, 0.0]
    assert told.score([2.0, 7.0]) == 4.0
    assert [told.kinship([1.0 + 0.25 * score, 0.0]) for score in (0, -2, -4)] == ["known", "unfamiliar", "unseen"]


def test_the_levels_keep_back_the_share_of_the_accounts_own_messages_that_is_asked_for() -> None:
    rows = own_messages()
    sure = np.arange(len(rows)) >= 200
    told = fit_familiarity(VOTERS, rows, sure, LEVELS)
    assert told is not None
    scores = np.array([told.score(row) for row in rows.tolist()])
    assert (scores[sure] < told.routed).mean() == pytest.approx(LEVELS.routed, abs=0.01)
    assert (scores < told.named).mean() == pytest.approx(LEVELS.named, abs=0.01)


def test_nothing_is_told_from_too_few_sure_messages() -> None:
    rows = own_messages()
    assert fit_familiarity(VOTERS, rows, np.arange(len(rows)) < ENOUGH - 1, LEVELS) is None
    everyone = familiar_rows(None, rows, np.ones((len(rows), 3)), playbook())
    assert everyone.all()


def test_what_goes_where_the_out_of_scope_goes_is_never_kept_back() -> None:
    queues = playbook().queues
    beyond = playbook().model_copy(
        update={"queues": (*queues[:2], queues[2].model_copy(update={"out_of_scope": True}))}
    )
    told = Familiarity((1.0,), (0.0,), (1.0,), routed=0.0, named=-1.0)
    strange = np.array([[-5.0], [-5.0], [5.0]])
    fused = np.array([[0.8, 0.1, 0.1], [0.1, 0.1, 0.8], [0.8, 0.1, 0.1]])
    assert familiar_rows(told, strange, fused, beyond).tolist() == [False, True, True]
