"""A person's word about a message made a confirmed message, and taken back."""

from dataclasses import dataclass
from datetime import datetime

from service.desk.answers.passages import lesson_passages
from service.domain.case import Case
from service.domain.collections import confirmed_of
from service.domain.confirmed import Confirmed
from service.domain.message import Message
from service.domain.redacted import Redacted
from service.storage import confirmed, passages, refits
from service.storage.confirmed import Lesson, Source
from service.storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Said:
    """By whom, when, and, if they like, why. The comment is kept where it can be erased, not in an event."""

    by: str
    at: datetime
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message with what may be learned from it."""

    message: Message
    redacted: Redacted


def lesson_id(case: Case) -> str:
    """What the message is called among confirmed ones."""
    return case.external_id or case.id


def teach(
    transaction: Transaction,
    case: Case,
    queue: str,
    heard: Heard,
    said: Said,
    source: Source,
    answers: tuple[str, ...] = (),
) -> None:
    """The next message finds it among its neighbours, and the next fit learns from it: its flags too, where somebody
    has said which are right."""
    triage, told = case.triage, case.flagged_at is not None
    one = Confirmed(
        message=heard.message.model_copy(update={"external_id": lesson_id(case)}),
        queue=queue,
        secondary=tuple(other for other in triage.secondary if other != queue) if triage else (),
        flags=case.flags or (),
        answers=answers,
        language=heard.redacted.language,
    )
    lesson = Lesson(one, heard.redacted, source, said.by, said.comment, flags_told=told)
    confirmed.put(transaction, case.account, [lesson], said.at)
    passages.put(transaction, confirmed_of(case.account), lesson_passages([lesson]))
    refits.count_change(transaction, case.account, said.at)


def unteach(transaction: Transaction, case: Case, at: datetime, source: Source = "correction") -> None:
    """Nothing is learned any more from what a correction, or another source, taught; what else confirmed the message
    stays."""
    known = lesson_id(case)
    if confirmed.source(transaction, case.account, known) != source:
        return
    confirmed.remove(transaction, case.account, [known])
    passages.remove(transaction, confirmed_of(case.account), [known])
    refits.count_change(transaction, case.account, at)
