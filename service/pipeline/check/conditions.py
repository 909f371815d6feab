"""Conditions and limits that a draft's clause has lost or turned round against a source clause."""

import re
from collections import Counter
from collections.abc import Sequence, Set

from service.domain.answers import PLACEHOLDER
from service.pipeline.check.clauses import Clause, Near, kept
from service.pipeline.check.meaning import Meaning, meaning
from service.pipeline.check.negation import negated
from service.pipeline.check.tokens import Tokens, tokens, weight

_BEFORE, _ME = re.compile(r"[^\W_]+"), ("moi", "nous", "me", "us")
_END = re.compile(r"[,()]")
_BY_FACT = frozenset({"cap", "floor"})
"""Limits that are judged fact by fact where the clause keeps one of them."""
_ITEM = "- "
_BEFORE_ALL = " -«"
"""What may stand before a condition with which a clause begins: it holds for all the rest."""
_BARE = frozenset({"if"})
"""Conditions that are missed even where all that they tie on is small words."""
_OF_TIME = frozenset({"since", "before", "after"})
"""Conditions that may tie on what was named before."""
_MUCH = 2.0
"""Weight of what has to be said of the rest where the condition holds for all of it."""
_HEADING = 5.0
"""Weight of the longest line that is the condition of what it leads to."""
_GONE, _ENOUGH, _NEARLY_ALL = 0.5, 0.4, 0.8
"""Share of what a condition ties on that has to be gone, and share of the rest that has to be said."""


def is_bound(text: str) -> bool:
    """Whether a folded text has a condition or limit of any kind."""
    return any(_bonds(text, meaning()).values())


def bonds_of(text: str) -> Counter[str]:
    """How many conditions and limits of each kind a folded text has."""
    return _bonds(text, meaning())


@kept
def bonds_in(clause: Clause) -> Counter[str]:
    """`bonds_of` what it says."""
    return bonds_of(clause.text)


def sweeps(clause: Clause) -> bool:
    """Whether it says that no condition or limit counts."""
    return bool(meaning().sweeping.search(clause.text))


def unbound(
    clause: Clause,
    source: Clause,
    also: Sequence[Clause] = (),
    told: Set[str] = frozenset(),
    besides: Sequence[Clause] = (),
) -> bool:
    """Whether the clause has lost a condition or limit of its source, or has it the other way round.

    `also`: other clauses of the draft that rest on the same source clause; `told`: the customer's own facts;
    `besides`: source clauses that it rests on, too: their conditions stand for none of this one's.
    """
    words = meaning()
    ours_all = [clause, *also, *(() if clause.lead is None else (clause.lead,))]
    ours, theirs = _bonds(" ".join(other.text for other in ours_all), words), bonds_in(source)
    ours["if"] += any(other.text.endswith("?") for other in also)
    gained, lost = ours - theirs, theirs - ours
    if any(gained[words.opposed.get(bond, "")] for bond in lost):
        return True
    gained -= _bonds(" ".join(other.text for other in (*besides, *_leads(source))), words)
    kept = {name for other in ours_all for name in other.tokens} | told
    lost = Counter({bond: 1 for bond in lost if not (bond in _BY_FACT and ours[bond])})
    unstood = [bond for bond in lost if not any(gained[other] for other in words.stands_for.get(bond, ()))]
    beside = {bond for bond in unstood if any(ours[other] for other in words.beside.get(bond, ()))}
    said = {word for other in ours_all for word in other.words}
    missed = [
        bond
        for bond in unstood
        if bond not in (*words.standing, *beside)
        and _is_lost(bond, source, kept, words)
        and not _is_led_in(bond, source, said, words)
    ]
    if missed == ["exception"]:
        return _denials(ours_all, words) <= _denials([source], words)
    return bool(missed) or (
        not any(gained[bond] for bond in words.tying) and _has_lost_lead(clause, source, ours, kept, words)
    )


def _denials(said: Sequence[Clause], words: Meaning) -> int:
    """How often they say no, in whatever words."""
    return sum(
        sum(negated(one.text, words).values()) + any(word.startswith(words.excluding) for word in one.words)
        for one in said
    )


def is_exception_told(clause: Clause, source: Clause) -> bool:
    """Whether what is excepted in the one is a condition in the other: "sauf si c'est assuré, vous payez" says "si
    c'est assuré, vous ne payez pas"."""
    ours, theirs = bonds_in(clause), bonds_in(source)
    return any(
        one["exception"] and not other["exception"] and other["if"] > one["if"]
        for one, other in ((ours, theirs), (theirs, ours))
    )


def _has_lost_lead(clause: Clause, source: Clause, ours: Counter[str], kept: Set[str], words: Meaning) -> bool:
    """Whether a condition before the colon is gone, or of the line above the list that it is no item of any more."""
    return any(
        _ties(lead, found, source.tokens, kept)
        for lead in _leads(source, listed=clause.is_item)
        for bond in words.tying
        for found in words.bonds[bond].finditer(lead.text)
        if not (ours[bond] or any(ours[other] for other in words.beside.get(bond, ())))
    )


