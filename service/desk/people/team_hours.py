"""When a team is there: by its own clock, holidays and closed days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from service.domain.moment import in_utc
from service.domain.situation import DAYS, minutes
from service.domain.team import TeamPlan
from service.pipeline.draft.calendar import HOLIDAYS

FARTHEST_DAYS = 60
"""A team that is closed for longer is taken to have no next opening."""


def opens(team: TeamPlan, now: datetime) -> datetime | None:
    """`now` while it is open, else the moment of its next opening in UTC; None where it stays closed for long."""
    if not any(team.hours.values()) and not team.closed and team.holidays == "none":
        return in_utc(now)
    zone = ZoneInfo(team.timezone)
    today = in_utc(now).astimezone(zone).date()
    for ahead in range(FARTHEST_DAYS):
        for begin, end in _opened(team, today + timedelta(days=ahead), zone):
            if now < end:
                return max(in_utc(now), begin)
    return None


def _opened(team: TeamPlan, day: date, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """In UTC, in order."""
    if day in team.closed or day in HOLIDAYS[team.holidays](day.year):
        return []
    told = team.hours.get(DAYS[day.weekday()], ()) if any(team.hours.values()) else ("00:00-24:00",)
    return sorted((_at(day, start, zone), _at(day, end, zone)) for start, end in map(minutes, told))


def _at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """By the clock on the wall, whatever was set forward or back that night."""
    return (datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(minutes=minute)).astimezone(UTC)
