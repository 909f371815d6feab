"""Columns that are sealed at rest where the database has a key. Their place in the tables is part of the seal."""

import json
from typing import Any

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from service.storage.privacy_cipher import opened, ring_of, sealed
from service.storage.schema.columns import storable


class SealedWords(TypeDecorator[str]):
    """Free text of any length about a person. `place` is `table.column`."""

    impl = Text
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else sealed(ring_of(dialect), storable(value), self.place)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else opened(ring_of(dialect), value, self.place)


class SealedJson(TypeDecorator[Any]):
    """JSON about a person, as `service.storage.schema.columns.Json` writes it."""

    impl = Text
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return sealed(ring_of(dialect), json.dumps(value, sort_keys=True, separators=(",", ":")), self.place)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(opened(ring_of(dialect), value, self.place))
