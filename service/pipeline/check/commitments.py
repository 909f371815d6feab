"""Commitments and statements of a draft that no source makes."""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from service.domain.playbook import Playbook
from service.pipeline.check.body import Block
from service.pipeline.check.clauses import Clause, Near, nearest_of
from service.pipeline.check.meaning import meaning
from service.pipeline.check.polarity import signs
from service.pipeline.check.tokens import support, token, tokens, weight
from service.pipeline.redact.words import fold
from service.pipeline.remember import per_playbook

Families = Mapping[str, re.Pattern[str]]
_RELATED = 0.25
"""Share of what a clause says from which on a source's clause may make its commitment in other words."""
_MEANT = 0.35
"""Share from which on it makes it where both say the same idea."""
_RETOLD, _AT_LEAST = 0.8, 3.0
"""What is said at that length and stands nearly all in one place of a source is retold, whatever its words."""
_LONG, _SUMMED = 4.0, 0.65
_FUTURE, _STATED, _SAID = 0.45, 0.6, 0.51
"""Least support of a future, of a statement about the customer's file, and of anything else that is said."""
_LITTLE, _MUCH = 1.0, 2.0
"""What has to be missing, by weight: much where the clause is there for a fact, which is judged by itself."""


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a paragraph rests on: the source clauses by each of its own, what their places say, and what the customer's
    record and message say. `told` are his own facts."""

    near: Mapping[Clause, Sequence[Near]]
    windows: Sequence[Set[str]]
    blocks: Sequence[Block]
    record: Set[str]
    customer: Sequence[Set[str]]
    told: Set[str]


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


class Promised(NamedTuple):
    """Where in the clause; `is_mild`: only something that will be, in no words of a promise."""

    at: re.Match[str]
    is_mild: bool = False


def unkept(clause: Clause, grounds: Grounds, families: Families) -> Promised | None:
    """The first commitment of the clause that no related clause of the sources makes."""
    made = [(name, found) for name, pattern in families.items() if (found := pattern.search(clause.text))]
    future = meaning().futures.search(clause.text)
    if not made and not future:
        return None
    near = grounds.near[clause]
    related = [one.clause for one in nearest_of(near, _RELATED)]
    said = support(clause.tokens, grounds.windows, grounds.record | grounds.told)
    retold = said >= _RETOLD and clause.weight >= _AT_LEAST
    for name, found in made:
        same = [families[one] for one in {name, *meaning().akin.get(name, ())}]
        kept = any(_makes(text, family, clause) for family in same for source in related for text in _of_list(source))
        kept = kept or (retold and name not in meaning().exact and _is_said(found, grounds))
        kept = kept or _is_meant(clause, name, near)
        if not kept and not _told_at_length(clause, grounds, families[name]):
            return Promised(found)
    if (
        future
        and said < _FUTURE
        and not meaning().abstains.search(clause.text)
        and (clause.weight >= _MUCH or at_stake(clause))
    ):
        return Promised(future, is_mild=True)
    return None


def _makes(source: str, family: re.Pattern[str], clause: Clause) -> bool:
    """Whether a source makes a commitment of the family, and not only as a condition ("si la réponse est favorable"),
    unless the clause has one too."""
    supposed = () if meaning().supposed.search(clause.text) else [*meaning().supposed.finditer(source)]
    return any(not any(one.start() < made.start() < one.end() for one in supposed) for made in family.finditer(source))


def _is_said(promise: re.Match[str], grounds: Grounds) -> bool:
    """Whether each word of weight of a promise stands somewhere in the sources: a promise put into a sentence that is
    theirs otherwise is none of theirs."""
    said = {name for name, value in tokens(promise[0], 0, ()).items() if value >= _LITTLE}
    return said <= {name for block in grounds.blocks for name in block.tokens} | grounds.record


def _is_meant(clause: Clause, family: str, near: Sequence[Near]) -> bool:
    """Whether the clause and one of a source that has something in common with it say the family's idea alike."""
    idea, sign = meaning().by_idea.get(family, ("", 0))
    if sign not in signs(clause.text).of.get(idea, ()):
        return False
    meant = (text for one in near if one.share >= _MEANT for text in _of_list(one.clause))
    return any(sign in signs(text).of.get(idea, ()) for text in meant)


def _of_list(source: Clause) -> Iterator[str]:
    """What it says, and what the lines above it say of the list that it is in."""
    above = source.above or (source.lead.above if source.lead else None)
    yield from (one.text for one in (source, source.lead, above) if one is not None)


def _told_at_length(clause: Clause, grounds: Grounds, family: re.Pattern[str]) -> bool:
    """Whether a long clause sums up a paragraph of a source that makes the commitment."""
    if clause.weight < _LONG:
        return False
    blocks = (block for block in grounds.blocks if _makes(block.text, family, clause))
    return any(support(clause.tokens, (block.tokens,), grounds.record | grounds.told) >= _SUMMED for block in blocks)


def at_stake(clause: Clause) -> bool:
    """Whether the clause speaks of money, rights, cover, decisions and the like."""
    return any(word.startswith(meaning().stakes) for word in clause.words)


def unsaid(clause: Clause, grounds: Grounds) -> re.Match[str] | None:
    """What the clause states that neither the sources nor the customer say; None for questions and courtesies."""
    words = meaning()
    bare = {token(fact) for fact in clause.facts}
    told = {name: value for name, value in clause.tokens.items() if name not in bare}
    asks = clause.written.endswith(("?", ":"))
    if asks or words.courtesies.search(clause.text) or words.reported.search(clause.text):
        return None
    stated = words.statements.search(clause.text)
    if not stated and not at_stake(clause):
        return None
    said = support(told, (*grounds.windows, *grounds.customer), grounds.record)
    missing = (1 - said) * weight(told)
    if said >= (_STATED if stated else _SAID) or missing < (_MUCH if bare else _LITTLE):
        return None
    return stated or re.search(r"\S.*\S", clause.text)
