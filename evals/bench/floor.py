"""What one message cannot do without, each part alone: classifier, one vector query, one durable commit."""

import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from retrieval.chroma import EmbeddedChroma
from retrieval.passages import StoredPassage, Vector
from service.domain.message import Message
from service.domain.redacted import Redacted
from service.domain.triage import Triage
from service.learning.learned import Learned
from service.learning.pool import softmax
from service.learning.reading import read

COLLECTION = "floor"
NEAREST = 10
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL")
_TABLE = "CREATE TABLE kept (id TEXT PRIMARY KEY, message TEXT NOT NULL, triage TEXT NOT NULL)"


@dataclass(frozen=True, slots=True)
class Parts:
    """Milliseconds of one message."""

    predict: float
    query: float
    commit: float

    @property
    def total(self) -> float:
        return self.predict + self.query + self.commit


class Floor:
    """Parts of its own, beside those of the desk: a Chroma collection of the same vectors, a SQLite file."""

    def __init__(self, folder: Path, learned: Learned, stored: Mapping[str, StoredPassage]) -> None:
        self._learned = learned
        self._vectors: dict[str, Vector] = {key: one.vector for key, one in stored.items() if one.vector is not None}
        self._index = EmbeddedChroma(folder / "chroma").open()
        self._fill()
        self._rows = sqlite3.connect(folder / "floor.db", isolation_level=None)
        for pragma in PRAGMAS:
            self._rows.execute(f"PRAGMA {pragma}")
        self._rows.execute(_TABLE)

    def measure(self, message: Message, redacted: Redacted, triage: Triage) -> Parts:
        """The classifier reads a text that is clean already, the query has its vector, the rows are written."""
        vector = self._vectors[str(message.external_id)]
        kept = (triage.id, message.model_dump_json(), triage.model_dump_json())
        begun = time.perf_counter()
        self._predict(redacted)
        predicted = time.perf_counter()
        self._index.nearest(COLLECTION, vector, NEAREST)
        asked = time.perf_counter()
        self._commit(kept)
        done = time.perf_counter()
        return Parts((predicted - begun) * 1000, (asked - predicted) * 1000, (done - asked) * 1000)

    def close(self) -> None:
        self._rows.close()
        self._index.close()

    def _predict(self, redacted: Redacted) -> None:
        features = self._learned.vocabulary(read(redacted))
        softmax(self._learned.sharpness * self._learned.linear(features)).argmax()

    def _commit(self, kept: tuple[str, str, str]) -> None:
        self._rows.execute("BEGIN IMMEDIATE")
        self._rows.execute("INSERT INTO kept VALUES (?, ?, ?)", kept)
        self._rows.execute("COMMIT")

    def _fill(self) -> None:
        ids = list(self._vectors)
        self._index.put(COLLECTION, ids, np.array([self._vectors[key] for key in ids]), ids)
