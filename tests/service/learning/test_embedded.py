import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.embedding import unit
from service.learning.fit import fit
from service.learning.fit_embedded import FEWEST, fit_embedded
from service.learning.learned import Learned
from service.pipeline.votes import classifier
from tests.service.learning.small import answers, examples, playbook, redacted, silent

MEANINGS = np.eye(3, 8, dtype=np.float32)


def vectors(labels: NDArray[np.int64], noise: float = 0.1) -> NDArray[np.float32]:
    return unit(MEANINGS[labels] + np.random.default_rng(5).normal(0, noise, (len(labels), 8)))


def labels(count: int) -> NDArray[np.int64]:
    return np.arange(count) % 3


def test_what_means_the_same_gets_the_same_queue() -> None:
    fitted = fit_embedded(vectors(labels(60)), labels(60), MEANINGS, np.ones(60), np.arange(60) % 5, np.zeros((60, 3)))
    assert fitted is not None
    assert [int(fitted[0](one).argmax()) for one in vectors(labels(3))] == [0, 1, 2]


def test_a_queue_without_messages_is_known_by_what_is_written_about_it() -> None:
    seen = np.arange(60) % 2
    fitted = fit_embedded(vectors(seen), seen, MEANINGS, np.ones(60), np.arange(60) % 5, np.zeros((60, 3)))
    assert fitted is not None
    assert [int(fitted[0](one).argmax()) for one in MEANINGS] == [0, 1, 2]


def test_scores_held_out_are_those_of_a_view_that_has_not_seen_the_message() -> None:
    given = vectors(labels(240), 0.6)
    fitted = fit_embedded(given, labels(240), MEANINGS, np.ones(240), np.arange(240) // 3 % 4, np.zeros((240, 3)))
    assert fitted is not None
    view, held = fitted
    seen = np.array([view(one) for one in given])
    assert (held.argmax(axis=1) == labels(240)).mean() > 0.6
    assert (seen.argmax(axis=1) == labels(240)).mean() > (held.argmax(axis=1) == labels(240)).mean()


@pytest.mark.parametrize("count", [0, FEWEST - 1])
def test_too_few_messages_teach_nothing(count: int) -> None:
    given = vectors(labels(count))
    assert fit_embedded(given, labels(count), MEANINGS, np.ones(count), labels(count), np.zeros((count, 3))) is None


@pytest.fixture(scope="module")
def learned() -> Learned:
    """Of an account whose embedder knows what `examples` mean: departure or theft."""
    means = np.array([example.queue == "vol" for example in examples()])
    return fit(examples(), playbook(), answers(), silent, unit(np.eye(2)[means.astype(int)]), unit(np.eye(3, 2)))


LEAVING, STOLEN = np.eye(2, dtype=np.float32)


def test_the_vector_speaks_where_the_words_say_nothing(learned: Learned) -> None:
    strange = redacted("xyz abc")
    assert classifier.vote(strange, learned, LEAVING).best == "depart"
    assert classifier.vote(strange, learned, STOLEN).best == "vol"


@pytest.mark.parametrize("vector", [None, np.ones(5, dtype=np.float32), np.zeros(2, dtype=np.float32)])
def test_without_a_vector_of_that_embedder_the_words_speak_alone(
    learned: Learned, vector: NDArray[np.float32] | None
) -> None:
    said = redacted("je quitte le club")
    assert classifier.vote(said, learned, vector) == classifier.vote(said, learned)
    assert classifier.vote(said, learned, LEAVING) != classifier.vote(said, learned)


def test_it_is_stored_with_the_rest(learned: Learned) -> None:
    loaded = Learned.from_bytes(learned.to_bytes())
    assert loaded.embedded is not None
    assert classifier.vote(redacted("bonjour"), loaded, STOLEN) == classifier.vote(redacted("bonjour"), learned, STOLEN)
    assert loaded.to_bytes() == learned.to_bytes()


def test_an_embedder_that_knows_no_meanings_has_no_view() -> None:
    given = unit(np.eye(2)[[0, 1] * (len(examples()) // 2)])
    assert fit(examples(), playbook(), answers(), silent, given).embedded is None
