"""Whose corrections and words others took up. Figures of a person are for that person and their lead."""

from service.domain.value import Value


class PersonReuse(Value):
    """In how many messages others took up what one person had said, as `SiteReuse` counts it."""

    person: str
    corrections: int
    answers: int


class OwnAnswer(Value):
    """A canned answer that somebody has a part in, and in how many messages others used it."""

    account: str
    id: str
    title: str
    messages: int


class OwnReuse(Value):
    """What others took up of a person's: over the last `days` days, and ever since it is counted."""

    days: int
    corrections: int
    answers: int
    corrections_ever: int
    answers_ever: int
    written: tuple[OwnAnswer, ...]

    @property
    def anything(self) -> bool:
        return bool(self.corrections_ever or self.written)
