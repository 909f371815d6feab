"""What may be in a source and is certain in the draft ("peut être facturé" told as "sera facturé"), or a choice of the
customer told as his duty ("vous pouvez renouveler" told as "vous devez renouveler")."""

import re
from collections.abc import Iterator, Sequence

from service.pipeline.check.clauses import Clause, Near
from service.pipeline.check.edits import Edited, edits
from service.pipeline.check.tokens import group_of, synonyms

_WORD = re.compile(r"[^\W\d_]+")
_NEAR = 0.45
_FAR = 6
"""Words after the modal one within which its verb stands."""


def surer(clause: Clause, near: Sequence[Near]) -> Edited | None:
    """Names the source clause that only allows what the clause says to be certain or due; None where
    another clause that is as near says it as the draft does."""
    known = edits()
    if known.may.search(clause.text):
        return None
    related = [one.clause for one in near if one.share >= _NEAR]
    for kind, ours, theirs in (
        ("condition_lost", known.will, known.might),
        ("condition_lost", known.going, known.may),
        ("opposite", known.must, known.free),
    ):
        said = {*_verbs(clause.text, ours)}.difference(*(_verbs(source.text, ours) for source in related))
        found = (source for source in related if said & {*_verbs(source.text, theirs)})
        if source := next(found, None):
            return Edited(kind, source)
    return None


def _verbs(text: str, modal: re.Pattern[str]) -> Iterator[str]:
    """By its group, the first word of weight after each modal."""
    for found in modal.finditer(text):
        for word in _WORD.findall(text[found.end() :])[:_FAR]:
            if word not in synonyms().light:
                yield group_of(word)
                break
