"""What a fact may rest on: cited canned answers, the account's facts, and the customer's message."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any
from zoneinfo import ZoneInfo

from service.domain.cleaned import Cleaned
from service.domain.message import Message
from service.domain.playbook import Playbook
from service.pipeline.check.clauses import Clause, Near, clauses, covered
from service.pipeline.check.facts import facts
from service.pipeline.redact.known import strings
from service.pipeline.redact.spans import Span
from service.pipeline.redact.words import fold
from service.pipeline.remember import per_playbook

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_SAME = 0.8
"""Share of its words from which on a draft's clause is the source's clause."""
_LABELS = 2
_SAME_DAY = 0.6
_MEASURED, _LEAST = frozenset({"amount", "percentage", "delay"}), 1e-9
_MINUTES = {"minute": 1, "working day": 7 * 24 * 60 // 5, "month": 30 * 24 * 60}
_SQUEEZE = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Source:
    """The facts of one text. `written` gives each fact's words; `squeezed` is the text's letters and digits."""

    written: dict[tuple[str, str], str]
    squeezed: str
    loose: frozenset[str]

    def says(self, fact: Span) -> bool:
        if (fact.kind, fact.key) in self.written:
            return True
        if fact.kind == "date":
            return self._dates(fact.key)
        if fact.kind == "number":
            return fact.key in self.loose or (len(fact.key) > 3 and fact.key in self.squeezed)
        return fact.kind in ("email", "phone", "address", "document", "name") and fact.key in self.squeezed

    def _dates(self, key: str) -> bool:
        """A date without its year, or with a year that the source leaves open."""
        year, month, day = key.split("-")
        if year != "*":
            return ("date", f"*-{month}-{day}") in self.written
        return any(kind == "date" and other.endswith(f"-{month}-{day}") for kind, other in self.written)


def of_text(text: str, found: Iterable[Span]) -> Source:
    written = {(fact.kind, fact.key): text[fact.start : fact.end] for fact in found}
    return Source(written, squeeze(text), frozenset(_NUMBER.findall(text)))


def squeeze(text: str) -> str:
    """Its letters and digits, folded."""
    return _SQUEEZE.sub("", fold(text))


def together(sources: Sequence[Source]) -> Source:
    """All of them as one."""
    if len(sources) == 1:
        return sources[0]
    written = {fact: text for source in sources for fact, text in source.written.items()}
    squeezed = "".join(source.squeezed for source in sources)
    return Source(written, squeezed, frozenset().union(*(source.loose for source in sources)))


@per_playbook
def of_account(playbook: Playbook) -> Source:
    """The account's facts; a bare number without its unit is no fact of the account."""
    text = "\n".join(strings(playbook.facts))
    source = of_text(text, facts(text))
    return Source(source.written, source.squeezed, frozenset())


@per_playbook
def account_clauses(playbook: Playbook) -> tuple[Clause, ...]:
    """Each of the account's facts after the names it is filed under."""
    return tuple(clause for line in _leaves(playbook.facts) for clause in clauses(line))


def _leaves(given: Any, path: tuple[str, ...] = ()) -> Iterator[str]:
    if isinstance(given, Mapping):
        for name, inside in given.items():
            yield from _leaves(inside, (*path, str(name).replace("_", " ")))
    elif isinstance(given, list | tuple):
        for inside in given:
            yield from _leaves(inside, path)
    else:
        yield " ".join((*path[-_LABELS:], str(given)))


def of_words(cleaned: Cleaned) -> Source:
    """What the customer wrote."""
    text = text_of_words(cleaned)
    return of_text(text, facts(text))


def text_of_words(cleaned: Cleaned) -> str:
    return f"{cleaned.subject}\n{cleaned.text}"


def of_record(message: Message, timezone: str) -> Source:
    """Who the customer is, the date of his message there, and what the CRM knows about him."""
    text = text_of_record(message, timezone)
    return of_text(text, facts(text))


def text_of_record(message: Message, timezone: str) -> str:
    day = message.received_at.astimezone(ZoneInfo(timezone)).date().isoformat()
    return "\n".join((message.sender.name, message.sender.address, day, *message.metadata.values()))


def nearest(fact: Span, sources: Iterable[tuple[str, Source]]) -> tuple[str, str] | None:
    """How a source writes the fact of the same kind that is most like this one, and that source; None without one.

    A date of another day and month helps nobody.
    """
    same = [
        (key, words, name)
        for name, source in sources
        for (kind, key), words in source.written.items()
        if kind == fact.kind
    ]
    best = max(same, key=lambda one: _likeness(fact.kind, fact.key, one[0]), default=None)
    if best is None or (fact.kind == "date" and _likeness(fact.kind, fact.key, best[0])[1] < _SAME_DAY):
        return None
    return best[1:]


def instead(fact: Span, clause: Clause, near: Sequence[Near], fits: bool, sources: Sequence[Clause]) -> str:
    """What the nearest source clause has where the draft's clause has this fact; "" where the fact is in its place.

    It is out of place where none of these says it: the near clauses, what they announce, and those that the clause
    sums up; and the first either has a fact of its kind that the draft's clause lacks, or is so near that nothing
    was to be added. `fits`: a source has it beside the same words.
    """
    announced = (other for other in sources if any(other.lead is one.clause for one in near))
    if any(_states(one, fact) for one in (*(one.clause for one in near), *announced, *covered(clause, sources))):
        return ""
    best, source = near[0]
    kept = {found.key for found in clause.facts if found.kind == fact.kind}
    lost = [found for found in source.facts if found.kind == fact.kind and found.key not in kept]
    like = max(lost, key=lambda found: _likeness(fact.kind, fact.key, found.key), default=None)
    if like:
        return source.said(like)
    return source.written if best >= _SAME and not fits else ""


def _states(clause: Clause, fact: Span) -> bool:
    if fact.kind == "number" and fact.key in _NUMBER.findall(clause.written):
        return True
    return any(found.kind == fact.kind and found.key == fact.key for found in clause.facts)


def _likeness(kind: str, one: str, other: str) -> tuple[bool, float]:
    """Amounts, percentages and delays are alike by their unit first, then by their letters (a slip of the pen) or by
    how near they are, whichever is more: a year is nearer to 300 days than to 2 months, though "12 month" is spelt like
    "2 month". Others are alike by their letters alone."""
    alike = SequenceMatcher(None, one, other).ratio()
    if kind not in _MEASURED:
        return True, alike
    (ours, unit), (theirs, other_unit) = _quantity(one), _quantity(other)
    near = min(ours, theirs) / max(ours, theirs, _LEAST)
    slipped = kind != "delay" or len(one) == len(other)
    return unit == other_unit, max(near, alike) if slipped else near


def _quantity(key: str) -> tuple[float, str]:
    """The number of a key and its unit; minutes, working days and months are all times."""
    number, _, unit = key.partition(" ")
    return (float(number) * _MINUTES[unit], "time") if unit in _MINUTES else (float(number), unit)
