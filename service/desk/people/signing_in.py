"""Signing in with a password, slower with each failure."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from service.desk.clock import Clock, utc_now
from service.desk.people.passwords import Passwords, checked_password
from service.desk.people.secret import hash_of
from service.desk.people.sessions import open_session
from service.domain.person import Person, Session, login_of
from service.errors import FieldProblem, RefusedError
from service.storage import attempts, people, sessions
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record

FREE = {"name": 3, "address": 30}
"""Failures without a wait, by what they are counted by: behind one address many people may sit."""

LOCKED = 6
"""So many failures more, and it counts as locked: an event tells of it once. The wait is a minute then, and doubles."""

LONGEST_WAIT_S = 900
FORGOTTEN = timedelta(hours=1)
"""So long after the last failure all is as if there had been none."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`secret` is for the browser alone."""

    person: Person
    secret: str


@dataclass(frozen=True, slots=True)
class NotSignedIn:
    """`why` is a code; after `wait_s` seconds one may try again."""

    why: str
    wait_s: int = 0


class SigningIn:
    def __init__(self, database: Database, passwords: Passwords, clock: Clock = utc_now) -> None:
        self._database = database
        self._passwords = passwords
        self._clock = clock

    async def with_password(
        self, name: str, password: str, address: str, replaces: str | None = None
    ) -> SignedIn | NotSignedIn:
        """Every try counts as a failure until it has succeeded, so that many at once are no way around the wait.

        An unknown name, a wrong password and a disabled person look the same, and take as long.
        """
        login = login_of(name)[:200]
        counted = {hash_of(f"name {login}"): "name", hash_of(f"address {_network(address)}"): "address"}
        wait_s = await self._database.write(_begin, counted, self._clock())
        if wait_s:
            return NotSignedIn("wait", wait_s)
        found = await self._database.glance(people.password_of, login)
        right = await self._passwords.right(found[1] if found else None, password)
        if not right or found is None or found[0].disabled_at is not None:
            return NotSignedIn("wrong")
        anew = await self._passwords.hashed(password) if self._passwords.outdated(found[1]) else None
        return await self._database.write(_succeed, found[0], counted, anew, self._clock(), replaces)

    async def change_password(self, session: Session, old: str, new: str, address: str) -> SignedIn | NotSignedIn:
        """For somebody who is signed in and knows the old one. Their other sessions end, and this one is opened
        anew. Raises RefusedError for a new one that cannot be used."""
        checked_password(new, session.person.name)
        if not session.person.has_password:
            problem = FieldProblem("old", "ask an admin for a link", "no_password")
            raise RefusedError("This person has no password.", (problem,))
        checked = await self.with_password(session.person.name, old, address)
        if isinstance(checked, NotSignedIn):
            return checked
        kept = await self._passwords.hashed(new)
        secret = await self._database.write(set_password, checked.person, kept, checked.person.name, self._clock())
        return SignedIn(checked.person, secret)


def set_password(
    transaction: Transaction, person: Person, kept: str, by: str, at: datetime, via: str = "password"
) -> str:
    """Keeps the password's hash, ends all the person's sessions and links, and opens one. Returns its secret."""
    people.change(transaction, person.id, password=kept)
    sessions.end_all(transaction, person.id)
    record(transaction, new_event("password_set", person.id, at, None, by, after={"name": person.name}))
    return open_session(transaction, person, via, at)


def wait_s(failures: int, kind: str) -> int:
    """Seconds to wait after so many failures: none for the first, then doubling."""
    over = failures - FREE[kind]
    return 0 if over < 0 else min(2 ** min(over, 20), LONGEST_WAIT_S)


def _begin(transaction: Transaction, counted: dict[str, str], at: datetime) -> int:
    """Seconds that are still to wait; 0, and a failure counted in advance, where one may try."""
    failed = attempts.failures(transaction, counted, at)
    fresh = {key: 0 if at - last > FORGOTTEN else number for key, (number, last) in failed.items()}
    waits = [failed[key][1] + timedelta(seconds=wait_s(fresh[key], kind)) - at for key, kind in counted.items()]
    longest = ceil(max(waits).total_seconds())
    if longest > 0:
        return longest
    for key, kind in counted.items():
        attempts.count(transaction, key, fresh[key] + 1, at)
        if fresh[key] + 1 == FREE[kind] + LOCKED:
            record(transaction, new_event("sign_in_locked", key[:16], at, after={"counted_by": kind}))
    return 0


def _succeed(
    transaction: Transaction,
    person: Person,
    counted: dict[str, str],
    anew: str | None,
    at: datetime,
    replaces: str | None,
) -> SignedIn:
    """A name's failures are forgiven; an address's are not, or somebody with an account could guess on."""
    for key, kind in counted.items():
        (attempts.forgive if kind == "name" else attempts.take_back)(transaction, key)
    if anew is not None:
        people.change(transaction, person.id, password=anew)
    return SignedIn(person, open_session(transaction, person, "password", at, replaces))


def _network(address: str) -> str:
    """What one household or host can hardly change: an IPv6 address is one of very many."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(found) if found.version == 4 else str(ipaddress.ip_network(f"{found}/64", strict=False))
