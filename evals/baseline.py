"""The plain way that every other has to beat: TF-IDF of words and characters into a linear SVM."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.learning.fit_pool import fit_weights
from service.learning.pool import softmax

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Baseline:
    """Raw subject and body; words 1-2 and char_wb 2-5, C 0.5."""

    model: Any
    labels: tuple[str, ...]

    @classmethod
    def fitted(cls, texts: Sequence[str], labels: Sequence[str]) -> "Baseline":
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415  heavy, and only evals need it
        from sklearn.pipeline import make_pipeline, make_union  # noqa: PLC0415
        from sklearn.svm import LinearSVC  # noqa: PLC0415

        common = {"sublinear_tf": True, "strip_accents": "unicode"}
        model = make_pipeline(
            make_union(
                TfidfVectorizer(ngram_range=(1, 2), **common),
                TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), **common),
            ),
            LinearSVC(C=0.5, random_state=0),
        ).fit(list(texts), list(labels))
        return cls(model, tuple(map(str, model.classes_)))

    def margins(self, texts: Sequence[str]) -> Array:
        """[text, label], in order of `labels`; of three labels or more."""
        return np.asarray(self.model.decision_function(list(texts)), dtype=np.float64)

    def ranked(self, texts: Sequence[str]) -> list[list[str]]:
        """Labels of each text, likeliest first."""
        return [[self.labels[at] for at in np.argsort(-row, kind="stable")] for row in self.margins(texts)]

    def tempered(self, texts: Sequence[str], labels: Sequence[str]) -> float:
        """What margins are multiplied by before their softmax is a probability (Guo et al., ICML 2017), from
        messages that were not learned from."""
        right = np.array([self.labels.index(label) for label in labels], dtype=np.int64)
        (sharpness,) = fit_weights([self.margins(texts)], right, np.ones(len(right)), (5.0,))
        return sharpness

    def sureness(self, texts: Sequence[str], sharpness: float) -> Array:
        """Each text's greatest probability."""
        return np.asarray(softmax(sharpness * self.margins(texts)).max(axis=1))


def baseline_scores(texts: Sequence[str], labels: Sequence[str], asked: Sequence[str]) -> list[list[str]]:
    """Labels for each asked text, likeliest first."""
    return Baseline.fitted(texts, labels).ranked(asked)
