"""People who sign in."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from service.domain.person import Person
from service.storage.database import Transaction
from service.storage.insert import add_row
from service.storage.schema import people

_PLAIN = tuple(column for column in people.c if column.name != "password")
COLUMNS = (*_PLAIN, people.c.password.is_not(None).label("has_password"))
"""What a Person is made of: never the password's hash."""


def add(transaction: Transaction, person: Person, password: str | None = None) -> bool:
    """False where somebody has that login already."""
    return add_row(transaction, people, person.model_dump(exclude={"has_password"}) | {"password": password})


def all_people(transaction: Transaction) -> list[Person]:
    """By login."""
    return [Person(**row) for row in transaction.execute(select(*COLUMNS).order_by(people.c.login)).mappings()]


def by_login(transaction: Transaction, login: str) -> Person | None:
    return _one(transaction, people.c.login == login)


def by_id(transaction: Transaction, person_id: str) -> Person | None:
    return _one(transaction, people.c.id == person_id)


def by_subject(transaction: Transaction, subject: str) -> Person | None:
    return _one(transaction, people.c.subject == subject)


def password_of(transaction: Transaction, login: str) -> tuple[Person, str] | None:
    """The person with the hash of their password; None for those who are not known, or have none."""
    row = transaction.execute(select(*COLUMNS, people.c.password).where(people.c.login == login)).mappings().first()
    if row is None or row["password"] is None:
        return None
    fields: dict[str, Any] = dict(row)
    return Person(**{name: fields[name] for name in Person.model_fields}), fields["password"]


def change(transaction: Transaction, person_id: str, **values: Any) -> None:
    transaction.execute(update(people).where(people.c.id == person_id).values(values))


def lock(transaction: Transaction) -> None:
    """Whoever changes who may do what stands in line, so that the last admin cannot be lost between two."""
    transaction.execute(select(people.c.id).where(people.c.role == "admin").with_for_update())


def admins(transaction: Transaction) -> int:
    """How many there are who can come in: not disabled, with a password or by single sign-on."""
    able = people.c.disabled_at.is_(None) & (people.c.password.is_not(None) | people.c.subject.is_not(None))
    return transaction.execute(select(func.count()).where((people.c.role == "admin") & able)).scalar_one()


def signed_in(transaction: Transaction, person_id: str, at: datetime) -> None:
    change(transaction, person_id, signed_in_at=at)


def _one(transaction: Transaction, wanted: Any) -> Person | None:
    row = transaction.execute(select(*COLUMNS).where(wanted)).mappings().one_or_none()
    return Person(**row) if row else None
