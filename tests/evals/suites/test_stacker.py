"""What tells a question of a known kind from any other."""

from dataclasses import replace

import numpy as np
import pytest

from evals.suites.public import Row, as_cases, english_account
from evals.suites.stacker import stacker_numbers
from evals.voters import Voters
from service.domain.redacted import Redacted
from service.learning.network import Network

LABELS = {"lost_card": "my card was lost in the street", "paid_bill": "when will the bill be paid at last"}
SHARES = slice(12, 15)
SECOND_VIEW = 11


def asked(text: str) -> Redacted:
    return as_cases([Row(text, "lost_card")], english_account("small", LABELS), "asked")[0].example.redacted


@pytest.fixture(scope="module")
def voters() -> Voters:
    account = english_account("small", LABELS)
    rows = [Row(f"{said} {word}", label) for label, said in LABELS.items() for word in ("please", "thanks", "hello")]
    return Voters.fitted(account, as_cases(rows, account, "train"))


def test_words_pairs_and_runs_of_characters_are_known_or_not(voters: Voters) -> None:
    known, partly, strange = (
        stacker_numbers(voters, asked(text))[0][SHARES]
        for text in ("my card was lost", "my card glimmered", "xylophones glimmered")
    )
    assert known == [1.0, 1.0, 1.0]
    assert all(0 < some < 1 for some in partly)
    assert strange == [0.0, 0.0, 0.0]


def test_a_word_weighs_by_how_rare_it_is_and_one_that_was_never_seen_most(voters: Voters) -> None:
    common, rare = (stacker_numbers(voters, asked(text))[0] for text in ("the glimmered", "street glimmered"))
    assert common[8] == rare[8] == 0.5
    assert common[SHARES.start] < rare[SHARES.start] < 0.5


def test_the_network_says_how_much_it_hears_for_any_queue(voters: Voters) -> None:
    assert stacker_numbers(voters, asked("my card"))[0][SECOND_VIEW] == 0.0
    size = voters.learned.vocabulary.size
    network = Network(
        rows=np.full(size, -1, dtype=np.int32),
        hidden=np.zeros((0, 1), dtype=np.float16),
        bias=np.zeros(1, dtype=np.float32),
        coefficients=np.zeros((1, 2), dtype=np.float32),
        intercepts=np.array([-1.0, 3.0], dtype=np.float32),
    )
    heard = replace(voters, learned=replace(voters.learned, network=network))
    assert stacker_numbers(heard, asked("my card"))[0][SECOND_VIEW] == 3.0
