"""Full-text search over everything that was written and answered, with the words marked where they stand."""

from dataclasses import dataclass

from service.desk.messages import checked_page
from service.desk.search.candidates import Ids, Known, Read, find_ids, read
from service.desk.search.seeking import sought, spans
from service.domain.case import Case
from service.domain.sought import Order, Sought
from service.storage import board, finding
from service.storage.board import Look
from service.storage.database import Database, Transaction

REMEMBERED = 500
"""Messages whose own words are kept in memory."""

EXCERPT_CHARS = 260
BEFORE_CHARS = 60
"""So much of a text is shown before the first word that was looked for."""


@dataclass(frozen=True, slots=True)
class Bit:
    """A stretch of a text; `found`: it is what was looked for."""

    text: str
    found: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that was found. `opening`: where its own words, else the reply, say what was looked for; else how it
    begins. `from_reply`: that is of the reply."""

    case: Case
    sender: tuple[Bit, ...]
    subject: tuple[Bit, ...]
    opening: tuple[Bit, ...]
    from_reply: bool = False


@dataclass(frozen=True, slots=True)
class Finds:
    """`next_cursor` is None on the last page. `nothing_asked`: what was typed holds no word."""

    items: tuple[Hit, ...]
    next_cursor: str | None
    nothing_asked: bool = False


class Searching:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: Known = {}

    async def page(
        self, look: Look, text: str, order: Order = "newest", limit: int = 30, cursor: str | None = None
    ) -> Finds:
        """Messages of that look that hold everything that is asked for (`service.desk.search.seeking` says how it is
        read). `best` orders the newest thousand. Raises RefusedError for a cursor that no page gave."""
        checked_page(limit, cursor)
        wanted = sought(text)
        if not wanted.terms:
            return Finds((), None, nothing_asked=True)
        if len(self._known) > REMEMBERED:
            self._known = {}
        return await self._database.read(_page, look, wanted, order, limit, cursor, self._known)


def _page(
    transaction: Transaction,
    look: Look,
    wanted: Sought,
    order: Order,
    limit: int,
    after: str | None,
    known: Known,
) -> Finds:
    def following(most: int, after: str | None) -> Ids:
        return _ids(transaction, look, wanted, order, most, after)

    ids, after = find_ids(transaction, wanted, limit, after, following)
    return Finds(tuple(_hit(one, wanted) for one in read(transaction, ids, known)), after)


def _ids(transaction: Transaction, look: Look, wanted: Sought, order: Order, limit: int, after: str | None) -> Ids:
    query = finding.finding(transaction, board.wanted(look), wanted)
    if order == "best":
        best = finding.ranked(transaction, query, wanted)
        start = best.index(after) + 1 if after in best else 0
        rest = best[start : start + limit + 1]
    else:
        query = finding.ordered(transaction, query, order, after).limit(limit + 1)
        rest = [row["id"] for row in transaction.execute(query).mappings()]
    return rest[:limit], rest[limit - 1] if len(rest) > limit else None


def _hit(one: Read, wanted: Sought) -> Hit:
    own, reply = (" ".join(text.split()) for text in (one.told.own, one.reply))
    in_reply = not spans(own, wanted) and bool(spans(reply, wanted))
    who = one.told.sender
    sender = f"{who.name} {who.address}" if spans(who.address, wanted) else who.name or who.address
    return Hit(
        one.case,
        bits(sender, wanted),
        bits(one.told.subject, wanted),
        excerpt(reply if in_reply else own, wanted),
        in_reply,
    )


def bits(text: str, wanted: Sought, start: int = 0, end: int | None = None) -> tuple[Bit, ...]:
    """The text's characters [start, end), cut where it says what was looked for."""
    end, at, cut = len(text) if end is None else end, start, []
    for first, last, _ in spans(text, wanted):
        if first >= start and last <= end:
            cut += [Bit(text[at:first]), Bit(text[first:last], found=True)]
            at = last
    return tuple(bit for bit in (*cut, Bit(text[at:end])) if bit.text)


def excerpt(text: str, wanted: Sought) -> tuple[Bit, ...]:
    """The stretch of the text that says most of what was looked for; its beginning where it says nothing of it."""
    hits = spans(text, wanted)
    inside = {
        begin: {number for start, end, number in hits if begin <= start and end <= begin + EXCERPT_CHARS - BEFORE_CHARS}
        for begin, _, _ in hits
    }
    best = max(inside, key=lambda begin: (len(inside[begin]), -begin), default=0)
    start = 0 if best <= BEFORE_CHARS else text.find(" ", best - BEFORE_CHARS, best) + 1 or best
    end = min(len(text), start + EXCERPT_CHARS)
    ellipsis = Bit("…")
    return (*((ellipsis,) if start else ()), *bits(text, wanted, start, end), *((ellipsis,) if end < len(text) else ()))
