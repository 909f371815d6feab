"""Many texts as numbers at once."""

import numpy as np

from service.learning.corpus import Corpus
from service.learning.linear import matrix
from service.learning.reading import Reading, read_text

TEXTS = [
    read_text("Je quitte le club. Je quitte le club !"),
    Reading(
        ("panne", "de", "moteur", "sur", "la", "route"), ("pann", "de", "moteur", "sur", "la", "rout"), 2, (), "web"
    ),
    read_text(""),
    read_text("remboursement"),
]
PARTS = [read_text("un tout autre moteur quitte le port"), Reading(("[[iban]]",), ("[[iban]]",), 0, (), "", "aide")]


def test_each_text_and_part_has_the_numbers_that_it_gets_alone() -> None:
    vocabulary, given = Corpus([*TEXTS, *PARTS]).vocabulary(len(TEXTS))
    alone = matrix([vocabulary(one) for one in (*TEXTS, *PARTS)], vocabulary.size)
    assert np.array_equal(given.toarray(), alone.toarray())
    assert given.nnz == alone.nnz


def test_parts_bring_no_terms_of_their_own() -> None:
    assert Corpus([*TEXTS, *PARTS]).vocabulary(len(TEXTS))[0].blocks == Corpus(TEXTS).vocabulary(len(TEXTS))[0].blocks


def test_no_text_at_all_has_no_column() -> None:
    vocabulary, given = Corpus([]).vocabulary(0)
    assert vocabulary.size == 0
    assert given.shape == (0, 0)
