"""The plain way that every other has to beat: TF-IDF of words and characters into a linear SVM."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def baseline_scores(texts: Sequence[str], labels: Sequence[str], asked: Sequence[str]) -> list[list[str]]:
    """Labels for each asked text, likeliest first. Raw subject and body; word 1-2 and char_wb 2-5, C 0.5."""
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
    margins: NDArray[np.float64] = model.decision_function(list(asked))
    return [[str(model.classes_[at]) for at in np.argsort(-row, kind="stable")] for row in margins]
