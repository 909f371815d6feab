"""Messages by their words: what is kept of each to be found by, and searches over it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, cast, delete, exists, func, literal_column, select
from sqlalchemy.dialects.postgresql import TSQUERY

from service.domain.sought import Order, Sought, Term
from service.storage.database import Transaction
from service.storage.insert import add_row, add_rows
from service.storage.prepared import Prepared
from service.storage.privacy_cipher import Keyring, ring_of
from service.storage.privacy_lookup import asked_heads, asked_words
from service.storage.schema import findable, messages, unindexed
from service.storage.schema.finding import FOUND_BY

RANKED = 1_000
"""So many of the newest finds are put in order by how well they fit: a ranking of all would read all."""


BEFORE = "before"
"""The cause of a message that was there before its flags had rows of their own."""

_TAKE = Prepared(
    lambda _: delete(unindexed).where(
        unindexed.c.message_id == bindparam("wanted"), unindexed.c.cause == bindparam("since")
    )
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that is not found by its words yet. `cause`: what it waits since."""

    message_id: str
    cause: str


def waiting(transaction: Transaction, limit: int) -> list[Waiting]:
    """In the order of arrival, which is the order that finds are listed in."""
    wanted = select(unindexed).order_by(unindexed.c.message_id).limit(limit)
    return [Waiting(*row) for row in transaction.execute(wanted)]


def count_waiting(transaction: Transaction) -> int:
    return int(transaction.execute(select(func.count()).select_from(unindexed)).scalar_one())


def index(transaction: Transaction, one: Waiting, words: Sequence[str]) -> bool:
    """Keeps what the message is found by; False where it is gone, or was changed meanwhile: then it waits on."""
    if not _TAKE.run(transaction, {"wanted": one.message_id, "since": one.cause}):
        return False
    if not add_row(transaction, findable, {"message_id": one.message_id, "words": words}):
        here = findable.c.message_id == one.message_id
        transaction.execute(findable.update().where(here).values(words=words))
    return True


def index_anew(transaction: Transaction, message_ids: Sequence[str]) -> None:
    """These messages wait again, such as after a change of the key that their words are hashed with."""
    add_rows(transaction, unindexed, [{"message_id": each, "cause": each} for each in message_ids])


def finding(transaction: Transaction, query: Select[Any], wanted: Sought) -> Select[Any]:
    """The query, which reads from messages, for those alone that hold every term."""
    query = query.join(findable, findable.c.message_id == messages.c.id)
    if transaction.dialect.name == "sqlite":
        query = query.join(FOUND_BY, FOUND_BY.c.rowid == findable.c.id)
        return query.where(_match(_asked(transaction, wanted)))
    return query.where(findable.c.words.op("@@")(_tsquery(transaction, wanted)))


def ordered(transaction: Transaction, query: Select[Any], order: Order, after: str | None) -> Select[Any]:
    """A `finding` query in order of arrival, from the message of that id on."""
    key = FOUND_BY.c.rowid if transaction.dialect.name == "sqlite" else findable.c.id
    if after is not None:
        place = select(findable.c.id).where(findable.c.message_id == after).scalar_subquery()
        query = query.where(key > place if order == "oldest" else key < place)
    return query.order_by(key if order == "oldest" else key.desc())


def ranked(transaction: Transaction, query: Select[Any], wanted: Sought) -> list[str]:
    """Ids of a `finding` query, the best first, of the newest `RANKED` that hold the terms."""
    newest = finding(transaction, select(findable.c.id).select_from(messages), wanted)
    newest = ordered(transaction, newest, "newest", None).offset(RANKED - 1).limit(1)
    floor = transaction.execute(newest).scalar()
    found = query.with_only_columns(messages.c.id)
    if floor is not None:
        found = found.where((FOUND_BY.c.rowid if transaction.dialect.name == "sqlite" else findable.c.id) >= floor)
    if transaction.dialect.name == "sqlite":
        best: Any = FOUND_BY.c.rank
    else:
        best = func.ts_rank(findable.c.words, _tsquery(transaction, wanted), 1).desc()
    return list(transaction.execute(found.order_by(best, findable.c.id.desc())).scalars())


def positions_kept(transaction: Transaction) -> bool:
    """Whether a row of words is told from the same words scattered; else whoever searches has to look."""
    return ring_of(transaction.dialect) is None


def any_waiting(transaction: Transaction) -> bool:
    return bool(transaction.execute(select(exists(select(unindexed.c.message_id)))).scalar())


def _match(asked: str) -> Any:
    return literal_column("findable_words").op("MATCH")(bindparam(None, asked))


def _tsquery(transaction: Transaction, wanted: Sought) -> Any:
    return cast(bindparam(None, _asked(transaction, wanted)), TSQUERY)


@dataclass(frozen=True, slots=True)
class Grammar:
    """How a database writes queries. Words hold neither quotes nor blanks."""

    word: str
    beginning: str
    one_of: str
    each: str
    row: str


SQLITE = Grammar(word='"{}"', beginning='"{}" *', one_of=" OR ", each=" AND ", row=" + ")
POSTGRESQL = Grammar(word="'{}'", beginning="'{}':*", one_of=" | ", each=" & ", row=" <-> ")


def _asked(transaction: Transaction, wanted: Sought) -> str:
    grammar = SQLITE if transaction.dialect.name == "sqlite" else POSTGRESQL
    ring = ring_of(transaction.dialect)
    return grammar.each.join(f"({_term(term, grammar, ring)})" for term in wanted.terms)


def _term(term: Term, grammar: Grammar, ring: Keyring | None) -> str:
    if term.begins:
        (begun,) = term.words
        exact = [form for stem in term.also for form in (asked_words(ring, stem) if ring else [stem])]
        exact += asked_heads(ring, begun) if ring else []
        return grammar.one_of.join([grammar.beginning.format(begun), *map(grammar.word.format, exact)])
    if ring is None:
        return grammar.row.join(map(grammar.word.format, term.words))
    each = (grammar.one_of.join(map(grammar.word.format, asked_words(ring, word))) for word in term.words)
    return grammar.each.join(f"({forms})" for forms in each)
