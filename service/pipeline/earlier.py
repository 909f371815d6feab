"""The day on which a chaser's earlier message was sent."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from service.domain.history import Earlier
from service.domain.message import Message
from service.domain.moment import in_utc
from service.domain.playbook import Playbook
from service.domain.redacted import Redacted
from service.pipeline.check.facts import facts
from service.pipeline.draft.rules import rules
from service.pipeline.redact.words import fold

LONGEST_DAYS = 400
"""An older date is hardly that of a message which still waits for an answer."""
NEAR_CHARS = 90
NEAR_WORDS = 4
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def earlier_day(
    earlier: Sequence[Earlier], queue: str | None, message: Message, redacted: Redacted, playbook: Playbook
) -> date | None:
    """The first day that is known, by the account's clock: of a message about the same matter that waits for its
    answer, or as the customer gives it himself ("mon mail du 12 mars"); None where neither tells."""
    zone, wait = ZoneInfo(playbook.timezone), timedelta(hours=playbook.bursts.wait_hours)
    waiting = [one.at for one in earlier if one.same_file or one.queue == queue]
    known = [in_utc(at).astimezone(zone).date() for at in waiting if message.received_at - at >= wait]
    today = in_utc(message.received_at).astimezone(zone).date()
    days = [day for day in (*known, *_told(redacted, today)) if 0 < (today - day).days <= LONGEST_DAYS]
    return min(days, default=None)


def _told(redacted: Redacted, today: date) -> Iterator[date]:
    """Dates that follow closely on words for something that the customer sent, in the same sentence."""
    text = redacted.own
    for fact in facts(text):
        if fact.kind == "date" and (day := _day(fact.key, today)) and _was_sent(text, fact.start):
            yield day


def _was_sent(text: str, at: int) -> bool:
    before = _WORD.findall(re.split(r"[.!?;:\n]", fold(text[max(0, at - NEAR_CHARS) : at]))[-1])
    near, known = before[-NEAR_WORDS:], rules()
    sent = not known.sent_before.isdisjoint(near) and known.sent_theirs.isdisjoint(near)
    return sent and not known.sent_own.isdisjoint(before)


def _day(key: str, today: date) -> date | None:
    """`2026-03-12`, or `*-03-12` for the last such day before today."""
    year, month, day = key.split("-")
    try:
        if year != "*":
            return date(int(year), int(month), int(day))
        this = date(today.year, int(month), int(day))
        return this if this < today else date(today.year - 1, int(month), int(day))
    except ValueError:
        return None
