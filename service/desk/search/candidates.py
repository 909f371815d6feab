"""What an index finds of a search, and the texts of it where the index does not tell enough."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from service.desk.search.seeking import said_in
from service.domain.case import Case
from service.domain.message import Message, Sender
from service.domain.sought import Sought
from service.pipeline.clean import clean, opened
from service.storage import cases, finding, messages, replies
from service.storage.database import Transaction

READ_CHARS = 40_000
"""So much of a message is read."""

LOOKED_AT = 10
"""Pages of candidates that are looked through for a row of words where their places are not kept."""

Ids = tuple[list[str], str | None]
"""A page of ids, and the id that the next page goes on from."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is looked through of a message: not its files, its thread or what it quotes, which may be megabytes."""

    sender: Sender
    subject: str
    own: str


Known = dict[str, Told]
"""By id, messages that were read: cutting one into its parts takes milliseconds."""

Following = Callable[[int, str | None], Ids]
"""The next so many after that id."""


@dataclass(frozen=True, slots=True)
class Read:
    case: Case
    told: Told
    reply: str

    @property
    def texts(self) -> Sequence[str]:
        told, sender = self.told, self.told.sender
        return (told.subject, told.own, sender.name, sender.address, self.case.external_id or "", self.reply)


def find_ids(transaction: Transaction, wanted: Sought, limit: int, after: str | None, following: Following) -> Ids:
    """At most `limit` ids that hold what is asked for, and where to go on. Where a row of words is not told from the
    same words scattered, the texts are looked at, of so many pages of candidates."""
    closer = not finding.positions_kept(transaction) and any(len(term.words) > 1 for term in wanted.terms)
    kept: list[str] = []
    for _ in range(LOOKED_AT):
        ids, after = following(limit - len(kept), after)
        kept += [one.case.id for one in read(transaction, ids) if said_in(one.texts, wanted)] if closer else ids
        if after is None or len(kept) >= limit:
            break
    return kept, after


def read(transaction: Transaction, ids: Sequence[str], known: Known | None = None) -> Iterator[Read]:
    """Those messages with their own words and the last reply, in that order. `known` remembers what never changes."""
    known = {} if known is None else known
    for case in cases.listed(transaction, ids):
        if case.id not in known and (message := messages.load(transaction, case.id)) is not None:
            known[case.id] = _told(message)
        if case.id in known:
            yield Read(case, known[case.id], replies.latest(transaction, case.id) or "")


def _told(message: Message) -> Told:
    begun = opened(message.model_copy(update={"body": message.body[:READ_CHARS]}))
    return Told(begun.sender, begun.subject, clean(begun).own)