def _leads(source: Clause, listed: bool = False) -> list[Clause]:
    """What is before its colon, and the line above its list, unless that is left out as the draft is `listed` too; a
    whole sentence is no condition of what follows."""
    leads = (source.lead, None if listed else source.above)
    return [lead for lead in leads if lead is not None and lead.weight <= _HEADING]


def _is_lost(bond: str, source: Clause, kept: Set[str], words: Meaning) -> bool:
    """Whether what the bond ties on is gone too: "si le véhicule est financé", not only its "si"; and the clause
    says enough of the rest. A limit's own word ("uniquement", "jusqu'à") counts by itself."""
    if bond not in words.tying:
        return True
    ends = words.bonds[bond].finditer(source.text)
    return any(
        _ties(source, found, None, kept, bond in _BARE)
        for found in ends
        if not (bond in _OF_TIME and words.pointing.match(source.text, found.end()))
    )


def _is_led_in(bond: str, source: Clause, said: Set[str], words: Meaning) -> bool:
    """Whether each bond of the kind only continues a word ("dites-moi si", "soit au plus tard") that is gone too."""
    starts = words.led_in.get(bond, ())
    for found in words.bonds[bond].finditer(source.text) if starts else ():
        before = next(
            (word for word in reversed(_BEFORE.findall(source.text, 0, found.start())) if word not in _ME), ""
        )
        if not before.startswith(starts) or before in said:
            return False
    return bool(starts)


def _ties(source: Clause, found: re.Match[str], rest: Tokens | None, kept: Set[str], bare: bool = False) -> bool:
    """Whether what a bond ties on is gone from what is kept, though of the rest, that it holds for, enough is said.

    `bare`: what ties on nothing but small words ("si vous en avez un") is gone where nearly all the rest is said.
    """
    end = _END.search(source.text, found.end())
    stop = end.start() if end else len(source.text)
    rest = rest or {**_said(source, 0, found.start()), **_said(source, stop, len(source.text))}
    tied = {name: value for name, value in _said(source, found.end(), stop).items() if name not in rest}
    if not tied and PLACEHOLDER.search(source.text, found.end(), stop):
        return False
    said = weight(rest) - weight(rest, kept)
    if not tied:
        return bare and said >= _NEARLY_ALL * weight(rest) > 0
    enough = said >= _ENOUGH * weight(rest) or (said >= _MUCH and not source.text[: found.start()].strip(_BEFORE_ALL))
    return weight(tied, kept) >= _GONE * weight(tied) and enough


@kept
def unconditional(source: Clause) -> Tokens:
    """What a source clause says outside of its conditions; nothing where it has none."""
    words, folded = meaning(), source.text
    tied = [found for bond in words.tying for found in words.bonds[bond].finditer(folded)]
    if not tied:
        return {}
    ends = [end.start() if (end := _END.search(folded, found.end())) else len(folded) for found in tied]
    inside = {place for found, end in zip(tied, ends, strict=True) for place in range(found.start(), end)}
    bare = "".join(" " if place in inside else letter for place, letter in enumerate(folded))
    facts = [fact for fact in source.facts if fact.start - source.start not in inside]
    return tokens(bare, source.start, facts)


def _said(source: Clause, start: int, stop: int) -> Tokens:
    """What the words of a source between two places say, placeholders apart."""
    at = source.start + start
    inside = [fact for fact in source.facts if at <= fact.start < source.start + stop]
    text = PLACEHOLDER.sub(lambda name: " " * len(name[0]), source.text[start:stop])
    return tokens(text, at, inside)


def _bonds(text: str, words: Meaning) -> Counter[str]:
    counted = {}
    for name, pattern in words.bonds.items():
        spared = words.spared[name].sub(" ", text) if name in words.spared else text
        counted[name] = len(pattern.findall(spared))
    counted["only"] += len(words.restricted.findall(text))
    counted["only"] -= min(counted["only"], len(words.only_if.findall(text)))
    return +Counter(counted)


def uncased(clause: Clause, near: Sequence[Near], told: Set[str]) -> Clause | None:
    """The source clause of which it says most, where that holds only for the case before its colon ("clés volées :
    déposez plainte"), one of a list of cases, and nothing round the clause (`told`) names the case."""
    if not near or near[0].share < _NEARLY_ALL:
        return None
    source = near[0].clause
    lead = source.lead
    if lead is None or clause.lead is not None or not lead.text.lstrip().startswith(_ITEM) or lead.weight > _HEADING:
        return None
    named = {name for name, value in lead.tokens.items() if value >= 1}
    shared = {name: value for name, value in source.tokens.items() if name in clause.tokens}
    enough = weight(shared) >= _ENOUGH * source.weight and weight(shared) >= _MUCH
    return source if named and enough and not named & (told | clause.tokens.keys()) else None
