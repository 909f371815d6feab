import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from service.learning.fit_pool import fit_pool, fit_weights
from service.learning.pool import Pool, opinion, softmax

rng = np.random.default_rng(1)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=6))
def test_a_pool_gives_probabilities(scores: list[float]) -> None:
    pool = Pool((1.0, 0.7))([opinion(np.array(scores)), opinion(np.zeros(len(scores)))])
    assert abs(pool.sum() - 1) < 1e-9
    assert (pool >= 0).all()


def test_a_silent_voter_changes_nothing() -> None:
    spoken = opinion(np.array([0.7, 0.2, 0.1]))
    assert np.allclose(Pool((1.0, 2.0))([spoken, opinion(np.zeros(3))]), Pool((1.0,))([spoken]))


def test_a_voter_that_knows_gets_more_weight_than_one_that_guesses() -> None:
    labels = rng.integers(0, 4, 400)
    knows = np.where(np.eye(4)[labels] > 0, 0.7, 0.1)
    guesses = rng.dirichlet(np.ones(4), 400)
    weights = fit_weights([opinion(knows), opinion(guesses)], labels, np.ones(400), (0.5, 0.5))
    assert weights[0] > 5 * weights[1]


def test_one_voter_who_is_too_sure_is_calmed_down() -> None:
    truth = softmax(rng.normal(size=(2000, 5)))
    labels = np.array([rng.choice(5, p=row) for row in truth])
    (weight,) = fit_weights([3 * np.log(truth)], labels, np.ones(2000), (1.0,))
    assert abs(weight - 1 / 3) < 0.05


def test_without_messages_the_prior_stands() -> None:
    assert fit_weights([np.zeros((0, 3))], np.zeros(0, dtype=np.int64), np.zeros(0), (0.4,)) == (0.4,)


def test_history_settles_which_of_two_queues_wins_where_voters_see_both() -> None:
    """The first queue always wins over the second, whatever the voters prefer."""
    labels = np.repeat([0, 2], 200)
    both = np.tile([0.45, 0.55, 0.0], (200, 1))
    third = np.tile([0.1, 0.1, 0.8], (200, 1))
    given = opinion(np.vstack([both, third]))
    pool = fit_pool([given], labels, np.ones(400), (1.0,))
    assert pool([given[0]]).argmax() == 0
    assert Pool(pool.weights)([given[0]]).argmax() == 1
