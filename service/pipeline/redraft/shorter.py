"""A shorter draft: without the sentences that state, ask, bind and answer nothing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.domain.answers import PLACEHOLDER, CannedAnswer, around_placeholders
from service.domain.draft import Paragraph
from service.domain.playbook import Playbook
from service.learning.reading import read_text
from service.pipeline.check.commitments import commitments
from service.pipeline.check.facts import facts
from service.pipeline.check.meaning import meaning
from service.pipeline.compare.rules import rules as comparing
from service.pipeline.redact.words import fold
from service.pipeline.redraft.kinds import kinds
from service.pipeline.redraft.wishes import rules

_SENTENCE = re.compile(r"[^\n]+?(?:(?<!\b[A-Z])[.!?]+(?=\s|$)|(?=\n|$))")
ITEM = re.compile(r"\s*[-•*\d]")
LEADS = (":", ";", ",")
_MARK = re.compile(r" ?[;:] ")
_A_CLAUSE = 3
"""Words from which on what follows a colon can stand by itself."""
_BEFORE_CAPITAL = ".!?\n"
_ENDS = frozenset(".,")
_WORD = re.compile(r"[^\W_]+")
FEWEST_LETTERS = 4
_ASKED = 2
"""Stems in common with what was asked from which on a sentence is an answer to it."""
WAYS = frozenset({"phone", "email", "link", "hours"})
"""Facts that only tell how to reach the account."""

BINDING = frozenset({"amount", "percentage", "delay", "article"})
"""Facts that no sentence takes with it, whatever it begins with."""

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Matter:
    """What must be answered: the stems of what the customer asks and of what the answers are for. `sober`: words of
    sympathy are part of it. `own`: the stems of the customer's words alone; `asks_hours`: he asks when he can call.
    `filled`: the answers' sentences with placeholders, whatever stands in these."""

    stems: frozenset[str]
    sober: bool = False
    own: frozenset[str] = frozenset()
    asks_hours: bool = False
    filled: tuple[re.Pattern[str], ...] = ()

    @classmethod
    def of(cls, customers: Sequence[str], answers: Sequence[CannedAnswer] = (), *, sober: bool = False) -> "Matter":
        own = frozenset(stem for text in customers for stem in stems(text))
        told = (text for one in answers for text in (one.title, one.situation))
        asks_hours = any(kinds().wants_hours.search(fold(text)) for text in customers)
        filled = tuple(pattern for one in answers for pattern in _filled(one.body))
        return cls(own.union(stem for text in told for stem in stems(text)), sober, own, asks_hours, filled)

    def is_filled(self, sentence: str) -> bool:
        """Whether it says something of this customer's case alone."""
        return any(pattern.fullmatch(sentence.strip()) for pattern in self.filled)


def _filled(body: str) -> Iterator[re.Pattern[str]]:
    for found in sentences(body):
        said = found[0].strip()
        parts = around_placeholders(said)
        if len(parts) > 1 and len(_WORD.findall("".join(parts))) >= _A_CLAUSE:
            yield re.compile(".+".join(map(re.escape, parts)))


def sentences(text: str) -> Iterator[re.Match[str]]:
    return _SENTENCE.finditer(text)


def shortened(part: Paragraph, matter: Matter, playbook: Playbook) -> tuple[Paragraph | None, tuple[str, ...]]:
    """The paragraph without such sentences, None where it consists of nothing else; and what was left out: whole
    sentences, or what an action is good for at the end of one."""
    places = [*_courtesies(part.text, matter, playbook)]
    if not places:
        return part, ()
    return cut(part, places)


def cut(part: Paragraph, places: Sequence[Place]) -> tuple[Paragraph | None, tuple[str, ...]]:
    """Without what stands there, in order; None where nothing is left."""
    text = part.text
    for start, end in reversed(places):
        text = _joined(text[:start], text[end:].lstrip(" "))
    text = "\n".join(line.rstrip() for line in text.splitlines() if line.strip())
    gone = tuple(part.text[start:end].strip(" ,;:") for start, end in places)
    return (part.model_copy(update={"text": text}) if text else None), gone


def _joined(before: str, after: str) -> str:
    """Where a sentence has lost its beginning, what is left begins with a capital."""
    begins = not before.rstrip(" ") or before.rstrip(" ")[-1] in _BEFORE_CAPITAL
    if after[:1] in _ENDS:
        before = before.rstrip(" ")
    return before + (after[:1].upper() + after[1:] if begins else after)


