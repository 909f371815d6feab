"""Whether the day or the wait that a chaser tells is found, on messages made up by hand: waits.yaml."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from service.pipeline.told import waits
from service.yaml_file import read_yaml

WRITTEN = Path(__file__).with_name("waits.yaml")
HALVES = ("tried", "kept")


@dataclass(frozen=True, slots=True)
class Asked:
    """`names`: what a reader would name, `found`: what is found; None for nothing."""

    text: str
    names: date | str | None
    found: date | str | None


def asked(half: str) -> list[Asked]:
    given = read_yaml(WRITTEN)
    return [Asked(one["text"], _small(one["names"]), _first(one["text"], given["received"])) for one in given[half]]


def table() -> Iterator[str]:
    yield f"{'':8s}{'told':>6s}{'found':>8s}{'otherwise':>11s}{'not told':>10s}{'invented':>10s}"
    for half in HALVES:
        told = [one for one in asked(half) if one.names is not None]
        silent = [one for one in asked(half) if one.names is None]
        found = sum(one.found == one.names for one in told)
        otherwise = sum(one.found not in (None, one.names) for one in told)
        invented = sum(one.found is not None for one in silent)
        yield f"{half:8s}{len(told):6d}{found:8d}{otherwise:11d}{len(silent):10d}{invented:10d}"


def _first(text: str, received: date) -> date | str | None:
    told = min(waits(text, received), key=lambda one: one.since, default=None)
    return (told.day or told.words) if told else None


def _small(given: Any) -> Any:
    return given.lower() if isinstance(given, str) else given
