"""The language of the customer's words: py3langid over the languages of an account's mail."""

from functools import lru_cache
from math import log

import numpy as np
from py3langid.langid import MODEL_FILE, LanguageIdentifier

USUAL = "fr"
LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "nl", "pt")
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
    """Of these languages alone: the library would keep the numbers of the 130 others, 27 MB, to be able to go back."""
    whole = LanguageIdentifier.from_model_file(MODEL_FILE)
    whole.set_languages(LANGUAGES)
    told = np.ascontiguousarray(whole.nb_ptc)  # else a feature's numbers lie far apart in memory
    machine = (whole.tk_nextmove, whole.tk_output)
    return LanguageIdentifier(told, whole.nb_pc, whole.nb_classes, *machine, norm_probs=True, tk_row=whole.tk_row)
