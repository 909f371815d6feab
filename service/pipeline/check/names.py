"""Documents that a draft asks for, and names of products, places and people that it names."""

import re
from collections.abc import Iterator, Sequence

from service.pipeline.check.lexicon import lexicon
from service.pipeline.check.meaning import meaning
from service.pipeline.redact.spans import Span
from service.pipeline.redact.words import fold, words

_SQUEEZE = re.compile(r"[\W_]+")
_INSIDE = re.compile(r"(?:(?<=[^\W_] )|(?<=[^\W_], ))[A-ZÀ-Ý][a-zà-ÿ]{2,}")


def names(text: str, known: Sequence[Span]) -> Iterator[Span]:
    """Kinds `document` and `name`: a capitalised word inside a sentence, outside the facts that are known.

    The key is its letters, folded. Words in capitals throughout are emphasis more often than names: left out.
    """
    folded = fold(text)
    for found in meaning().documents.finditer(folded):
        yield Span(found.start(), found.end(), "document", _SQUEEZE.sub("", found[0]))
    ordinary = words().titles | lexicon().months.keys() | lexicon().weekdays.keys()
    for found in _INSIDE.finditer(text):
        name = folded[found.start() : found.end()]
        inside = any(fact.start <= found.start() < fact.end for fact in known)
        if name not in ordinary and not inside:
            yield Span(found.start(), found.end(), "name", name)
