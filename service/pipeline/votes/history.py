"""What the same sender wrote before, or whoever wrote about the same file, and nobody answered."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from service.domain.history import Earlier
from service.domain.message import Message
from service.domain.playbook import Playbook
from service.domain.votes import Evidence, Vote
from service.phrases import Phrases

CHASER = "chaser"
"""The flag of a playbook that this voter knows about."""
ONE, MORE = 0.9, 0.97
"""How likely a chaser is after one unanswered message about the same matter, and after more, for a message whose words
leave it open: with one the words must still lean towards it, with two they need not. Guesses, until history counts."""
EARLIEST = datetime(2, 1, 2, tzinfo=UTC)
"""A year before it there is no calendar."""
LIKELY = 0.2
"""Probability from which a queue may be what the message is about."""


def in_thread(message: Message) -> list[Earlier]:
    """What the customer wrote in the thread after the last answer."""
    since: list[Earlier] = []
    for entry in message.thread:
        if entry.direction == "out":
            since.clear()
        else:
            since.append(Earlier(at=_aware(entry.at, message.received_at), same_file=True))
    return since


def vote(
    earlier: Sequence[Earlier], votes: Sequence[Vote], message: Message, playbook: Playbook, phrases: Phrases
) -> Vote:
    """Abstains where nothing has waited long enough. `votes`: the local voters' word on what the message is about."""
    likely = {queue for each in votes for queue, score in each.scores.items() if score >= LIKELY}
    wait = timedelta(hours=playbook.bursts.wait_hours)
    waiting = [
        one.at for one in earlier if (one.same_file or one.queue in likely) and message.received_at - one.at >= wait
    ]
    if not waiting or CHASER not in {flag.id for flag in playbook.flags}:
        return Vote(voter="history")
    first = _there(min(waiting), playbook.timezone).strftime(phrases("decisions.history.date"))
    said = phrases("decisions.history.unanswered", count=len(waiting) + 1, since=first)
    evidence = Evidence(voter="history", kind="history", text=said, queue="", ref=CHASER)
    return Vote(voter="history", flags={CHASER: ONE if len(waiting) == 1 else MORE}, evidence=(evidence,))


def _aware(moment: datetime | None, otherwise: datetime) -> datetime:
    """An entry without a time, or without its zone, stands where it can only be earlier than the message."""
    if moment is None:
        return max(otherwise, EARLIEST) - timedelta(days=365)
    return moment if moment.tzinfo else moment.replace(tzinfo=otherwise.tzinfo)


def _there(moment: datetime, timezone: str) -> datetime:
    """By the account's clock; a sender may also write a time that no calendar there has."""
    try:
        return moment.astimezone(ZoneInfo(timezone))
    except OverflowError:
        return moment
