import numpy as np
import pytest

from retrieval.embedding import unit
from service.learning.embedded import FEWEST, fit_embedded

RNG = np.random.default_rng(5)
MEANINGS = np.eye(3, 8)


def vectors(labels: np.ndarray, noise: float = 0.1) -> np.ndarray:
    drawn = MEANINGS[labels] + RNG.normal(0, noise, (len(labels), 8))
    return unit(drawn)


def test_what_means_the_same_gets_the_same_queue() -> None:
    labels = np.arange(60) % 3
    fitted = fit_embedded(vectors(labels), np.eye(3, dtype=bool)[labels], np.ones(60), np.arange(60) % 5)
    assert fitted is not None
    view, _ = fitted
    assert [int(view(one).argmax()) for one in vectors(np.array([0, 1, 2]))] == [0, 1, 2]


def test_margins_held_out_are_those_of_a_view_that_has_not_seen_the_message() -> None:
    labels = np.arange(60) % 3
    given, wanted, folds = vectors(labels, 0.6), np.eye(3, dtype=bool)[labels], np.arange(60) // 3 % 4
    fitted = fit_embedded(given, wanted, np.ones(60), folds)
    assert fitted is not None
    view, held = fitted
    seen = np.array([view(one) for one in given])
    assert (held.argmax(axis=1) == labels).mean() > 0.6
    assert (seen.argmax(axis=1) == labels).mean() > (held.argmax(axis=1) == labels).mean()


@pytest.mark.parametrize("count", [0, FEWEST - 1])
def test_too_few_messages_teach_nothing(count: int) -> None:
    labels = np.arange(count) % 3
    assert fit_embedded(vectors(labels), np.eye(3, dtype=bool)[labels], np.ones(count), labels) is None


def test_a_vector_of_another_embedder_or_of_no_text_does_not_fit() -> None:
    labels = np.arange(60) % 3
    fitted = fit_embedded(vectors(labels), np.eye(3, dtype=bool)[labels], np.ones(60), labels)
    assert fitted is not None
    assert fitted[0].fits(vectors(np.array([1]))[0])
    assert not fitted[0].fits(np.ones(5, dtype=np.float32))
    assert not fitted[0].fits(np.zeros(8, dtype=np.float32))
