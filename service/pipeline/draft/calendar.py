"""Days on which nobody is called: a country's public holidays."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import lru_cache

_FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_AFTER_EASTER = (1, 39, 50)
"""Easter Monday, Ascension, Whit Monday. Code du travail, article L3133-1."""


@lru_cache(maxsize=64)
def french_holidays(year: int) -> frozenset[date]:
    """The eleven days of the whole country; what only Alsace, Moselle or overseas keep is the account's to close."""
    moving = (easter(year) + timedelta(days=days) for days in _AFTER_EASTER)
    return frozenset([*(date(year, month, day) for month, day in _FIXED), *moving])


def easter(year: int) -> date:
    """Easter Sunday by the Gregorian calendar (Meeus, Astronomical Algorithms, 1991, chapter 8)."""
    century, place = divmod(year, 100)
    leap_centuries, rest = divmod(century, 4)
    moon = (8 * century + 13) // 25
    epact = (19 * (year % 19) + century - leap_centuries - moon + 15) % 30
    leaps, days = divmod(place, 4)
    weekday = (32 + 2 * rest + 2 * leaps - epact - days) % 7
    late = (year % 19 + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


HOLIDAYS: Mapping[str, Callable[[int], frozenset[date]]] = {"FR": french_holidays, "none": lambda _: frozenset()}
