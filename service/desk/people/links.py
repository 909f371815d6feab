"""One-time links: the first admin's, and those that let a person choose a password."""

from datetime import datetime, timedelta

from service.desk.clock import Clock, utc_now
from service.desk.people.passwords import Passwords, checked_password
from service.desk.people.people import add_person, find_person, new_person
from service.desk.people.secret import hash_of, new_secret
from service.desk.people.sessions import open_session
from service.desk.people.signing_in import SignedIn, set_password
from service.domain.person import Link, Person
from service.errors import ConflictError, FieldProblem, MissingError
from service.storage import people, sessions
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record

LASTS = timedelta(hours=24)

USED = FieldProblem("link", "ask for a new one", "link_used")


class Links:
    def __init__(self, database: Database, passwords: Passwords, clock: Clock = utc_now) -> None:
        self._database = database
        self._passwords = passwords
        self._clock = clock

    async def first(self) -> str | None:
        """The secret of a link for the first admin; None where one can sign in. An earlier one ends."""
        return await self._database.write(_first, self._clock())

    async def for_password(self, name: str, by: str) -> str:
        """The secret of a link by which that person chooses a password. Raises MissingError, ConflictError where
        they are disabled."""
        return await self._database.write(_for_password, name, by, self._clock())

    async def look(self, secret: str) -> Link:
        """What the link is for; looking does not use it. Raises MissingError where it is of no use any more."""
        return await self._database.read(_look, hash_of(secret), self._clock())

    async def use(self, secret: str, name: str, password: str) -> SignedIn:
        """Sets the password, of the person that the link is for, or of a first admin of that name, and signs in.
        Raises MissingError, RefusedError, ConflictError."""
        link = await self.look(secret)
        checked_password(password, link.name or name)
        kept = await self._passwords.hashed(password)
        return await self._database.write(_use, hash_of(secret), name, kept, self._clock())


def _first(transaction: Transaction, at: datetime) -> str | None:
    if people.admins(transaction):
        return None
    return _made(transaction, Link(purpose="first", person_id=None, name=None, expires_at=at + LASTS), at)


def _for_password(transaction: Transaction, name: str, by: str, at: datetime) -> str:
    person = find_person(transaction, name)
    if person.disabled_at is not None:
        problem = FieldProblem("name", "enable the person first", "disabled")
        raise ConflictError("This person is disabled.", (problem,))
    link = Link(purpose="password", person_id=person.id, name=person.name, expires_at=at + LASTS)
    record(transaction, new_event("link_made", person.id, at, None, by, after={"name": person.name}))
    return _made(transaction, link, at)


def _made(transaction: Transaction, link: Link, at: datetime) -> str:
    secret = new_secret()
    sessions.add_link(transaction, hash_of(secret), link, at)
    return secret


def _look(transaction: Transaction, link_id: str, at: datetime) -> Link:
    found = sessions.link(transaction, link_id, at)
    if found is None or (found.purpose == "first" and people.admins(transaction)):
        raise MissingError("This link was used already, or has expired.", (USED,))
    return found


def _use(transaction: Transaction, link_id: str, name: str, kept: str, at: datetime) -> SignedIn:
    link = _look(transaction, link_id, at)
    if not sessions.use_link(transaction, link_id):
        raise MissingError("This link was used already, or has expired.", (USED,))
    if link.purpose == "first":
        admin = new_person(name, "admin", at)
        add_person(transaction, admin, "first sign-in", kept)
        return SignedIn(admin, open_session(transaction, admin, "link", at))
    person = _person(transaction, link)
    return SignedIn(person, set_password(transaction, person, kept, person.name, at, "link"))


def _person(transaction: Transaction, link: Link) -> Person:
    found = people.by_id(transaction, str(link.person_id))
    if found is None:
        raise MissingError("This link was used already, or has expired.", (USED,))
    return found
