"""When a customer may be called back: a few times inside the account's hours, proposed and never booked."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, islice
from string import Template
from zoneinfo import ZoneInfo

from service.domain.moment import after, in_utc
from service.domain.situation import DAYS, Calls, minutes
from service.pipeline.draft.calendar import HOLIDAYS
from service.pipeline.draft.rules import rules

FARTHEST_DAYS = 60
"""An account that is closed for longer proposes nothing."""

Slot = tuple[datetime, datetime]
"""By the account's clock."""


def call_slots(calls: Calls, timezone: str, now: datetime, count: int | None = None) -> tuple[Slot, ...]:
    """The next ones, none sooner than the account's notice after `now`; `count` of them, or as many as the account
    proposes, and fewer where it is long closed."""
    zone, soonest = ZoneInfo(timezone), after(now, calls.notice_hours)
    try:
        today = in_utc(now).astimezone(zone).date()
        days = [today + timedelta(days=ahead) for ahead in range(FARTHEST_DAYS)]
    except OverflowError:
        return ()
    free = (slot for day in days for slot in _of_day(day, calls, zone) if slot[0].astimezone(UTC) >= soonest)
    return tuple(islice(free, count or calls.count))


def within_hours(calls: Calls, timezone: str, slot: Slot) -> bool:
    """Whether the account calls then: on one day, inside its hours, on no holiday."""
    begin, end = (in_utc(moment).astimezone(ZoneInfo(timezone)) for moment in slot)
    day = begin.date()
    if end.date() != day or day in calls.closed or day in HOLIDAYS[calls.holidays](day.year):
        return False
    first, last = (moment.hour * 60 + moment.minute for moment in (begin, end))
    opened = map(minutes, calls.hours.get(DAYS[day.weekday()], ()))
    return any(start <= first and last <= stop for start, stop in opened)


def _of_day(day: date, calls: Calls, zone: ZoneInfo) -> Iterator[Slot]:
    if day in calls.closed or day in HOLIDAYS[calls.holidays](day.year):
        return
    opened = [minutes(hours) for hours in calls.hours.get(DAYS[day.weekday()], ())]
    for start, end in sorted(map(minutes, calls.proposed)):
        inside = any(first <= start and end <= last for first, last in opened)
        begin, finish = _at(day, start, zone), _at(day, end, zone)
        if inside and _exists(begin) and _exists(finish):
            yield begin, finish


def _at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """By the clock on the wall, whatever was set forward or back that night."""
    return datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minute)


def _exists(moment: datetime) -> bool:
    """False for the hour that is left out when clocks are set forward."""
    return moment.astimezone(UTC).astimezone(moment.tzinfo) == moment


def written(slots: tuple[Slot, ...], language: str) -> str | None:
    """`mardi 24 novembre entre 10 h et 11 h ou …`, each day named once; None where there are none, or no words for it
    in that language."""
    words = rules().slots.get(language)
    if not slots or words is None:
        return None
    days = [(day, [*found]) for day, found in groupby(slots, key=lambda slot: slot[0].date())]
    said = [_written(day, found, words, language) for day, found in days]
    several = any(len(found) > 1 for _, found in days)
    return _either(said, words["or_day"] if several else words["or"])


def _written(day: date, slots: Sequence[Slot], words: dict[str, str], language: str) -> str:
    hours = [Template(words["span"]).substitute(start=_hour(one, words), end=_hour(two, words)) for one, two in slots]
    return Template(words["slot"]).substitute(
        weekday=rules().weekdays[language][day.weekday()],
        date=dated(day, language, with_year=False),
        hours=_either(hours, words["or"]),
    )


def _either(said: Sequence[str], last: str) -> str:
    return last.join([", ".join(said[:-1]), said[-1]]) if len(said) > 1 else said[0]


def dated(day: date, language: str, *, with_year: bool = True) -> str | None:
    """`1er mars 2026`; None in a language whose months are not known."""
    months = rules().months.get(language)
    if months is None:
        return None
    first = rules().slots[language]["first"] if day.day == 1 else ""
    return f"{day.day}{first} {months[day.month - 1]}{f' {day.year}' if with_year else ''}"


def _hour(moment: datetime, words: dict[str, str]) -> str:
    pattern = words["hour"] if moment.minute == 0 else words["minute"]
    return Template(pattern).substitute(hour=moment.hour, minute=f"{moment.minute:02d}")
