"""The library as a list: which answers, in which order, and how each stands today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from service.desk.answers.usage import Tally
from service.desk.clock import utc_now
from service.domain.answers import AnswerState
from service.domain.moment import PARIS
from service.pipeline.redact.words import fold

SOON = timedelta(days=30)

Standing = Literal["valid", "ending", "expired", "not_yet", "retired"]
Order = Literal["title", "used", "least_kept", "newest"]
STANDINGS: tuple[Standing, ...] = get_args(Standing)
ORDERS: tuple[Order, ...] = get_args(Order)


@dataclass(frozen=True, slots=True)
class Row:
    state: AnswerState
    standing: Standing
    tally: Tally

    @property
    def kept(self) -> float | None:
        """Share of the replies that took it word for word."""
        return self.tally.kept / self.tally.sent if self.tally.sent else None


class Shelf:
    def __init__(self, states: Sequence[AnswerState], tallies: Mapping[str, Tally]) -> None:
        today = utc_now().astimezone(PARIS).date()
        self._rows = [Row(one, standing_of(one, today), tallies.get(one.answer.id, Tally())) for one in states]

    @property
    def languages(self) -> list[str]:
        return sorted({row.state.answer.language for row in self._rows})

    def rows(
        self, words: str = "", queue: str = "", language: str = "", standing: str = "", order: str = "title"
    ) -> list[Row]:
        """Those that hold every word, whatever its accents. Empty ones ask for nothing; retired answers are there
        where they are asked for."""
        asked = fold(words).split()
        fitting = (row for row in self._rows if _fits(row, queue, language, standing) and _says(row, asked))
        return sorted(fitting, key=_KEYS.get(order, _by_title))


def standing_of(state: AnswerState, today: date | None = None) -> Standing:
    day, answer = today or utc_now().astimezone(PARIS).date(), state.answer
    if state.retired_at is not None:
        return "retired"
    if answer.valid_from and answer.valid_from > day:
        return "not_yet"
    if answer.valid_until and answer.valid_until < day:
        return "expired"
    return "ending" if answer.valid_until and answer.valid_until - day <= SOON else "valid"


def _fits(row: Row, queue: str, language: str, standing: str) -> bool:
    answer = row.state.answer
    if queue not in {"", answer.queue} or language not in {"", answer.language}:
        return False
    return row.standing == standing if standing else row.standing != "retired"


def _says(row: Row, words: Sequence[str]) -> bool:
    text = fold(f"{row.state.answer.id} {row.state.answer.searched}") if words else ""
    return all(word in text for word in words)


def _by_title(row: Row) -> tuple[float, str]:
    return (0, fold(row.state.answer.title))


def _by_use(row: Row) -> tuple[float, str]:
    return (-row.tally.drafts, row.state.answer.id)


def _by_kept(row: Row) -> tuple[float, str]:
    return (1.1 if row.kept is None else row.kept, row.state.answer.id)


def _by_age(row: Row) -> tuple[float, str]:
    return (-row.state.updated_at.timestamp(), row.state.answer.id)


_KEYS = {"title": _by_title, "used": _by_use, "least_kept": _by_kept, "newest": _by_age}
