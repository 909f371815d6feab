"""What is asked at every look at the desk is read in an index's order: nothing is sorted, and no table is walked."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event

from service.desk.clock import utc_now
from service.storage import answer_uses, audit, board, passages
from service.storage.audit import Asked
from service.storage.board import Look
from service.storage.database import Database, Transaction
from service.storage.migrate import migrate

ONE, TWO = ("club",), ("autre", "club")
LOOKS = [
    Look(),
    Look(ONE),
    Look(TWO),
    Look(ONE, holder=""),
    Look(ONE, queue="facture"),
    Look(ONE, "answered"),
    Look(TWO, "answered"),
    Look(ONE, "answered", queue="facture"),
    Look(ONE, "waiting"),
    Look(ONE, "all"),
]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(f"sqlite:///{tmp_path / 'plans.db'}")) as database:
        migrate(database)
        yield database


def plan(database: Database, verb: Callable[[Transaction], object]) -> list[str]:
    """How SQLite goes about the last statement of a verb."""
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append(given[2:4]))
    with database.reading() as transaction:
        verb(transaction)
        statement, values = asked[-1]
        rows = transaction.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", values)
        return [str(row[3]) for row in rows]


@pytest.mark.parametrize("look", LOOKS)
def test_a_page_of_the_desk_sorts_nothing_and_walks_no_table(database: Database, look: Look) -> None:
    steps = plan(database, lambda transaction: board.page(transaction, look, 30))
    assert not [step for step in steps if "TEMP B-TREE" in step]
    assert all("USING" in step for step in steps if step.startswith(("SCAN", "SEARCH")))


def test_what_is_to_do_is_counted_from_an_index_alone(database: Database) -> None:
    steps = plan(database, lambda transaction: board.heaps(transaction, ONE, utc_now()))
    assert "COVERING INDEX ix_cases_reach" in steps[0]


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (Asked(actor="Léa"), "ix_events_actor"),
        (Asked(actor="Léa", accounts=ONE), "ix_events_actor"),
        (Asked(kind="queue_corrected"), "ix_events_kind"),
        (Asked(kind="queue_corrected", accounts=TWO), "ix_events_kind"),
    ],
)
def test_the_audit_of_a_person_or_a_kind_is_read_off_an_index(database: Database, asked: Asked, index: str) -> None:
    steps = plan(database, lambda transaction: audit.page(transaction, asked, 50))
    assert index in steps[0]
    assert not [step for step in steps if "TEMP B-TREE" in step]


def test_what_customers_wrote_after_a_reply_is_looked_up_message_by_message(database: Database) -> None:
    steps = plan(database, lambda transaction: answer_uses.written_again(transaction, "club", "facture"))
    assert "ix_answer_uses_told" in steps[0]
    assert all("SEARCH" in step for step in steps)


def test_what_was_confirmed_since_is_found_by_an_index(database: Database) -> None:
    steps = plan(database, lambda transaction: passages.read(transaction, "club/confirmed", "builtin", 7))
    assert "USING INDEX ix_passages_collection_revision (collection=? AND revision>?)" in steps[0]
