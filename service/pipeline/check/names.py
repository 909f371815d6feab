"""Documents that a draft asks for, and names of products, places and people that it names."""

import re
from collections.abc import Iterator, Sequence

from retrieval.words import words as letters
from service.pipeline.check.lexicon import lexicon
from service.pipeline.check.meaning import meaning
from service.pipeline.check.tokens import stem, synonyms
from service.pipeline.draft.rules import rules
from service.pipeline.redact.spans import Span
from service.pipeline.redact.words import words

_PARTICIPLE = "éÉ"
_SQUEEZE = re.compile(r"[\W_]+")
_INSIDE = re.compile(r"(?:(?<=[^\W_] )|(?<=[^\W_], ))[A-ZÀ-Ý][a-zà-ÿ]{2,}")
_ACTS = "vous|nous|ne |n'|se |s'|est|sont|a |ont|va|vont|peut|prend|rembourse|paie|couvre|will|is|has|can"
_VERB, _THING = r"[a-zà-ÿ]{3,}(?:e|it|ra|ent|ront|s)", "le|la|les|l'|un|une|votre|vos|notre|nos|ce|cette|the|your"
_OPENING = re.compile(rf"(?:\A|(?<=[.!?] )|(?<=\n))[A-ZÀ-Ý][a-zà-ÿ]{{2,}}(?= (?:(?:{_ACTS})\b|{_VERB} (?:{_THING})\b))")
_LOUD = re.compile(r"(?<![\w-])[A-ZÀ-Ý]{4,}(?![\w-])")


def names(text: str, folded: str, known: Sequence[Span]) -> Iterator[Span]:
    """Kinds `document` and `name`: a capitalised word outside the facts that are known. The key is its letters, folded.

    At the beginning of a sentence only words that do not open sentences; in capitals throughout only words that
    are no emphasis.
    """
    yield from documents(text, folded)
    ordinary = words().titles | lexicon().months.keys() | lexicon().weekdays.keys() | _address()
    for pattern, spared in ((_INSIDE, False), (_OPENING, True), (_LOUD, True)):
        for found in pattern.finditer(text):
            name = folded[found.start() : found.end()]
            inside = any(fact.start <= found.start() < fact.end for fact in known)
            if name not in ordinary and not inside and not (spared and _opens(name)):
                yield Span(found.start(), found.end(), "name", name)


def documents(text: str, folded: str) -> Iterator[Span]:
    """Under one name, whatever they are called; "facturé" is no "facture"."""
    for found in meaning().documents.finditer(folded):
        if text[found.end() - 1] not in _PARTICIPLE:
            name = _SQUEEZE.sub("", found[0])
            same = next((names[0] for names in meaning().alias if name in names), name)
            yield Span(found.start(), found.end(), "document", same)


def _address() -> frozenset[str]:
    """The words with which a letter opens to somebody whose name is not known (`Dear Sir or Madam`)."""
    return frozenset(word for of in rules().nameless.values() for said in of.values() for word in letters(said))


def _opens(name: str) -> bool:
    """Whether it is a word that sentences open with: a small word, a verb or adverb by its ending, or a known group."""
    known, openers = synonyms(), meaning().openers
    return name in known.light or name in openers.words or name.endswith(openers.endings) or stem(name) in known.group
