"""Passages and their vectors: the copy that every index is rebuilt from."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import bindparam, delete, or_, select

from retrieval.passages import Passage, StoredPassage, Vector
from service.storage.batches import batches
from service.storage.database import Database, Transaction
from service.storage.insert import add_row, put_rows
from service.storage.prepared import Prepared
from service.storage.schema import collections, passage_vectors, passages

_REVISIONS = Prepared(
    lambda _: select(collections.c.collection, collections.c.revision).where(
        or_(collections.c.collection == bindparam("one"), collections.c.collection == bindparam("other"))
    )
)


class Passages:
    """A `retrieval.passages.PassageStore`. Each method is one transaction, for a thread to run."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def at_hand(self) -> bool:
        return self._database.embedded

    def revision(self, collection: str) -> int:
        return self.revisions(collection, collection)[0]

    def revisions(self, one: str, other: str) -> tuple[int, int]:
        with self._database.glancing() as transaction:
            found = revisions(transaction, one, other)
            return found.get(one, 0), found.get(other, 0)

    def read(self, collection: str, embedder: str, after: int | None = None) -> list[StoredPassage]:
        with self._database.reading() as transaction:
            return read(transaction, collection, embedder, after)

    def put(self, collection: str, new: Sequence[Passage]) -> None:
        with self._database.writing() as transaction:
            put(transaction, collection, new)

    def put_vectors(self, collection: str, embedder: str, vectors: Mapping[str, Vector]) -> None:
        """Passages that are gone meanwhile are passed over. The revision stays: no text has changed."""
        with self._database.writing() as transaction:
            put_vectors(transaction, collection, embedder, vectors)

    def delete(self, collection: str, ids: Sequence[str]) -> None:
        with self._database.writing() as transaction:
            remove(transaction, collection, ids)


def revisions(transaction: Transaction, one: str, other: str) -> dict[str, int]:
    """Of those of two collections that have ever been written."""
    found: list[Any] = _REVISIONS.rows(transaction, {"one": one, "other": other})
    return dict(found)


def read(transaction: Transaction, collection: str, embedder: str, after: int | None = None) -> list[StoredPassage]:
    vector = (
        (passage_vectors.c.collection == passages.c.collection)
        & (passage_vectors.c.id == passages.c.id)
        & (passage_vectors.c.embedder == embedder)
    )
    columns = (passages.c.id, passages.c.text, passages.c.metadata, passage_vectors.c.vector, passages.c.revision)
    wanted = select(*columns).select_from(passages.outerjoin(passage_vectors, vector))
    wanted = wanted.where(passages.c.collection == collection).order_by(passages.c.id)
    rows = transaction.execute(wanted if after is None else wanted.where(passages.c.revision > after))
    return [StoredPassage(Passage(id_, text, metadata), _vector(raw), at) for id_, text, metadata, raw, at in rows]


def put(transaction: Transaction, collection: str, new: Sequence[Passage]) -> None:
    """What is there already, unchanged, is no change."""
    _lock(transaction, collection)
    before = _known(transaction, collection, [passage.id for passage in new])
    changed = [one for one in new if before.get(one.id) != (one.text, dict(one.metadata))]
    if not changed:
        return
    revision = _grow(transaction, collection)
    _drop_vectors(
        transaction, collection, [one.id for one in changed if one.id in before and before[one.id][0] != one.text]
    )
    of_all = {"collection": collection, "revision": revision}
    rows = [of_all | {"id": one.id, "text": one.text, "metadata": dict(one.metadata)} for one in changed]
    put_rows(transaction, passages, rows)


def put_vectors(transaction: Transaction, collection: str, embedder: str, vectors: Mapping[str, Vector]) -> None:
    _lock(transaction, collection)
    there = _known(transaction, collection, list(vectors))
    rows = [
        {"collection": collection, "id": id_, "embedder": embedder, "vector": _bytes(vectors[id_])} for id_ in there
    ]
    put_rows(transaction, passage_vectors, rows)


def remove(transaction: Transaction, collection: str, ids: Sequence[str]) -> None:
    _lock(transaction, collection)
    there = _known(transaction, collection, ids)
    if not there:
        return
    _grow(transaction, collection)
    for batch in batches(list(there)):
        transaction.execute(delete(passages).where(passages.c.collection == collection, passages.c.id.in_(batch)))


def _lock(transaction: Transaction, collection: str) -> None:
    """Writers of one collection stand in line."""
    add_row(transaction, collections, {"collection": collection, "revision": 0})
    wanted = select(collections.c.revision).where(collections.c.collection == collection)
    transaction.execute(wanted.with_for_update())


def _grow(transaction: Transaction, collection: str) -> int:
    """The revision from now on."""
    grown = collections.update().where(collections.c.collection == collection)
    following = grown.values(revision=collections.c.revision + 1).returning(collections.c.revision)
    return int(transaction.execute(following).scalar_one())


def _known(transaction: Transaction, collection: str, ids: Sequence[str]) -> dict[str, tuple[str, dict[str, str]]]:
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for batch in batches(ids):
        wanted = select(passages.c.id, passages.c.text, passages.c.metadata)
        rows = transaction.execute(wanted.where(passages.c.collection == collection, passages.c.id.in_(batch)))
        found.update((id_, (text, metadata)) for id_, text, metadata in rows)
    return found


def _drop_vectors(transaction: Transaction, collection: str, ids: Sequence[str]) -> None:
    for batch in batches(ids):
        stale = (passage_vectors.c.collection == collection) & passage_vectors.c.id.in_(batch)
        transaction.execute(delete(passage_vectors).where(stale))


def _bytes(vector: Vector) -> bytes:
    return np.ascontiguousarray(vector, dtype="<f4").tobytes()


def _vector(raw: bytes | None) -> Vector | None:
    return None if raw is None else np.frombuffer(raw, dtype="<f4").astype(np.float32, copy=False)
