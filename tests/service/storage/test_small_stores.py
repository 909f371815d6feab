"""Ids, fingerprints, spending and pages."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.message import Message
from service.domain.moment import EARLIEST, LATEST
from service.storage import accounts, cases, triages
from service.storage.cases import Filter
from service.storage.database import Database
from service.storage.ids import earliest_id, new_id
from service.storage.spend import StoredLedger
from service.storage.triages import Concluded
from tests.service.samples import ACCOUNT, NOW, a_message, a_triage


def test_ids_sort_in_the_order_of_their_making() -> None:
    made = [new_id() for _ in range(10_000)]
    assert made == sorted(set(made))
    assert {(len(one), one[14]) for one in made} == {(36, "7")}


def test_ids_are_bounded_by_the_moment_of_their_making() -> None:
    before = datetime.now(UTC) - timedelta(milliseconds=2)
    made = new_id()
    assert earliest_id(before) < made < earliest_id(datetime.now(UTC) + timedelta(milliseconds=2))
    assert earliest_id(EARLIEST, timedelta(days=1)) < made < earliest_id(LATEST)


def test_a_request_without_a_time_is_the_same_request_later() -> None:
    assert a_message().fingerprint == a_message().fingerprint


@given(st.text(), st.text(), st.dictionaries(st.text("abc", min_size=1), st.text(), max_size=3))
def test_a_fingerprint_is_blind_to_order_and_to_time_zones_and_to_nothing_else(
    body: str, subject: str, metadata: dict[str, str]
) -> None:
    given_first = Message(body=body, subject=subject, metadata=metadata, received_at=NOW)
    later = Message(
        metadata=dict(reversed(metadata.items())),
        subject=subject,
        body=body,
        received_at=NOW.astimezone(datetime.now().astimezone().tzinfo).isoformat(),
    )
    assert given_first.fingerprint == later.fingerprint
    other = given_first.model_copy(update={"body": body + " "})
    assert other.fingerprint != given_first.fingerprint


async def test_the_days_spending_is_one_sum_for_all_and_ends_at_midnight(database: Database) -> None:
    now = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)
    first, second = (StoredLedger(database, now=lambda: now) for _ in range(2))
    await asyncio.gather(*(ledger.add(0.25) for ledger in (first, second) for _ in range(10)))
    assert await first.today() == pytest.approx(5.0)
    now += timedelta(minutes=31)
    assert await second.today() == 0.0


def stored(database: Database, count: int, start: int = 0, account: str = ACCOUNT) -> list[str]:
    with database.writing() as transaction:
        accounts.ensure(transaction, account, account, "", NOW)
        many = []
        for n in range(start, start + count):
            message = a_message(f"m-{n}", account=account, received_at=NOW + timedelta(hours=n))
            triage = a_triage(message, new_id(), "facture" if n % 2 else None)
            many.append(Concluded(message, triage, message.fingerprint))
        return [one.triage.id for one in many if triages.store_new(transaction, one, NOW)]


def turned(database: Database, filter_: Filter, limit: int, arriving: bool = False) -> list[str]:
    """All ids, page by page."""
    seen: list[str] = []
    cursor = None
    while True:
        with database.reading() as transaction:
            page = cases.page(transaction, filter_, limit, cursor)
        seen += [case.id for case in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return seen
        if arriving:
            stored(database, 3, 1000 + len(seen) * 10)


@pytest.mark.parametrize("limit", [1, 3, 5, 10, 11])
def test_pages_hold_each_case_once_newest_first(database: Database, limit: int) -> None:
    assert turned(database, Filter(), limit) == []
    ids = stored(database, 10)
    assert turned(database, Filter(), limit) == ids[::-1]
    assert turned(database, Filter(outcome="routed"), limit) == ids[1::2][::-1]
    assert turned(database, Filter(queue="facture", state="triaged"), limit) == ids[1::2][::-1]


def test_pages_stay_as_they_were_while_messages_arrive(database: Database) -> None:
    ids = stored(database, 12)
    assert turned(database, Filter(), 3, arriving=True) == ids[::-1]


def test_filters_narrow_by_account_and_time(database: Database) -> None:
    ids = stored(database, 6)
    others = stored(database, 2, account="other")
    assert turned(database, Filter(account="other"), 5) == others[::-1]
    assert turned(database, Filter(account=ACCOUNT, queue="facture"), 5) == ids[1::2][::-1]
    assert turned(database, Filter(account="other", since=EARLIEST, until=LATEST), 5) == others[::-1]
    assert turned(database, Filter(since=LATEST), 5) == []
    window = Filter(account=ACCOUNT, since=NOW + timedelta(hours=1), until=NOW + timedelta(hours=3))
    assert turned(database, window, 5) == [ids[2], ids[1]]


def test_sqlite_is_asked_by_the_connection_that_was_used_last_since_what_that_has_read_is_still_at_hand(
    tmp_path: Path,
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'small.db'}")
    with database.reading() as one, database.reading() as other:
        last = one.connection.driver_connection
        assert other.connection.driver_connection is not last
    with database.glancing() as next_one:
        assert next_one.connection.driver_connection is last
    database.close()
