"""What a fact may rest on: cited canned answers, the account's facts, and the customer's message."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from zoneinfo import ZoneInfo

from service.domain.answers import CannedAnswer
from service.domain.cleaned import Cleaned
from service.domain.message import Message
from service.domain.playbook import Playbook
from service.pipeline.check.clauses import Clause, Near
from service.pipeline.check.facts import facts
from service.pipeline.redact.known import strings
from service.pipeline.redact.spans import Span
from service.pipeline.redact.words import fold
from service.pipeline.remember import per_playbook

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_SAME = 0.8
"""Share of its words from which on a draft's clause is the source's clause."""
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
    return Source(written, _SQUEEZE.sub("", fold(text)), frozenset(_NUMBER.findall(text)))


def of_answers(answers: Sequence[CannedAnswer]) -> Source:
    """All of the cited answers as one source."""
    return _of_bodies(tuple(answer.body for answer in answers))


@lru_cache(maxsize=4096)
def _of_bodies(bodies: tuple[str, ...]) -> Source:
    text = "\n".join(bodies)
    return of_text(text, facts(text))


@per_playbook
def of_account(playbook: Playbook) -> Source:
    """The account's facts; a bare number without its unit is no fact of the account."""
    text = "\n".join(strings(playbook.facts))
    source = of_text(text, facts(text))
    return Source(source.written, source.squeezed, frozenset())


def of_message(cleaned: Cleaned, message: Message, timezone: str) -> Source:
    """The customer's message, its date there, and what the CRM knows about him."""
    day = message.received_at.astimezone(ZoneInfo(timezone)).date().isoformat()
    who = (message.sender.name, message.sender.address, day)
    text = "\n".join((cleaned.subject, cleaned.text, *who, *message.metadata.values()))
    return of_text(text, facts(text))


def nearest(fact: Span, sources: Iterable[Source]) -> str:
    """How a source writes the fact of the same kind that is most like this one; "" where there is none."""
    same = [(key, words) for source in sources for (kind, key), words in source.written.items() if kind == fact.kind]
    best = max(same, key=lambda one: _likeness(fact.key, one[0]), default=None)
    return best[1] if best else ""


def instead(fact: Span, clause: Clause, near: Sequence[Near]) -> str:
    """What the nearest source clause has where the draft's clause has this fact; "" where the fact is in its place.

    It is out of place where no near clause says it, and the first either has a fact of its kind that the draft's
    clause lacks, or is so near that nothing was to be added.
    """
    if any(_states(one.clause, fact) for one in near):
        return ""
    best, source = near[0]
    kept = {found.key for found in clause.facts if found.kind == fact.kind}
    lost = [found for found in source.facts if found.kind == fact.kind and found.key not in kept]
    like = max(lost, key=lambda found: _likeness(fact.key, found.key), default=None)
    if like:
        return source.said(like)
    return source.written if best >= _SAME else ""


def _states(clause: Clause, fact: Span) -> bool:
    if fact.kind == "number" and fact.key in _NUMBER.findall(clause.written):
        return True
    return any(found.kind == fact.kind and found.key == fact.key for found in clause.facts)


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()
