"""Figures against a small history that was counted by hand, on either database; erasure and recounting change none."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from service.desk.board.review import Review
from service.desk.oversight.counting import Cell, Happened, bounds, counted
from service.desk.oversight.tallying import Tallying
from service.domain.event import EventKind
from service.storage import figures, privacy_remove
from service.storage.database import Database
from service.storage.events import new_event, record
from service.storage.ids import new_id
from tests.service.desk.board.test_board import stored
from tests.service.samples import NOW

MONDAY = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)

Step = tuple[float, EventKind, dict[str, Any]]
"""Hours after the arrival, kind, `after`."""


def triaged(queue: str | None, best: str = "facture", **more: Any) -> Step:
    return 0, "message_triaged", {"outcome": "routed" if queue else "abstained", "queue": queue, "best": best} | more


def replied(hours: float, verdict: str = "kept", team: str = "") -> Step:
    sent = (MONDAY + timedelta(hours=hours)).isoformat()
    return hours, "reply_recorded", {"verdict": verdict, "sent_at": sent} | ({"team": team} if team else {})


ARRIVED: Step = (0, "message_received", {"channel": "email", "received_at": MONDAY.isoformat()})
HISTORIES: dict[str, Sequence[Step]] = {
    "kept": (ARRIVED, triaged("facture"), (1, "case_claimed", {"team": "t1"}), replied(3, team="t1")),
    "corrected": (
        ARRIVED,
        triaged("facture", calls=2, prompt_tokens=900, completion_tokens=80, cost_usd=0.002),
        (2, "queue_corrected", {"queue": "sinistre"}),
        replied(30, "rewritten"),
    ),
    "undone": (
        ARRIVED,
        triaged("facture"),
        (1, "queue_corrected", {"queue": "sinistre"}),
        (2, "correction_undone", {"queue": "facture"}),
    ),
    "unsure": (ARRIVED, triaged(None, "resiliation", flags=["chaser"]), (5, "queue_confirmed", {"queue": "facture"})),
    "open": (ARRIVED,),
}
BY_HAND = {
    "received": 5, "answered": 2, "within_24": 1, "within_48": 2, "handled": 2, "routed": 3, "abstained": 1,
    "routed_right": 1, "routed_wrong": 1, "guess_right": 1, "guess_wrong": 2, "chaser": 1, "queue_corrected": 2,
    "queue_confirmed": 1, "draft_kept": 1, "draft_rewritten": 1, "to_claim": 1, "to_sent": 2, "calls": 2,
    "prompt_tokens": 900, "completion_tokens": 80, "cost_usd": 0.002,
}  # fmt: skip


def write(database: Database, name: str, steps: Sequence[Step], subject: str = "") -> str:
    subject = subject or new_id()
    with database.writing() as transaction:
        for hours, kind, after in steps:
            record(transaction, new_event(kind, subject, MONDAY + timedelta(hours=hours), "club", name, after=after))
    return subject


def totals(database: Database) -> dict[str, float]:
    """Every total that is not nought, over all days."""
    found: dict[str, float] = {}
    with database.reading() as transaction:
        for _, _, name, amount in figures.along(transaction, "club", ("total",), FIRST, LAST):
            found[name] = round(found.get(name, 0) + amount, 6)
    return {name: amount for name, amount in found.items() if amount}


async def test_the_figures_are_those_counted_by_hand(database: Database, club: str) -> None:
    tallying = Tallying(database)
    for name, steps in HISTORIES.items():
        write(database, name, steps)
    assert await tallying.count() == sum(map(len, HISTORIES.values()))
    assert totals(database) == BY_HAND
    with database.reading() as transaction:
        along = figures.along(transaction, "club", ("channel", "queue", "team"), FIRST, LAST)
        days = {day for _, day, name, _, _ in figures.by_day(transaction, "club", ("handled",), FIRST, LAST)}
    found = {(kind, value): amount for kind, value, name, amount in along if name == "received"}
    assert found == {
        ("channel", "email"): 5, ("queue", "facture"): 3, ("queue", "sinistre"): 1, ("queue", ""): 1,
        ("team", "t1"): 1, ("team", ""): 4,
    }  # fmt: skip
    assert days == {date(2026, 11, 16), date(2026, 11, 17)}


async def test_event_by_event_and_all_at_once_count_the_same_and_so_does_a_recount(
    database: Database, club: str
) -> None:
    tallying = Tallying(database, at_once=3)
    for name, steps in HISTORIES.items():
        subject = ""
        for step in steps:
            subject = write(database, name, (step,), subject)
            await tallying.count(batches=1)
    assert totals(database) == BY_HAND
    assert await tallying.rebuild() == sum(map(len, HISTORIES.values()))
    assert totals(database) == BY_HAND
    assert await tallying.left() == 0


async def test_a_reply_from_a_day_to_come_counts_as_sent_when_it_was_told(
    database: Database, club: str, review: Review
) -> None:
    one, ahead = stored(database, "facture"), datetime(2999, 1, 1, tzinfo=UTC)
    case = await review.record_reply(one, "Bonjour", "Ada", sent_at=ahead)
    assert case.replied_at == ahead
    await Tallying(database).count()
    with database.reading() as transaction:
        rows = figures.along(transaction, "club", ("total",), date(2000, 1, 1), date(2100, 1, 1))
        assert ("total", "", "handled", 1) in rows


async def test_nothing_but_counts_is_kept(database: Database, club: str) -> None:
    write(database, "Ada Dupont", HISTORIES["kept"])
    await Tallying(database).count()
    with database.reading() as transaction:
        rows = [row for kind in ("total", "channel", "queue", "team")
                for row in figures.along(transaction, "club", (kind,), FIRST, LAST)]  # fmt: skip
    assert "Ada" not in str(rows)


async def test_what_is_erased_stays_counted_and_is_counted_again_without_it(
    database: Database, club: str, review: Review
) -> None:
    tallying = Tallying(database)
    one, other = stored(database, "facture"), stored(database, "facture", channel="chat")
    await review.record_reply(one, "Bonjour", "Ada", sent_at=NOW + timedelta(hours=2))
    await tallying.count()

    def figures_now() -> list[tuple[str, str, str, float]]:
        with database.reading() as transaction:
            every = figures.along(
                transaction, "club", ("total", "channel", "queue"), date(2000, 1, 1), date(2100, 1, 1)
            )
        return sorted(row for row in every if row[3])

    before = figures_now()
    assert ("channel", "chat", "received", 1) in before
    assert ("total", "", "within_24", 1) in before
    with database.writing() as transaction:
        privacy_remove.remove_messages(transaction, [one, other])
    assert figures_now() == before
    await tallying.rebuild()
    assert figures_now() == before


def happened(steps: Sequence[Step]) -> list[Happened]:
    return [Happened(kind, MONDAY + timedelta(hours=hours), {}, after) for hours, kind, after in steps]


def test_events_of_an_older_program_count_by_what_the_message_says_or_by_their_own_time() -> None:
    old = happened([(0, "message_received", {}), triaged("facture"), (4, "reply_recorded", {"verdict": "edited"})])
    monday = date(2026, 11, 16)
    of_message = counted(old, "chat", MONDAY - timedelta(days=3))
    assert of_message["channel", date(2026, 11, 13), "received", "chat"] == 1
    assert ("total", date(2026, 11, 13), "within_48", "") not in of_message
    gone = counted(old, None, None)
    assert gone["total", monday, "within_24", ""] == gone["channel", monday, "received", ""] == 1


@pytest.mark.parametrize(("at", "day"), [(22, 16), (23, 17)])
def test_days_are_those_of_paris(at: int, day: int) -> None:
    late = datetime(2026, 11, 16, at, 30, tzinfo=UTC)
    told = {"channel": "email", "received_at": late.isoformat()}
    cells: dict[Cell, float] = counted([Happened("message_received", late, {}, told)], None, None)
    assert {cell[1] for cell in cells} == {date(2026, 11, day)}


def test_classes_of_waiting_times_hold_what_they_say() -> None:
    for minutes in (0.2, 1, 59, 60, 1_440, 100_000):
        steps: Sequence[Step] = (ARRIVED, (minutes / 60, "case_claimed", {}))
        (name,) = [cell[3] for cell in counted(happened(steps), None, None) if cell[2] == "to_claim"]
        low, high = bounds(name)
        assert low <= minutes / 60 + 1e-9 < high + 1e-6
