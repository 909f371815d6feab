"""What a lead needs to see to decide: both sides of a contested correction, and the message behind a doubtful label."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.desk.messages import checked_page
from service.domain.cleaned import own_words
from service.domain.correction import CorrectionEntry, LessonState
from service.domain.message import Message
from service.domain.suggestion import SuggestionEntry
from service.pipeline.clean import clean, opened
from service.storage import cases, confirmed, corrections, messages, suggestions
from service.storage.database import Database, Transaction

SHOWN_CHARS = 1_500
SHOWN_NEIGHBOURS = 5


@dataclass(frozen=True, slots=True)
class Example:
    """A confirmed message as learned voters see it, without personal data."""

    id: str
    queue: str
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """A correction, the customer's own words, and the confirmed messages that speak against it. `guess`: the queue
    that the program thought likeliest."""

    entry: CorrectionEntry
    subject: str
    words: str
    guess: str | None
    examples: Sequence[Example]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A label that looks wrong; `example` is None where the message is not confirmed any more."""

    entry: SuggestionEntry
    example: Example | None


@dataclass(frozen=True, slots=True)
class DisputePage:
    items: Sequence[Dispute]
    next_cursor: str | None


class Disputes:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def waiting(self, account: str) -> int:
        return await self._database.read(corrections.contested, account)

    async def page(
        self, account: str, state: LessonState = "contested", limit: int = 10, cursor: str | None = None
    ) -> DisputePage:
        """Newest first. Raises RefusedError for a cursor that no page gave."""
        checked_page(limit, cursor)
        return await self._database.read(_page, account, state, limit, cursor)

    async def doubts(self, account: str, first: int, limit: int) -> tuple[int, Sequence[Doubt]]:
        """How many labels look wrong, and some of them, the least likely first."""
        return await self._database.read(_doubts, account, first, limit)


def _page(transaction: Transaction, account: str, state: LessonState, limit: int, cursor: str | None) -> DisputePage:
    found = corrections.page(transaction, account, state, limit, cursor)
    refs = [ref for entry in found.items for ref in _neighbours(entry)]
    known = _examples(transaction, account, refs)
    return DisputePage([_dispute(transaction, entry, known) for entry in found.items], found.next_cursor)


def _doubts(transaction: Transaction, account: str, first: int, limit: int) -> tuple[int, Sequence[Doubt]]:
    entries = suggestions.entries(transaction, account)
    found = [one for one in entries if one.state == "open" and one.suggestion.kind == "label"]
    some = found[first : first + limit]
    known = _examples(transaction, account, [one.suggestion.messages[0] for one in some])
    return len(found), [Doubt(one, known.get(one.suggestion.messages[0])) for one in some]


def _neighbours(entry: CorrectionEntry) -> list[str]:
    return [ref for one in entry.objections if one.kind == "neighbours" for ref in one.refs]


def _dispute(transaction: Transaction, entry: CorrectionEntry, known: Mapping[str, Example]) -> Dispute:
    message = messages.load(transaction, entry.message_id)
    case = cases.find(transaction, entry.message_id)
    triage = case.triage if case else None
    return Dispute(
        entry=entry,
        subject=message.subject if message else "",
        words=_words(message) if message else "",
        guess=triage.alternatives[0].queue if triage and triage.alternatives else None,
        examples=[known[ref] for ref in _neighbours(entry) if ref in known][:SHOWN_NEIGHBOURS],
    )


def _words(message: Message) -> str:
    cleaned = clean(opened(message))
    return own_words(cleaned.text, cleaned.segments).strip()[:SHOWN_CHARS]


def _examples(transaction: Transaction, account: str, ids: Sequence[str]) -> dict[str, Example]:
    found = confirmed.lessons(transaction, account, ids) if ids else []
    return {
        one.id: Example(
            one.id,
            one.confirmed.queue,
            f"{one.redacted.subject}\n{one.redacted.own}".strip()[:SHOWN_CHARS],
            one.by,
        )
        for one in found
    }
