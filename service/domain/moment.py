"""Moments in time, whatever a caller gives."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
"""Where days begin and end."""
EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
LATEST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC, or the nearest one that a datetime can hold."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return EARLIEST if moment.year == 1 else LATEST


def after(moment: datetime, hours: float) -> datetime:
    """So many hours later, or the latest moment that a datetime can hold."""
    try:
        return in_utc(moment) + timedelta(hours=hours)
    except OverflowError:
        return LATEST


def day_of(moment: datetime, zone: ZoneInfo = PARIS) -> date:
    """Its day there; of a moment that no calendar there has, in UTC."""
    try:
        return moment.astimezone(zone).date()
    except OverflowError:
        return in_utc(moment).date()
