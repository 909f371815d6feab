"""Since when the sender of a chaser waits: by what is stored, or as he tells it."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from service.domain.history import Earlier
from service.domain.message import Message
from service.domain.moment import day_of
from service.domain.playbook import Playbook
from service.domain.redacted import Redacted
from service.pipeline.told import Told, waits

LONGEST_DAYS = 400
"""An older date is hardly that of a message which still waits for an answer."""
NEARLY = 4
"""A wait in weeks or months is rounded: a known day that is less than so manieth of it later is the same one."""


def earlier_wait(
    earlier: Sequence[Earlier], queue: str | None, message: Message, redacted: Redacted, playbook: Playbook
) -> Told | None:
    """The longest one that is known, by the account's clock: since a message about the same matter that waits for its
    answer, or as the customer gives it himself ("mon mail du 12 mars", "depuis trois semaines"); None where neither
    tells. A day of the calendar is preferred to words that say about the same."""
    zone, wait = ZoneInfo(playbook.timezone), timedelta(hours=playbook.bursts.wait_hours)
    waiting = [one.at for one in earlier if one.same_file or one.queue == queue]
    known = [day_of(at, zone) for at in waiting if message.received_at - at >= wait]
    today = day_of(message.received_at, zone)
    found = [*(Told.of_message(day) for day in known), *waits(redacted.own, today)]
    days = [one for one in found if one.day and 0 < (today - one.day).days <= LONGEST_DAYS]
    words = [one for one in found if one.day is None and 0 <= (today - one.since).days <= LONGEST_DAYS]
    first = min(days, key=_first, default=None)
    longest = min(words, key=_first, default=None)
    if longest is None or (first and first.since <= longest.since + (today - longest.since) / NEARLY):
        return first
    return longest


def _first(one: Told) -> tuple[date, bool]:
    return one.since, not one.message
