"""A message and its parts, read at once, give what each gives alone."""

import numpy as np

from service.learning.corpus import Corpus
from service.learning.linear import Linear
from service.learning.reading import Reading
from service.learning.spread import spread
from service.learning.vocabulary import Features, Vocabulary

STEMS = ("remorqu", "facture", "je", "veux", "resili", "mon", "contrat", "bris", "de", "glac", "je", "veux")
KNOWN = Reading(STEMS, STEMS, 2, (), "email", "contact@club.example")
BOUNDS = [(0, 2), (2, 7), (7, 12)]


def part(reading: Reading, start: int, end: int) -> Reading:
    subject = end - start if end <= reading.subject else 0
    words, stems = reading.words[start:end], reading.stems[start:end]
    return Reading(words, stems, subject, (), reading.channel, reading.recipient)


def dense(features: Features, size: int) -> list[float]:
    row = np.zeros(size)
    row[features.columns] = features.values
    return list(row)


def vocabulary() -> Vocabulary:
    """Of some of the words only."""
    readings = [Reading(STEMS[:7], STEMS[:7], 2, (), "email"), Reading(STEMS[5:9], STEMS[5:9], 0, ())]
    return Corpus(readings).vocabulary(len(readings))[0]


def of(words: Vocabulary, labels: int) -> Linear:
    random = np.random.default_rng(7)
    return Linear(
        random.normal(size=(words.size, labels)).astype(np.float32), random.normal(size=labels).astype(np.float32)
    )


def test_the_whole_and_each_part_have_the_numbers_that_each_has_alone() -> None:
    words = vocabulary()
    given = spread(words, KNOWN, BOUNDS)
    table = np.zeros((4, words.size))
    table[:, given.columns] = given.values
    alone = [dense(words(one), words.size) for one in (KNOWN, *(part(KNOWN, *bounds) for bounds in BOUNDS))]
    assert np.allclose(table, alone, atol=1e-6)


def test_margins_are_those_of_each_alone() -> None:
    words = vocabulary()
    linear = of(words, 3)
    alone = [linear(words(one)) for one in (KNOWN, *(part(KNOWN, *bounds) for bounds in BOUNDS))]
    assert np.allclose(spread(words, KNOWN, BOUNDS).margins(linear), alone, atol=1e-5)


def test_a_word_gains_by_its_stem_and_its_characters_and_a_strange_one_nothing() -> None:
    words = vocabulary()
    linear, features = of(words, 3), words(KNOWN)
    rows = linear.coefficients[features.columns]
    gain_of = dict(zip(features.columns.tolist(), features.values * (rows[:, 1] - rows.mean(axis=1)), strict=True))
    expected = [
        sum(gain_of.get(column, 0.0) for column in (stem, *words.columns_of_word(word)))
        for stem, word in zip(words.columns_of_stems(KNOWN), KNOWN.words, strict=True)
    ]
    gains = spread(words, KNOWN, BOUNDS).gains(linear, 1, len(KNOWN.words))
    assert np.allclose(gains, expected, atol=1e-5)
    assert gains[9] == 0


def test_a_message_of_strange_words_has_no_numbers() -> None:
    words = vocabulary()
    strange = Reading(("zzz",), ("zzz",), 0, ())
    given = spread(words, strange, [(0, 1)])
    assert given.values.shape == (2, 0)
    assert given.gains(of(words, 2), 0, 1).tolist() == [0]
