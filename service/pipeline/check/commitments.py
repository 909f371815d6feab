"""Commitments of a draft: the account's own phrases, and ways to promise that any account has."""

import re
from collections.abc import Mapping, Sequence

from service.domain.playbook import Playbook
from service.pipeline.check.clauses import Clause, nearest_clauses
from service.pipeline.check.meaning import meaning
from service.pipeline.redact.words import fold
from service.pipeline.remember import per_playbook

Families = Mapping[str, re.Pattern[str]]


@per_playbook
def commitments(playbook: Playbook) -> Families:
    """Families of patterns on folded text: any account's, and each phrase of this account's tone that is in none."""
    families = dict(meaning().commitments)
    for phrase in playbook.tone.commitments:
        folded = fold(phrase)
        if not any(pattern.search(folded) for pattern in meaning().commitments.values()):
            spaced = r"\s+".join(re.escape(word) for word in folded.split())
            families[folded] = re.compile(rf"(?<!\w){spaced}(?:e?s?)(?!\w)")
    return families


def unkept(clause: Clause, cited: Sequence[Clause], families: Families) -> re.Match[str] | None:
    """The first commitment of the clause of whose family no clause near it makes one."""
    near = [one.clause for one in nearest_clauses(clause, cited)]
    for pattern in families.values():
        found = pattern.search(clause.text)
        if found and not any(pattern.search(source.text) for source in near):
            return found
    return None
