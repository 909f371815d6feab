from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.situation import DAYS, Calls, minutes
from service.pipeline.draft.calendar import easter, french_holidays
from service.pipeline.draft.slots import call_slots, written

PARIS = ZoneInfo("Europe/Paris")
CALLS = Calls(
    hours=dict.fromkeys(DAYS[:5], ("09:00-12:30", "14:00-18:00")),
    proposed=("10:00-11:00", "14:30-15:30"),
    holidays="FR",
    closed=(date(2026, 12, 24),),
)


def slots(now: str, calls: Calls = CALLS) -> list[str]:
    return [f"{begin:%d/%m %H:%M}" for begin, _ in call_slots(calls, "Europe/Paris", datetime.fromisoformat(now))]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-24T05:00+01:00", ["24/11 10:00", "24/11 14:30", "25/11 10:00"]),  # a Tuesday, early
        ("2026-11-24T09:00+01:00", ["24/11 14:30", "25/11 10:00", "25/11 14:30"]),  # 10:00 is too soon
        ("2026-11-24T17:00+01:00", ["25/11 10:00", "25/11 14:30", "26/11 10:00"]),  # after hours
        ("2026-11-27T15:00+01:00", ["30/11 10:00", "30/11 14:30", "01/12 10:00"]),  # over a weekend
        ("2026-12-23T16:00+01:00", ["28/12 10:00", "28/12 14:30", "29/12 10:00"]),  # closed, Christmas, weekend
        ("2026-05-13T18:00+02:00", ["15/05 10:00", "15/05 14:30", "18/05 10:00"]),  # Ascension
        ("2026-04-03T16:00+02:00", ["07/04 10:00", "07/04 14:30", "08/04 10:00"]),  # Easter Monday
        ("2026-11-23T23:30+00:00", ["24/11 10:00", "24/11 14:30", "25/11 10:00"]),  # the day there, not in UTC
    ],
)
def test_calls_are_proposed_inside_the_hours_of_days_on_which_somebody_is_there(now: str, expected: list[str]) -> None:
    assert slots(now) == expected


def test_the_notice_is_in_hours_that_pass_also_when_clocks_are_set() -> None:
    night = Calls(hours={"sunday": ("00:00-24:00",)}, proposed=("06:30-07:00", "07:30-08:00"), notice_hours=6, count=1)
    spring, autumn = "2026-03-29T01:00+01:00", "2026-10-25T01:00+02:00"
    assert slots(spring, night) == ["05/04 06:30"]  # 07:30 there is five and a half hours later
    assert slots(autumn, night) == ["25/10 06:30"]  # and 06:30 six and a half


def test_an_hour_that_the_clock_leaves_out_is_not_proposed() -> None:
    night = Calls(hours={"sunday": ("00:00-06:00",)}, proposed=("02:15-02:45", "03:15-03:45"), notice_hours=0, count=2)
    assert slots("2026-03-28T20:00+01:00", night) == ["29/03 03:15", "05/04 02:15"]


def test_an_account_that_is_closed_for_long_and_the_end_of_time_propose_nothing() -> None:
    shut = Calls(hours={}, proposed=("10:00-11:00",))
    assert slots("2026-11-24T05:00+01:00", shut) == []
    assert slots("9999-12-31T05:00+00:00") == []


@given(st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)))  # noqa: DTZ001  hypothesis wants naive bounds
def test_no_slot_is_in_the_past_or_outside_the_hours(moment: datetime) -> None:
    now = moment.replace(tzinfo=UTC)
    for begin, finish in call_slots(CALLS, "Europe/Paris", now):
        assert begin.astimezone(UTC) - now >= timedelta(hours=CALLS.notice_hours)
        assert begin.weekday() < 5
        assert begin.date() not in french_holidays(begin.year)
        clock = (60 * begin.hour + begin.minute, 60 * finish.hour + finish.minute)
        assert any(first <= clock[0] < clock[1] <= last for first, last in map(minutes, CALLS.hours["monday"]))


def test_slots_are_written_as_people_say_them() -> None:
    found = call_slots(CALLS, "Europe/Paris", datetime(2026, 10, 30, 15, 0, tzinfo=PARIS))
    assert written(found, "fr") == (
        "lundi 2 novembre entre 10 h et 11 h ou entre 14 h 30 et 15 h 30, ou mardi 3 novembre entre 10 h et 11 h"
    )
    apart = written((found[0], found[2]), "fr")
    assert apart == "lundi 2 novembre entre 10 h et 11 h ou mardi 3 novembre entre 10 h et 11 h"
    assert written(found[:1], "en") == "Monday 2 November between 10:00 and 11:00"
    first = call_slots(CALLS, "Europe/Paris", datetime(2026, 11, 30, 18, 0, tzinfo=PARIS))
    assert (written(first[:1], "fr") or "").startswith("mardi 1er décembre")
    assert written(found, "ja") is None
    assert written((), "fr") is None


@pytest.mark.parametrize(
    ("year", "month", "day"), [(1818, 3, 22), (2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2038, 4, 25), (2285, 3, 22)]
)
def test_easter_is_where_the_almanac_has_it(year: int, month: int, day: int) -> None:
    assert easter(year) == date(year, month, day)


def test_france_has_eleven_holidays() -> None:
    assert len(french_holidays(2026)) == 11
    assert {date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25), date(2026, 7, 14)} <= french_holidays(2026)