def _courtesies(text: str, matter: Matter, playbook: Playbook) -> Iterator[Place]:
    said = [*sentences(text)]
    for found, after in zip(said, (*(one[0] for one in said[1:]), ""), strict=True):
        spoken_of = is_spoken_of(after)
        if (not _needed(found[0], matter, playbook) and not spoken_of) or _is_optional(found[0], after, matter):
            yield found.span()
        elif not spoken_of and (asides := [*_asides(found, matter, playbook)]):
            yield from asides
        elif (aim := rules().purpose.search(found[0])) and not ITEM.match(found[0]) and not _states(aim[0]):
            yield found.start() + aim.start(), found.start() + aim.end()


def _asides(sentence: re.Match[str], matter: Matter, playbook: Playbook) -> Iterator[Place]:
    """Parts of a sentence between its colons and semicolons that only comfort, or that explain what stands before
    them, and say nothing needed. One part stays, and so does what leads to a mere name or figure."""
    first = sentence.end() - len(sentence[0].lstrip())
    marks = [*_MARK.finditer(sentence.string, first, sentence.end())]
    if not marks or ITEM.match(sentence[0]):
        return
    starts = [first, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), sentence.end() - 1]
    told = [sentence.string[start:end] for start, end in zip(starts, ends, strict=True)]
    spare = [n for n, part in enumerate(told) if not _needed(f"{part}.", matter, playbook)]
    for n in spare if len(spare) < len(told) else ():
        comforts, explains = rules().comfort.search(fold(told[n])), rules().explains.match(fold(told[n]))
        if n and explains:
            yield marks[n - 1].start(), ends[n]
        elif not n and comforts and len(_WORD.findall(PLACEHOLDER.sub("", told[1]))) >= _A_CLAUSE:
            yield starts[0], starts[1]


def _states(clause: str) -> bool:
    folded = fold(clause)
    said = rules().matters.search(folded) or rules().instructions.search(folded)
    return bool(said or facts(clause) or PLACEHOLDER.search(clause))


def _offers(sentence: str, folded: str, playbook: Playbook) -> bool:
    """Whether it only offers to be reached, and names no way to (which goes only where little else can)."""
    if not rules().offers.match(folded) or PLACEHOLDER.search(sentence):
        return False
    return not facts(sentence) and not any(pattern.search(folded) for pattern in commitments(playbook).values())


def _is_optional(sentence: str, after: str, matter: Matter) -> bool:
    """Whether it tells another way or a thing besides that was not asked about, touches nothing vital, and nothing
    after it speaks of it. Its condition goes with it: none of what stays is told without one."""
    folded = fold(sentence).strip()
    if not rules().optional.match(folded) or rules().vital.search(folded) or kinds().urgent.search(folded):
        return False
    if matter.is_filled(sentence) or not BINDING.isdisjoint(fact.kind for fact in facts(sentence)):
        return False
    asked = matter.stems & {*stems(sentence)}
    return len(asked) < _ASKED and not folded.endswith(LEADS) and not is_spoken_of(after)


def is_spoken_of(after: str) -> bool:
    """Whether the sentence `after` it speaks of it, by a pronoun: without it, nobody would know of what."""
    return rules().referring.match(fold(after).strip()) is not None


def _cites(sentence: str) -> bool:
    """Whether it names a law."""
    return any(fact.kind == "article" for fact in facts(sentence))


def _needed(sentence: str, matter: Matter, playbook: Playbook) -> bool:
    folded, tones = fold(sentence).strip(), comparing().tones
    if not _WORD.search(folded) or ITEM.match(folded) or folded.endswith(LEADS) or "?" in folded:
        return True
    if (rules().restates.fullmatch(folded) and not _cites(sentence)) or _offers(sentence, folded, playbook):
        return False
    if facts(sentence) or PLACEHOLDER.search(sentence) or matter.is_filled(sentence) or _binds(folded, playbook):
        return True
    if rules().matters.search(folded) or tones["apology"].search(folded):
        return True
    if matter.sober and tones["sympathy"].search(folded):
        return True
    asks = rules().instructions.search(folded) or matter.stems & {*stems(sentence)}
    return bool(asks) and not rules().comfort.search(folded)


def _binds(folded: str, playbook: Playbook) -> bool:
    """Whether it has a condition, a negation, a commitment, a statement about the file, or names a document."""
    known = meaning()
    plain = known.neutral.sub(" ", folded)
    patterns = (*commitments(playbook).values(), known.statements, known.documents)
    return is_bound(folded) or any(pattern.search(plain) for pattern in patterns) or negates(plain)


def is_bound(folded: str) -> bool:
    """Whether it has a condition or a limit."""
    known = meaning()
    return any(pattern.search(folded) for name, pattern in known.bonds.items() if name not in known.standing)


def negates(text: str) -> bool:
    """Of folded text."""
    return any(word in meaning().negations for word in _WORD.findall(text))


def stems(text: str) -> list[str]:
    return [stem for stem in read_text(text).stems if len(stem) >= FEWEST_LETTERS]
