"""People who sign in: added, disabled, given a role and accounts. Each change ends what it could contradict."""

from collections.abc import Iterable
from datetime import datetime

from service.desk.clock import Clock, utc_now
from service.domain.event import EventKind
from service.domain.person import LANGUAGES, ROLES, THEMES, Person, Role, login_of
from service.errors import ConflictError, FieldProblem, MissingError, RefusedError
from service.storage import accounts, people, sessions
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record
from service.storage.ids import new_id

LONGEST_NAME = 100

NO_SUCH_PERSON = FieldProblem("name", "give a name of the list of people", "no_such_person")


class People:
    """`by` is who asks for a change; names are found whatever their case."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def add(self, name: str, role: Role, by: str, only: Iterable[str] | None = None) -> Person:
        """Somebody who has no password yet. `only`: the accounts that they see; None: all. Raises RefusedError,
        ConflictError where the name is taken."""
        person = new_person(name, role, self._clock(), only)
        return await self._database.write(add_person, person, by)

    async def list(self) -> list[Person]:
        """All, disabled ones too, by name."""
        return await self._database.read(people.all_people)

    async def get(self, name: str) -> Person:
        """Raises MissingError."""
        return await self._database.read(find_person, name)

    async def disable(self, name: str, by: str) -> Person:
        """Ends their sessions and links at once. Raises MissingError, ConflictError for the last admin."""
        return await self._database.write(_disable, name, by, self._clock())

    async def enable(self, name: str, by: str) -> Person:
        return await self._database.write(_enable, name, by, self._clock())

    async def give_role(self, name: str, role: Role, by: str) -> Person:
        """Ends their sessions: they sign in again with the new role. Raises MissingError, RefusedError,
        ConflictError for the last admin."""
        _checked("role", role, ROLES)
        return await self._database.write(give_role, name, role, by, self._clock())

    async def limit(self, name: str, only: Iterable[str] | None, by: str) -> Person:
        """Lets them see those accounts alone, or all. Raises MissingError, RefusedError for an unknown account."""
        return await self._database.write(_limit, name, _named(only), by, self._clock())

    async def prefer(self, name: str, language: str | None, theme: str, keys: bool = True) -> Person:
        """How they like their pages. Raises RefusedError."""
        _checked("theme", theme, THEMES)
        if language is not None:
            _checked("language", language, LANGUAGES)
        liked = {"language": language, "theme": theme, "keys": keys}
        return await self._database.write(_prefer, name, liked, self._clock())


def new_person(
    name: str, role: Role, at: datetime, only: Iterable[str] | None = None, subject: str | None = None
) -> Person:
    """Raises RefusedError for a name or a role that cannot be."""
    shown = " ".join(name.split())
    if not shown or len(shown) > LONGEST_NAME or not shown.isprintable():
        message = f"give 1 to {LONGEST_NAME} characters that can be read"
        raise RefusedError("That name cannot be used.", (FieldProblem("name", message, "name_length"),))
    _checked("role", role, ROLES)
    login, named = login_of(shown), _named(only)
    return Person(id=new_id(), name=shown, login=login, role=role, accounts=named, subject=subject, created_at=at)


def add_person(transaction: Transaction, person: Person, by: str, password: str | None = None) -> Person:
    _known_accounts(transaction, person.accounts)
    if not people.add(transaction, person, password):
        problem = FieldProblem("name", "choose another name", "name_taken")
        raise ConflictError("Somebody has that name already.", (problem,))
    after = {"name": person.name, "role": person.role, "accounts": person.accounts}
    record(transaction, new_event("person_added", person.id, person.created_at, None, by, after=after))
    return person


def find_person(transaction: Transaction, name: str) -> Person:
    found = people.by_login(transaction, login_of(name))
    if found is None:
        raise MissingError("There is nobody of that name.", (NO_SUCH_PERSON,))
    return found


def _disable(transaction: Transaction, name: str, by: str, at: datetime) -> Person:
    people.lock(transaction)
    person = find_person(transaction, name)
    if person.disabled_at is not None:
        return person
    changed = _changed(transaction, person, "person_disabled", by, at, disabled_at=at)
    sessions.end_all(transaction, person.id)
    _admin_left(transaction, person)
    return changed


def _enable(transaction: Transaction, name: str, by: str, at: datetime) -> Person:
    person = find_person(transaction, name)
    if person.disabled_at is None:
        return person
    return _changed(transaction, person, "person_enabled", by, at, disabled_at=None)


def give_role(transaction: Transaction, name: str, role: Role, by: str, at: datetime) -> Person:
    people.lock(transaction)
    person = find_person(transaction, name)
    if person.role == role:
        return person
    changed = _changed(transaction, person, "role_changed", by, at, role=role)
    sessions.end_all(transaction, person.id)
    _admin_left(transaction, person)
    return changed


def _limit(transaction: Transaction, name: str, only: tuple[str, ...] | None, by: str, at: datetime) -> Person:
    _known_accounts(transaction, only)
    person = find_person(transaction, name)
    if person.accounts == only:
        return person
    return _changed(transaction, person, "accounts_changed", by, at, accounts=only)


def _prefer(transaction: Transaction, name: str, liked: dict[str, str | bool | None], at: datetime) -> Person:
    person = find_person(transaction, name)
    if all(getattr(person, field) == value for field, value in liked.items()):
        return person
    return _changed(transaction, person, "preferences_changed", person.name, at, **liked)


def _changed(
    transaction: Transaction, person: Person, kind: EventKind, by: str, at: datetime, **values: object
) -> Person:
    """The person with those values, and the event that tells who changed what."""
    people.change(transaction, person.id, **values)
    after = person.model_copy(update=values)
    named = {"name": person.name}
    told = [named | one.model_dump(mode="json", include=set(values)) for one in (person, after)]
    record(transaction, new_event(kind, person.id, at, None, by, *told))
    return after


def _admin_left(transaction: Transaction, was: Person) -> None:
    """Raises ConflictError, which undoes the change, where nobody could let people in any more."""
    able = was.has_password or was.subject is not None
    if was.role == "admin" and able and not people.admins(transaction):
        problem = FieldProblem("name", "make somebody else an admin first", "last_admin")
        raise ConflictError("This is the last admin who can sign in.", (problem,))


def _known_accounts(transaction: Transaction, only: tuple[str, ...] | None) -> None:
    known = accounts.ids(transaction)
    if only is not None and not set(only) <= set(known):
        problem = FieldProblem("account", "name some of: " + ", ".join(known), "no_such_account")
        raise RefusedError("There is no such account.", (problem,))


def _named(only: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if only is None else tuple(sorted(set(only)))


def _checked(field: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise RefusedError(f"There is no such {field}.", (FieldProblem(field, "give " + ", ".join(allowed), "choice"),))
