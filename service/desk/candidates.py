"""What an index finds of a search, and the texts of it where the index does not tell enough."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from service.desk.seeking import said_in
from service.domain.case import Case
from service.domain.message import Message
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

Known = dict[str, tuple[Message, str]]
"""Messages that were read, with their own words: cutting one into its parts takes milliseconds."""

Following = Callable[[int, str | None], Ids]
"""The next so many after that id."""


@dataclass(frozen=True, slots=True)
class Read:
    case: Case
    message: Message
    own: str
    reply: str

    @property
    def texts(self) -> Sequence[str]:
        sender = self.message.sender
        return (self.message.subject, self.own, sender.name, sender.address, self.case.external_id or "", self.reply)


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
            begun = opened(message.model_copy(update={"body": message.body[:READ_CHARS]}))
            known[case.id] = (begun, clean(begun).own)
        if case.id in known:
            yield Read(case, *known[case.id], replies.latest(transaction, case.id) or "")
