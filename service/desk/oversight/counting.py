"""What one message adds to the figures of the oversight: counted from its events alone, so that it can be counted again
when the message itself is gone."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from service.domain.moment import day_of, in_utc
from service.pipeline.votes.history import CHASER

Cell = tuple[str, date, str, str]
"""Kind, day in Paris, name, value: a row of the table of figures."""

HOURS = (24, 48)
VERDICTS = ("kept", "edited", "rewritten", "none")
A_DOUBLING = 4
"""Waiting times are counted in classes of a ratio: so many in a doubling, from a minute on."""


@dataclass(frozen=True, slots=True)
class Happened:
    """An event, as far as it counts."""

    kind: str
    at: datetime
    before: dict[str, Any]
    after: dict[str, Any]


@dataclass(slots=True)
class Life:
    """What is known of a message after its events."""

    channel: str
    received_at: datetime
    queue: str = ""
    routed: str | None = None
    best: str | None = None
    triaged: bool = False
    chaser: bool | None = None
    said: list[str] = field(default_factory=list)
    team: str = ""
    claimed_at: datetime | None = None
    sent_at: datetime | None = None
    verdict: tuple[datetime, str] | None = None
    flows: Counter[Cell] = field(default_factory=Counter)


def counted(events: Sequence[Happened], channel: str | None, received_at: datetime | None) -> dict[Cell, float]:
    """The cells that the message is in, with its amounts. What its first event does not say of channel and arrival,
    an older program's, is given; where it is gone, the event's own time counts."""
    if not events:
        return {}
    first = events[0].after
    known = datetime.fromisoformat(first["received_at"]) if "received_at" in first else received_at
    life = Life(first.get("channel") or channel or "", known or events[0].at)
    for event in events:
        _lived(life, event)
    found = Counter(life.flows)
    for cell in (*_arrived(life), *_reviewed(life), *_handled(life)):
        found[cell] += 1
    return dict(found)


def _lived(life: Life, event: Happened) -> None:
    after, day = event.after, day_of(event.at)
    match event.kind:
        case "message_triaged":
            _concluded(life, after)
            _spend(life, after, day)
        case "queue_corrected" | "queue_confirmed" | "correction_undone" | "flags_corrected":
            _told(life, event, day)
        case "case_claimed":
            life.claimed_at = life.claimed_at or event.at
            life.team = after.get("team") or life.team
        case "case_escalated" | "case_handed_back":
            life.flows["total", day, event.kind, ""] += 1
        case "reply_recorded":
            sent = datetime.fromisoformat(after["sent_at"]) if "sent_at" in after else event.at
            life.sent_at = life.sent_at or sent
            life.team = after.get("team") or life.team
            life.verdict = (sent, after.get("verdict") or "none")
        case "draft_made":
            _spend(life, after, day)


def _told(life: Life, event: Happened, day: date) -> None:
    """What a person says of its queue or its flags."""
    if event.kind == "flags_corrected":
        life.chaser = CHASER in event.after["flags"]
    elif event.kind == "correction_undone":
        life.queue = event.after.get("queue") or ""
        life.said = life.said[:-1]
    else:
        life.queue = event.after["queue"]
        life.said.append(life.queue)
        life.flows["total", day, event.kind, ""] += 1


def _concluded(life: Life, after: dict[str, Any]) -> None:
    """The first triage counts; a later one found the message as it was. Of its flags a person's word counts."""
    if life.triaged:
        return
    life.triaged = True
    life.routed = after.get("queue") if after.get("outcome") == "routed" else None
    life.best = after.get("best") or life.routed
    life.queue = life.queue or life.routed or ""
    if life.chaser is None:
        life.chaser = CHASER in after.get("flags", ())


def _spend(life: Life, after: dict[str, Any], day: date) -> None:
    for name in ("calls", "prompt_tokens", "completion_tokens", "cost_usd"):
        if after.get(name):
            life.flows["total", day, name, ""] += after[name]
    if after.get("calls") and after.get("cost_usd") is None:
        life.flows["total", day, "unpriced", ""] += 1


def _arrived(life: Life) -> Iterable[Cell]:
    """By the day on which it was received."""
    names = ["received"]
    if life.sent_at is not None:
        waited = (in_utc(life.sent_at) - in_utc(life.received_at)).total_seconds() / 3600
        names += ["answered", *(f"within_{hours}" for hours in HOURS if waited <= hours)]
    yield from _along(life, day_of(life.received_at), names)
    if life.chaser:
        yield "total", day_of(life.received_at), "chaser", ""


def _reviewed(life: Life) -> Iterable[Cell]:
    """Whether it was routed, and what people said of it: of a message that was answered where it was, nothing but
    that."""
    day = day_of(life.received_at)
    if not life.triaged:
        return
    right = life.said[-1] if life.said else life.queue if life.sent_at is not None else None
    names = ["routed" if life.routed else "abstained"]
    if right and life.routed:
        names.append("routed_right" if life.routed == right else "routed_wrong")
    if right and life.best:
        names.append("guess_right" if life.best == right else "guess_wrong")
    yield from (("total", day, name, "") for name in names)


def _handled(life: Life) -> Iterable[Cell]:
    """By the days on which it was taken and answered."""
    if life.claimed_at is not None:
        yield "total", day_of(life.claimed_at), "to_claim", _class(life.received_at, life.claimed_at)
    if life.sent_at is None:
        return
    day = day_of(life.sent_at)
    yield from _along(life, day, ["handled"])
    yield "total", day, "to_sent", _class(life.received_at, life.sent_at)
    if life.verdict is not None:
        sent, verdict = life.verdict
        for kind, value in (("total", ""), ("team", life.team)):
            yield kind, day_of(sent), f"draft_{verdict if verdict in VERDICTS else 'none'}", value


def _along(life: Life, day: date, names: Iterable[str]) -> Iterable[Cell]:
    kinds = (("total", ""), ("channel", life.channel), ("queue", life.queue), ("team", life.team))
    yield from ((kind, day, name, value) for name in names for kind, value in kinds)


def _class(begin: datetime, end: datetime) -> str:
    """Of a length of time; sorted as numbers are."""
    minutes = max(1.0, (in_utc(end) - in_utc(begin)).total_seconds() / 60)
    return f"{int(A_DOUBLING * math.log2(minutes)):03d}"


def bounds(name: str) -> tuple[float, float]:
    """Of that class of waiting times, in hours; what took less than a minute is of the first."""
    place = int(name)
    low, high = (2 ** (edge / A_DOUBLING) / 60 for edge in (place, place + 1))
    return (0.0 if place == 0 else low), high
