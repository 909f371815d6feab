"""What a paragraph of a draft rests on: its cited answers, the account's facts, the customer's record and message."""

from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cached_property

from service.domain.answers import PLACEHOLDER, CannedAnswer
from service.domain.cleaned import Cleaned
from service.domain.message import Message
from service.domain.playbook import Playbook
from service.pipeline.check.body import Block, Body, remembered
from service.pipeline.check.clauses import Clause, clauses
from service.pipeline.check.commitments import Families, commitments
from service.pipeline.check.facts import facts
from service.pipeline.check.meaning import meaning
from service.pipeline.check.places import Placed
from service.pipeline.check.sources import (
    Source,
    account_clauses,
    of_account,
    of_record,
    of_words,
    squeeze,
    text_of_record,
    text_of_words,
    together,
)
from service.pipeline.check.tokens import token
from service.pipeline.draft.rules import rules
from service.pipeline.redact.spans import Span

_TELLING = 3
_OF_ONE_RULE = frozenset({"amount", "percentage", "delay", "date", "hours", "article", "number", "name", "document"})
"""Facts that mean something only beside their rule: the account's facts stand for them only where cited."""
_RULED = frozenset({"amount", "percentage", "delay"})
_COMPANY_ONLY = frozenset({"link"})
"""A customer's own link is never good enough to be sent back."""
_ACCOUNT = "account"
"""What paragraphs cite for the account's facts and its own sentences, which name days and times of one draft."""


class Sources:
    """One draft's sources; the message is read only where the company's sources do not suffice. `lasting`: the answers
    are the library's, but for the account's sentences, and what is read off them is worth remembering."""

    def __init__(
        self,
        answers: Sequence[CannedAnswer],
        cleaned: Cleaned,
        message: Message,
        playbook: Playbook,
        lasting: bool = True,
    ) -> None:
        self.answers = {
            answer.id: (remembered if lasting and answer.id != _ACCOUNT else Body)(answer.body) for answer in answers
        }
        self.account = of_account(playbook)
        self.families: Families = commitments(playbook)
        self._cleaned, self._message, self._playbook = cleaned, message, playbook

    @cached_property
    def account_clauses(self) -> tuple[Clause, ...]:
        return account_clauses(self._playbook)

    @cached_property
    def words(self) -> Source:
        return of_words(self._cleaned)

    @cached_property
    def record(self) -> Source:
        return of_record(self._message, self._playbook.timezone)

    @cached_property
    def letters(self) -> str:
        """The letters and digits of the message and the record."""
        return (
            f"{squeeze(text_of_words(self._cleaned))} {squeeze(text_of_record(self._message, self._playbook.timezone))}"
        )

    @cached_property
    def held(self) -> tuple[Clause, ...]:
        """What the record of the customer says."""
        values = (self._message.sender.name, *self._message.metadata.values())
        return tuple(clause for value in values for clause in clauses(value))

    @cached_property
    def held_words(self) -> frozenset[str]:
        return frozenset(name for clause in self.held for name in clause.tokens)

    @cached_property
    def customer(self) -> tuple[frozenset[str], ...]:
        """What each clause of the message says."""
        said = clauses(f"{self._cleaned.subject}\n{self._cleaned.text}")
        return tuple(frozenset(clause.tokens) for clause in said)

    def told(self, fact: Span) -> bool:
        return self.record.says(fact) or self.words.says(fact)

    def cited(self, names: Sequence[str]) -> "Cited":
        found = {name: self.answers[name] for name in names if name in self.answers}
        return Cited(self, found, _ACCOUNT in names)


class Cited:
    """The sources that one paragraph cites."""

    def __init__(self, sources: Sources, answers: Mapping[str, Body], account: bool) -> None:
        self.all, self.answers, self.account = sources, answers, account

    @cached_property
    def facts(self) -> Source:
        return together([answer.source for answer in self.answers.values()])

    @cached_property
    def clauses(self) -> list[Clause]:
        said = [clause for answer in self.answers.values() for clause in answer.clauses]
        return [*said, *self.all.account_clauses] if self.account else said

    @cached_property
    def all_clauses(self) -> list[Clause]:
        """Those, and the record's."""
        return [*self.clauses, *self.all.held]

    @cached_property
    def windows(self) -> list[Set[str]]:
        windows: list[Set[str]] = [window for answer in self.answers.values() for window in answer.windows]
        return [*windows, *(clause.tokens.keys() for clause in self.all.account_clauses)] if self.account else windows

    @cached_property
    def blocks(self) -> list[Block]:
        return [block for answer in self.answers.values() for block in answer.blocks]

    @cached_property
    def places(self) -> list[Placed]:
        return [place for answer in self.answers.values() for place in answer.places]

    def says(self, fact: Span, clause: str) -> bool:
        """Whether a source holds the fact of a folded clause."""
        if self.facts.says(fact):
            return True
        if (fact.kind not in _OF_ONE_RULE or self.account) and self.all.account.says(fact):
            return True
        if fact.kind in _COMPANY_ONLY:
            return False
        return self.all.record.says(fact) or (self.all.words.says(fact) and not _is_owed(fact, clause))

    def told(self, found: Sequence[Clause]) -> frozenset[str]:
        """The customer's own facts among those of these clauses, as tokens."""
        return frozenset(token(fact) for clause in found for fact in clause.facts if self.all.told(fact))

    def is_own(self, fact: Span, source: Clause) -> bool:
        """Whether it is the customer's own; a short bare number is in every message, and is so only where the
        source has something to fill in."""
        telling = fact.kind != "number" or len(fact.key) >= _TELLING or bool(PLACEHOLDER.search(source.written))
        return telling and self.all.told(fact)

    def fills(self, text: str) -> bool:
        """Whether a paragraph is one of a cited answer, filled in with what the customer or his record say."""
        _, lead, rest = text.partition("\n")
        text = rest if lead and text.startswith(tuple(rules().said["second_ask"].values())) else text
        for answer in self.answers.values():
            for block in answer.filled:
                found = block.fullmatch(text)
                if found and all(self._is_known(value) for value in found.groups()):
                    return True
        return False

    def _is_known(self, value: str) -> bool:
        if PLACEHOLDER.fullmatch(value) or squeeze(value) in self.all.letters:
            return True
        found = facts(value)
        return len(found) == 1 and found[0].end - found[0].start == len(value) and self.all.told(found[0])

    def name_of(self, source: Clause) -> str:
        """The answer's id, `account` or `message` (the record)."""
        for name, answer in self.answers.items():
            if any(clause is source for clause in answer.clauses):
                return name
        return "message" if any(clause is source for clause in self.all.held) else "account"

    def holder(self, place: Placed) -> str:
        """The id of the answer that a place is of."""
        return next(name for name, answer in self.answers.items() if any(one is place for one in answer.places))

    def named(self) -> Iterator[tuple[str, Source]]:
        """Each source of the company's, by its name."""
        yield from ((name, answer.source) for name, answer in self.answers.items())


def _is_owed(fact: Span, clause: str) -> bool:
    """Whether it is of a kind that the company answers for, so that the customer's word is no source for it."""
    words = meaning()
    if fact.kind in _RULED:
        return bool(words.owed.search(clause)) and not words.reported.search(clause)
    if fact.kind == "article":
        return not words.reported.search(clause)
    if fact.kind in ("phone", "email", "address"):
        return bool(words.contact.search(clause))
    return fact.kind == "hours" and bool(words.opening.search(clause))
