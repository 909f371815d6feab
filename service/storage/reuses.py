"""Whose corrections and words others took up, and who canned answers were written by."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import bindparam, delete, func, insert, select

from service.domain.moment import day_of
from service.domain.person import login_of
from service.storage import figures
from service.storage.database import Transaction
from service.storage.insert import Row, add_rows, add_up
from service.storage.schema import (
    answer_authors,
    answer_edits,
    answer_uses,
    answers,
    comparisons,
    confirmed,
    people,
    reuse_days,
    reuses,
)

Kind = Literal["lesson", "answer"]
COUNTED = ("message_id", "account", "kind", "person_id", "by_id", "at")


@dataclass(frozen=True, slots=True)
class Reuse:
    """In some message `by_id` (None: who does not sign in here) took up what `person_id` had said."""

    kind: Kind
    source: str
    person_id: str
    by_id: str | None


@dataclass(frozen=True, slots=True)
class Taken:
    """In how many messages `by` took up what `person` had said; names of people, None for who does not sign in."""

    person: str
    by: str | None
    kind: Kind
    messages: int


def put(transaction: Transaction, of: tuple[str, str, datetime], found: Iterable[Reuse]) -> None:
    """What was taken up in a message, instead of what was known of it. `of`: its id, its account, and when."""
    message_id, account, at = of
    forget(transaction, [message_id])
    about = {"message_id": message_id, "account": account, "at": at}
    names = ("kind", "source", "person_id", "by_id")
    rows = [about | {name: getattr(one, name) for name in names} for one in set(found)]
    if rows:
        transaction.execute(insert(reuses), rows)
        _count(transaction, [tuple(row[name] for name in COUNTED) for row in rows], 1)


def forget(transaction: Transaction, ids: Sequence[str]) -> int:
    """Of these messages nothing was taken up. How many rows there were: what is removed is taken off the days."""
    figures.wait_for_turn(transaction)
    columns = [reuses.c[name] for name in COUNTED]
    gone = transaction.execute(delete(reuses).where(reuses.c.message_id.in_(ids)).returning(*columns)).all()
    days = _count(transaction, map(tuple, gone), -1)
    if days:
        key = [column == bindparam(f"of_{column.name}") for column in reuse_days.primary_key]
        empty = delete(reuse_days).where(*key, reuse_days.c.messages <= 0)
        transaction.execute(empty, [{f"of_{name}": value for name, value in day.items()} for day in days])
    return len(gone)


def recount(transaction: Transaction) -> None:
    """The days anew from the messages, such as after an older program worked on them."""
    figures.wait_for_turn(transaction)
    transaction.execute(delete(reuse_days))
    _count(transaction, map(tuple, transaction.execute(select(*(reuses.c[name] for name in COUNTED)))), 1)


def _count(transaction: Transaction, rows: Iterable[tuple[Any, ...]], sign: int) -> Sequence[Row]:
    """Adds to the days, and says to which: a message counts once for a kind, a person and whoever took it up, whatever
    the number of sources."""
    days = Counter((account, kind, person, by or "", day_of(at)) for _, account, kind, person, by, at in set(rows))
    names = ("account", "kind", "person_id", "by_id", "day", "messages")
    told = [dict(zip(names, (*key, sign * count), strict=True)) for key, count in sorted(days.items())]
    add_up(transaction, reuse_days, told, "messages")
    return told


def logins(transaction: Transaction) -> dict[str, str]:
    """Ids of people by login."""
    return {login: person for person, login in transaction.execute(select(people.c.id, people.c.login))}


def confirmed_by(transaction: Transaction, account: str, ids: Sequence[str]) -> Mapping[str, str]:
    """Who confirmed these messages, of those that a person confirmed here."""
    wanted = select(confirmed.c.external_id, confirmed.c.confirmed_by).where(
        confirmed.c.account == account, confirmed.c.external_id.in_(ids), confirmed.c.source != "import"
    )
    return {row.external_id: row.confirmed_by for row in transaction.execute(wanted)}


def sent(transaction: Transaction, message_id: str) -> tuple[str, list[str]] | None:
    """Who sent the last reply, and the canned answers whose words are in it; None where nothing was sent."""
    mine = comparisons.c.message_id == message_id
    last = select(comparisons.c.sent_by).where(mine).order_by(comparisons.c.reply_id.desc()).limit(1)
    by = transaction.execute(last).scalar_one_or_none()
    used = (answer_uses.c.message_id == message_id) & answer_uses.c.fate.in_(("kept", "edited"))
    return None if by is None else (by, list(transaction.execute(select(answer_uses.c.answer).where(used)).scalars()))


def authors(transaction: Transaction, account: str, ids: Sequence[str], at: datetime) -> list[tuple[str, str]]:
    """Answer and person, of each who had a part in one of these at that time."""
    mine = (answer_authors.c.account == account) & answer_authors.c.answer.in_(ids) & (answer_authors.c.at <= at)
    rows = transaction.execute(select(answer_authors.c.answer, answer_authors.c.person_id).where(mine))
    return [(row.answer, row.person_id) for row in rows]


def add_authors(transaction: Transaction, account: str, answer: str, names: Iterable[str], at: datetime) -> None:
    """The answer was written from what these people said; of nobody who does not sign in here anything is kept."""
    known = logins(transaction)
    found = {known[login] for login in map(login_of, names) if login in known}
    about = {"account": account, "answer": answer, "at": at}
    add_rows(transaction, answer_authors, [about | {"person_id": one} for one in sorted(found)])


def senders(transaction: Transaction, ids: Sequence[str], edited: str | None = None) -> list[str]:
    """Who replied to these messages; only who changed the words of `edited` in doing so, where one is named."""
    table = comparisons if edited is None else answer_edits
    wanted = select(table.c.sent_by).where(table.c.message_id.in_(ids)).distinct()
    if edited is not None:
        wanted = wanted.where(answer_edits.c.answer == edited)
    return list(transaction.execute(wanted).scalars())


def taken(transaction: Transaction, account: str, first: date, last: date) -> list[Taken]:
    """Of all people, on these days in Paris, both inside."""
    days, other = reuse_days.c, people.alias()
    mine = (days.account == account) & days.day.between(first, last)
    own = (days.kind, days.person_id, days.by_id)
    summed = select(*own, func.sum(days.messages).label("messages")).where(mine).group_by(*own).subquery()
    joined = summed.join(people, people.c.id == summed.c.person_id).outerjoin(other, other.c.id == summed.c.by_id)
    wanted = select(people.c.name, other.c.name, summed.c.kind, summed.c.messages).select_from(joined)
    return [Taken(*row) for row in transaction.execute(wanted)]


def of_person(transaction: Transaction, person_id: str, since: datetime | None = None) -> dict[Kind, int]:
    """In how many messages others took up what this person had said, by kind."""
    mine = reuses.c.person_id == person_id
    if since is not None:
        mine &= reuses.c.at >= since
    wanted = select(reuses.c.kind, func.count(reuses.c.message_id.distinct())).where(mine).group_by(reuses.c.kind)
    return {row[0]: row[1] for row in transaction.execute(wanted)}


def answers_of(transaction: Transaction, person_id: str) -> list[tuple[str, str, str, int]]:
    """Account, id, content and messages of the answers that this person has a part in, by account and id."""
    mine = (reuses.c.person_id == person_id) & (reuses.c.kind == "answer")
    used = select(reuses.c.account, reuses.c.source, func.count(reuses.c.message_id.distinct()).label("n"))
    counted = used.where(mine).group_by(reuses.c.account, reuses.c.source).subquery()
    same = (counted.c.account == answer_authors.c.account) & (counted.c.source == answer_authors.c.answer)
    known = (answers.c.account == answer_authors.c.account) & (answers.c.id == answer_authors.c.answer)
    joined = answer_authors.join(answers, known).outerjoin(counted, same)
    wanted = select(answers.c.account, answers.c.id, answers.c.content, func.coalesce(counted.c.n, 0))
    wanted = wanted.select_from(joined).where(answer_authors.c.person_id == person_id, answers.c.retired_at.is_(None))
    return [tuple(row) for row in transaction.execute(wanted.order_by(answers.c.account, answers.c.id))]
