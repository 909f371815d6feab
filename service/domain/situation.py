"""What a message's situation adds to a draft, or takes out of it: an account's own sentences, as data."""

import re
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from service.domain.value import Value

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
DAYS: tuple[Day, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

FACT = re.compile(r"\{facts((?:\.[a-z0-9_]+)+)\}")
"""A placeholder for one of the account's facts, by its path: `{facts.reclamation.reponse}`."""
SLOTS = ("creneau", "creneaux")
"""Placeholders for the times at which a call is proposed."""
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


def minutes(hours: str) -> tuple[int, int]:
    """`09:00-18:30` as minutes since midnight, by the clock on the wall."""
    found = _HOURS.fullmatch(hours)
    if found is None:
        raise ValueError("write hours as 09:00-18:30")
    start, end = 60 * int(found[1]) + int(found[2]), 60 * int(found[3]) + int(found[4])
    if not start < end <= 24 * 60:
        raise ValueError("hours end after they begin, on the same day")
    return start, end


def _hours(written: str) -> str:
    minutes(written)
    return written


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Hours = Annotated[str, AfterValidator(_hours)]
Lines = Annotated[tuple[Line, ...], Field(strict=False), BeforeValidator(_listed)]


class Calls(Value):
    """When the account calls customers back. `proposed` are the times of day that a draft proposes, `count` of them,
    from `notice_hours` after the triage on; on no holiday of the country `holidays`, and on no day `closed`."""

    hours: dict[Day, Annotated[tuple[Hours, ...], Field(strict=False)]]
    proposed: Annotated[tuple[Hours, ...], Field(strict=False, min_length=1)]
    holidays: Literal["FR", "none"] = "none"
    closed: Annotated[tuple[Annotated[date, Field(strict=False)], ...], Field(strict=False)] = ()
    notice_hours: Annotated[int, Field(ge=0, le=240)] = 4
    count: Annotated[int, Field(ge=1, le=5)] = 3


class Addition(Value):
    """A sentence of the account's for a draft, in each language in ways of which the first is taken whose
    placeholders can all be filled. Where the draft says one of the words `unless` already, one of `instead` is said,
    if what fills it is not there yet; else nothing."""

    place: Literal["opening", "closing"]
    text: dict[Language, Lines]
    unless: Lines = ()
    instead: dict[Language, Lines] = Field(default_factory=dict)

    def ways(self, language: str) -> tuple[Line, ...]:
        """All that may be said in that language."""
        return (*self.text.get(language, ()), *self.instead.get(language, ()))


class Situation(Value):
    """Applies to messages of one of its `queues`, or with one of its `flags` up, unless one before it `replaces` it.

    `instructions` are for the model. `plain`: no commercial sentence (`tone.commercial`). `leave_out`: words whose
    sentences do not belong here. `offers`: canned answers that hold what is offered to keep a customer: they stand
    after the answer to what he asked.
    """

    id: Id
    label: Line
    queues: Annotated[tuple[Id, ...], Field(strict=False)] = ()
    flags: Annotated[tuple[Id, ...], Field(strict=False)] = ()
    replaces: Annotated[tuple[Id, ...], Field(strict=False)] = ()
    instructions: Lines = ()
    plain: bool = False
    leave_out: Lines = ()
    offers: Annotated[tuple[Id, ...], Field(strict=False)] = ()
    add: Annotated[tuple[Addition, ...], Field(strict=False)] = ()

    @property
    def proposes_call(self) -> bool:
        """Whether a draft that it applies to proposes times for a call."""
        lines = (line for addition in self.add for language in addition.text for line in addition.ways(language))
        return any(f"{{{slot}}}" in line for line in lines for slot in SLOTS)
