"""Days as forms and addresses give them."""

from datetime import date, datetime, time, timedelta

from service.domain.moment import PARIS


def midnight(day: str, later: int) -> datetime | None:
    """The start of the day in Paris, so many days later; None for what is no day."""
    try:
        return datetime.combine(date.fromisoformat(day) + timedelta(days=later), time(), PARIS)
    except (ValueError, OverflowError):
        return None
