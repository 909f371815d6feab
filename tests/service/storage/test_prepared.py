"""Prepared statements do what SQLAlchemy's own do, on either database."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import bindparam, event, insert, select
from sqlalchemy.exc import IntegrityError

from service.storage import accounts
from service.storage.database import Database
from service.storage.prepared import Prepared, in_one_go
from service.storage.schema import traces
from tests.service.samples import NOW

ADD = Prepared(lambda _: insert(traces), traces.c.keys())
FIND = Prepared(
    lambda _: select(traces.c.trace).where(traces.c.account == bindparam("whose")).order_by(traces.c.trace).limit(2)
)
ONE = {"account": "club", "trace": "a", "message_id": "nobody"}


@pytest.fixture
def store(url: str) -> Iterator[Database]:
    database = Database(url)
    with database.writing() as transaction:
        accounts.ensure(transaction, "club", "Club", "", NOW)
    yield database
    database.close()


def test_a_row_that_refers_to_nothing_is_an_integrity_error_without_its_values(store: Database) -> None:
    with pytest.raises(IntegrityError) as refused, store.writing() as transaction, in_one_go(transaction):
        ADD.run_many(transaction, [ONE])
    assert "a prepared statement" in str(refused.value)
    with store.reading() as transaction:
        assert FIND.rows(transaction, {"whose": "club"}) == []


def test_whoever_listens_for_statements_hears_of_it_but_not_of_its_values(store: Database) -> None:
    heard: list[Any] = []
    event.listen(store.engine, "before_cursor_execute", lambda *told: heard.append(told[2:4]))
    with store.reading() as transaction:
        FIND.rows(transaction, {"whose": "club"})
    (said,) = [told for told in heard if "traces" in told[0]]
    assert said[1] is None
