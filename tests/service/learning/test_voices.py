"""What a sender repeats counts little more than once."""

import numpy as np
import pytest

from retrieval.hashed import HashedEmbedder
from service.learning.voices import loudness, near_level

THANKS = "Merci beaucoup, bonne journée."
ASKS = ["Où est ma facture de mars ?", "Je vends ma voiture.", "Mon accès au site est bloqué."]


def weights(texts: list[str], senders: list[str]) -> list[float]:
    return [float(weight) for weight in loudness(senders, HashedEmbedder().embed(texts))]


def test_equal_messages_of_one_sender_count_together_as_little_more_than_one() -> None:
    assert sum(weights([THANKS] * 30, ["a"] * 30)) == pytest.approx(2, abs=0.1)


def test_equal_messages_of_many_senders_count_one_each() -> None:
    assert weights([THANKS] * 5, ["a", "b", "c", "d", "e"]) == [1.0] * 5


def test_messages_without_a_sender_count_one_each() -> None:
    assert weights([THANKS] * 3, [""] * 3) == [1.0] * 3


def test_different_messages_of_one_sender_hardly_lose_anything() -> None:
    assert min(weights(ASKS, ["a"] * 3)) > 0.99


def test_near_is_where_messages_of_different_senders_mostly_agree() -> None:
    texts = [f"{text} {n}" for n in range(10) for text in ASKS]
    senders, labels = [f"s{n}" for n in range(30)], [str(n % 3) for n in range(30)]
    vectors = HashedEmbedder().embed(texts)
    level = near_level(vectors, senders, labels)
    assert level is not None
    similar = vectors @ vectors.T
    assert similar[0, 3] > level
    assert near_level(vectors, ["one"] * 30, labels) is None
    assert near_level(vectors, senders, [str(n) for n in range(30)]) is None
    assert near_level(np.zeros((0, 4), dtype=np.float32), [], []) is None
