"""The language of the customer's words: py3langid over the languages of an account's mail."""

from functools import lru_cache
from math import log

import numpy as np
from py3langid.langid import MODEL_FILE, LanguageIdentifier

USUAL = "fr"
LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "pt")
_USUAL_SHARE = 0.9
_READ_CHARS = 250


def language_of(text: str) -> str:
    """ISO 639-1 code, among LANGUAGES; the usual one where the words say too little.

    The naive Bayes log-likelihood, tempered by the square root of the length as py3langid does for its
    probabilities, plus the log prior of the usual language.
    """
    scores = dict(_identifier().rank(text[:_READ_CHARS]))
    best: str = max(scores, key=lambda language: log(max(scores[language], 1e-9)) + _prior(language))
    return best


def _prior(language: str) -> float:
    return log(_USUAL_SHARE if language == USUAL else (1 - _USUAL_SHARE) / (len(LANGUAGES) - 1))


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    identifier.nb_ptc = np.ascontiguousarray(identifier.nb_ptc)  # else a feature's numbers lie far apart in memory
    return identifier
