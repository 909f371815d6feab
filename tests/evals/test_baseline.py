import numpy as np
import pytest

from evals.baseline import Baseline, baseline_scores
from evals.measures import auroc

TEXTS = ["the cat sleeps", "a cat purrs", "the dog barks", "a dog runs", "the bill is due", "pay the bill"]
LABELS = ["cat", "cat", "dog", "dog", "bill", "bill"]


def test_labels_are_ranked_likeliest_first() -> None:
    assert [ranked[0] for ranked in baseline_scores(TEXTS, LABELS, ["my cat", "my dog"])] == ["cat", "dog"]


def test_its_probabilities_are_tempered_on_messages_that_it_has_not_learned_from() -> None:
    model = Baseline.fitted(TEXTS, LABELS)
    sharpness = model.tempered(["one cat", "one dog", "one bill"], ["cat", "dog", "bill"])
    sure = model.sureness(["cat cat", "zzz"], sharpness)
    assert sharpness > 0
    assert sure[0] > sure[1]


def test_auroc_is_how_often_a_positive_scores_above_a_negative() -> None:
    assert auroc(np.array([3.0, 2.0]), np.array([1.0, 0.0])) == 1.0
    assert auroc(np.array([1.0, 1.0]), np.array([1.0])) == pytest.approx(0.5)
    assert auroc(np.array([0.0]), np.array([1.0, -1.0])) == pytest.approx(0.5)
