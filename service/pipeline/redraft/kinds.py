"""What the sentences of a canned answer are there for, as words tell it: prompts/drafts/shorter.yaml."""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from service.settings import PROMPTS
from service.yaml_file import read_yaml


class Kind(IntEnum):
    """What can go from a shorter draft once courtesy is gone; the first go first."""

    ACKNOWLEDGEMENT = 0
    SECOND_WAY = 1
    NOTICE = 2
    RELATIVE = 3
    MORE = 4
    INVITATION = 5
    TELLING = 6
    HOURS = 7


@dataclass(frozen=True, slots=True, eq=False)
class Kinds:
    """Patterns match folded text."""

    acknowledges: re.Pattern[str]
    conditions: re.Pattern[str]
    invites: re.Pattern[str]
    states: re.Pattern[str]
    urgent: re.Pattern[str]
    notices: re.Pattern[str]
    more: re.Pattern[str]
    also: re.Pattern[str]
    relatives: re.Pattern[str]
    hours: re.Pattern[str]
    wants_hours: re.Pattern[str]


@cache
def kinds() -> Kinds:
    """As shipped. Raises FileNotFoundError, KeyError or re.error where something is missing or wrong."""
    given = {name: "|".join(ways) for name, ways in read_yaml(PROMPTS / "drafts" / "shorter.yaml").items()}
    return Kinds(
        acknowledges=re.compile(given["acknowledges"]),
        conditions=re.compile(given["conditions"]),
        invites=re.compile(rf"(?:{given['invites']})(?!\w)"),
        states=re.compile(given["states"]),
        urgent=re.compile(rf"(?<!\w)(?:{given['urgent']})"),
        notices=re.compile(given["notices"]),
        more=re.compile(given["more"]),
        also=re.compile(rf"(?:{given['also']})(?=[.!]$)"),
        relatives=re.compile(rf"(?:{given['relatives']})(?=[.!]$)"),
        hours=re.compile(given["hours"]),
        wants_hours=re.compile(rf"(?<!\w)(?:{given['wants_hours']})"),
    )
