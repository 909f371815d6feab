"""The classifier's second view where no embedder knows meanings."""

from dataclasses import replace
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from retrieval.embedding import unit
from service.domain.redacted import Redacted
from service.learning.cores import cores
from service.learning.examples import Example
from service.learning.fit import fit
from service.learning.fit_classified import classify
from service.learning.fit_network import FEWEST, MOST_A_ROW, MOST_NUMBERS, fit_network, join
from service.learning.learned import Learned
from service.learning.network import Network
from service.pipeline.votes import classifier
from tests.service.learning.small import answers, playbook, redacted, silent

QUEUES, WORDS = 3, 12
MANY = FEWEST + 100


def labels(count: int) -> NDArray[np.int64]:
    return np.arange(count) % QUEUES


def told(wanted: NDArray[np.int64], seed: int = 5) -> Any:
    """Messages of four words: two of their queue's twelve, two of anybody's twelve."""
    chance = np.random.default_rng(seed)
    rows = np.zeros((len(wanted), WORDS * (QUEUES + 1)))
    for row, queue in zip(rows, wanted.tolist(), strict=True):
        for block in (queue, QUEUES):
            row[block * WORDS + chance.choice(WORDS, 2, replace=False)] = 0.5
    return csr_matrix(rows)


def fitted(given: Any, count: int = MANY) -> tuple[Network, NDArray[np.float64]]:
    found = fit_network(given, labels(count), np.ones(count), np.arange(count) // QUEUES % 4, QUEUES)
    assert found is not None
    return found


def asked(network: Network, given: Any) -> NDArray[np.float64]:
    columns = np.arange(given.shape[1])
    return np.array([network(columns, row) for row in given.toarray().astype(np.float32)])


def test_it_tells_queues_apart_in_messages_that_it_has_not_seen() -> None:
    network, _ = fitted(told(labels(MANY)))
    assert (asked(network, told(labels(60), seed=6)).argmax(axis=1) == labels(60)).mean() > 0.95


def test_margins_held_out_are_those_of_a_network_that_has_not_seen_the_message() -> None:
    """Labels drawn by lot can be learned by heart, and not foretold."""
    given = told(np.random.default_rng(1).integers(QUEUES, size=MANY))
    network, held = fitted(given)
    assert (asked(network, given).argmax(axis=1) == labels(MANY)).mean() > 0.6
    assert (held.argmax(axis=1) == labels(MANY)).mean() < 0.45


def test_what_one_message_has_alone_has_no_weight() -> None:
    given = told(labels(MANY)).tolil()
    given[:, 0] = 0.0
    given[0, 0] = 0.5
    network, _ = fitted(given.tocsr())
    alone = network(np.array([0]), np.ones(1, dtype=np.float32))
    assert np.array_equal(alone, network(np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.float32)))


def test_too_few_messages_teach_it_nothing() -> None:
    count = FEWEST - 1
    assert fit_network(told(labels(count)), labels(count), np.ones(count), labels(count), QUEUES) is None


@pytest.mark.parametrize(("count", "words"), [(FEWEST, MOST_A_ROW + 1), (MOST_NUMBERS // MOST_A_ROW + 1, MOST_A_ROW)])
def test_it_is_left_out_where_texts_are_long_or_too_many(count: int, words: int) -> None:
    given = csr_matrix(np.ones((count, words), dtype=np.float32))
    assert fit_network(given, labels(count), np.ones(count), labels(count), QUEUES) is None


def test_it_is_heard_only_where_more_messages_are_right_with_it() -> None:
    network, seen = fitted(told(labels(MANY)))
    right = np.eye(QUEUES)[labels(MANY)]
    assert classify(material(), right, right, (network, seen), None, None).network is None
    assert classify(material(), right, np.zeros_like(right), (network, seen), None, None).network is not None


def material() -> Any:
    """All that is asked of it: labels and weights."""
    return SimpleNamespace(labels=labels(MANY), importance=np.ones(MANY))


def test_a_network_that_knows_nothing_has_hardly_a_say() -> None:
    network, _ = fitted(told(labels(MANY)))
    right = np.eye(QUEUES)[labels(MANY)] * 2 - 1
    noise = np.random.default_rng(2).normal(scale=4.0, size=right.shape)
    linear, deep = join(network, noise, right, labels(MANY), np.ones(MANY))[0].sharpness
    assert deep < 0.15 * linear
    joined, scores = join(network, right, noise, labels(MANY), np.ones(MANY))
    assert joined.sharpness[0] < 0.05 * joined.sharpness[1]
    assert (scores.argmax(axis=1) == labels(MANY)).all()


FIRST, LAST, BETWEEN = ("lundi", "jeudi"), ("nord", "sud"), ("alors", "bonjour", "encore", "madame", "merci", "voila")


def history() -> list[Example]:
    """The queue hangs on two words together, too far apart to be a pair: no sum of what each says alone tells it."""
    chance = np.random.default_rng(4)
    found = []
    for at in range(2 * FEWEST):
        first, last = chance.integers(2, size=2)
        text = " ".join((FIRST[first], *chance.permutation(BETWEEN), LAST[last]))
        found.append(Example(f"{at:03}", redacted(text), "depart" if first == last else "vol"))
    return found


@lru_cache(maxsize=1)
def learned() -> Learned:
    return fit(history(), playbook(), answers(), silent)


def vote(learned: Learned, given: Redacted) -> Any:
    return classifier.vote(given, learned).scores


def test_the_classifier_hears_it_beside_the_words() -> None:
    known, asked_for = learned(), redacted("lundi bonjour alors merci encore madame voila nord")
    assert known.network is not None
    assert classifier.vote(asked_for, known).best == "depart"
    words, deep = known.network.sharpness
    assert deep > 0
    silenced = replace(known, network=replace(known.network, sharpness=(words, 0.0)))
    assert vote(silenced, asked_for) != vote(known, asked_for)


def test_it_is_stored_with_the_rest() -> None:
    loaded = Learned.from_bytes(learned().to_bytes())
    assert loaded.network is not None
    assert vote(loaded, redacted("jeudi alors merci nord")) == vote(learned(), redacted("jeudi alors merci nord"))
    assert loaded.to_bytes() == learned().to_bytes()


def test_it_is_the_same_on_however_many_cores_and_in_any_order() -> None:
    with cores(2):
        again = fit(list(reversed(history())), playbook(), answers(), silent)
    assert again.version == learned().version


def test_an_embedder_that_knows_meanings_takes_its_place() -> None:
    examples = sorted(history(), key=lambda one: one.external_id)
    means = unit(np.eye(2, dtype=np.float32)[[int(one.queue == "vol") for one in examples]])
    found = fit(examples, playbook(), answers(), silent, means, unit(np.eye(3, 2)))
    assert found.network is None
    assert found.embedded is not None
