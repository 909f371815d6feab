"""The desk as people see it: what is to do in each queue, and messages oldest first with their first words."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.desk.clock import Clock, utc_now
from service.desk.messages import checked_page
from service.domain.case import Case
from service.domain.message import Message
from service.domain.team import Reach
from service.pipeline.clean import clean, opened
from service.storage import board, messages
from service.storage.board import NO_QUEUE, NOBODY, Heap, Look, Pile, Stage
from service.storage.database import Database, Transaction

__all__ = ["NOBODY", "NO_QUEUE", "Board", "BoardPage", "Look", "Pile", "Row", "Stage", "Standing"]

PEEKED_CHARS = 8_000
"""So much of a message is read for its first words."""

OPENING_CHARS = 180

REMEMBERED = 1_000
"""Messages whose first words are kept in memory: they never change, and cutting a message into its parts takes
milliseconds."""

FirstWords = tuple[str, str, str]
"""Sender, subject and opening."""


@dataclass(frozen=True, slots=True)
class Row:
    """A message in a list; `opening` is how the customer's own words begin."""

    case: Case
    sender: str
    subject: str
    opening: str


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Oldest arrival first. `next_cursor` is None on the last page."""

    items: tuple[Row, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """The `piles` within a reach, the next due first; how many messages are `beyond` it, and how many no team can
    answer (`stranded`)."""

    piles: tuple[Pile, ...]
    beyond: int
    stranded: int


class Board:
    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._known: dict[str, FirstWords] = {}

    async def piles(self, accounts: tuple[str, ...] | None) -> list[Pile]:
        """What is to do in each queue of those accounts (None: of all), the next due first."""
        return list((await self.standing(accounts)).piles)

    async def standing(
        self,
        accounts: tuple[str, ...] | None,
        reach: Sequence[Reach] | None = None,
        teams: Sequence[Reach] | None = None,
    ) -> Standing:
        """As `piles`, of what `reach` covers (None: of all). `teams`: what all teams together cover; None: all."""
        found = await self._database.read(board.heaps, accounts, self._clock())
        mine = [heap for heap in found if _covered(heap, reach)]
        stranded = sum(heap.pile.count for heap in found if not _covered(heap, teams))
        beyond = sum(heap.pile.count for heap in found) - sum(heap.pile.count for heap in mine)
        piles = sorted(_piled(mine), key=lambda pile: (pile.due_at is None, pile.due_at, pile.queue or ""))
        return Standing(tuple(piles), beyond, stranded)

    async def page(self, look: Look, limit: int = 30, cursor: str | None = None) -> BoardPage:
        """Raises RefusedError for a cursor that no page gave, or a limit out of bounds."""
        checked_page(limit, cursor)
        if len(self._known) > REMEMBERED:
            self._known = {}
        return await self._database.read(_page, look, limit, cursor, self._known)


def _covered(heap: Heap, reaches: Sequence[Reach] | None) -> bool:
    pile = heap.pile
    if reaches is None:
        return True
    return any(reach.covers(pile.account, pile.queue, heap.language, heap.raised) for reach in reaches)


def _piled(heaps: Sequence[Heap]) -> list[Pile]:
    """One pile a queue."""
    found: dict[tuple[str, str | None], list[Pile]] = {}
    for heap in heaps:
        found.setdefault((heap.pile.account, heap.pile.queue), []).append(heap.pile)
    return [_sum(account, queue, piles) for (account, queue), piles in found.items()]


def _sum(account: str, queue: str | None, piles: Sequence[Pile]) -> Pile:
    due = min((pile.due_at for pile in piles if pile.due_at is not None), default=None)
    return Pile(account, queue, sum(pile.count for pile in piles), sum(pile.late for pile in piles), due)


def _page(
    transaction: Transaction, look: Look, limit: int, cursor: str | None, known: dict[str, FirstWords]
) -> BoardPage:
    found, cursor = board.page(transaction, look, limit, cursor)
    for case in found:
        if case.id not in known and (message := messages.load(transaction, case.id)) is not None:
            known[case.id] = _first_words(message)
    return BoardPage(tuple(Row(case, *known[case.id]) for case in found if case.id in known), cursor)


def row_of(case: Case, message: Message) -> Row:
    """Read so far as its first words need."""
    return Row(case, *_first_words(message))


def _first_words(message: Message) -> FirstWords:
    begun = opened(message.model_copy(update={"body": message.body[:PEEKED_CHARS]}))
    opening = " ".join(clean(begun).own.split())
    cut = opening if len(opening) <= OPENING_CHARS else f"{opening[:OPENING_CHARS].rstrip()}…"
    return begun.sender.name or begun.sender.address, begun.subject, cut
