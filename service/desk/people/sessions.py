"""Signed-in browsers: opened, found by their secret, ended."""

from datetime import datetime, timedelta

from service.desk.clock import Clock, utc_now
from service.desk.people.secret import hash_of, new_secret
from service.domain.person import Person, Session
from service.storage import attempts, people, sessions
from service.storage.database import Database, Transaction
from service.storage.events import new_event, record

LASTS = timedelta(hours=12)
"""A session ends then whatever happens: a working day."""

IDLE = timedelta(hours=2)
"""A session that nobody uses for so long ends."""

NOTED = timedelta(minutes=1)
"""How often the last use is written down: a write a page would be too many."""


class Sessions:
    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def find(self, secret: str) -> Session | None:
        """The session of that secret; None where there is none, it has expired, or its person is disabled."""
        now = self._clock()
        found = await self._database.glance(sessions.session, hash_of(secret))
        if found is None or found.person.disabled_at is not None or expired(found, now):
            return None
        if now - found.seen_at > NOTED:
            await self._database.write(sessions.seen, found.id, now)
        return found

    async def end(self, secret: str) -> None:
        """Signs out."""
        await self._database.write(_end, hash_of(secret), self._clock())


def expired(session: Session, now: datetime) -> bool:
    return now - session.created_at >= LASTS or now - session.seen_at >= IDLE


def open_session(transaction: Transaction, person: Person, via: str, at: datetime, replaces: str | None = None) -> str:
    """The secret of a new session. One that the browser had before, `replaces`, ends: a secret that somebody
    put there before the sign-in opens nothing."""
    if replaces is not None:
        sessions.end(transaction, hash_of(replaces))
    sessions.sweep(transaction, at - IDLE, at - LASTS, at)
    attempts.sweep(transaction, at - LASTS)
    secret = new_secret()
    opened = Session.model_validate(
        {"id": hash_of(secret), "person": person, "via": via, "created_at": at, "seen_at": at}
    )
    sessions.open_session(transaction, opened)
    people.signed_in(transaction, person.id, at)
    record(transaction, new_event("signed_in", person.id, at, None, person.name, after={"via": via}))
    return secret


def _end(transaction: Transaction, session_id: str, at: datetime) -> None:
    found = sessions.session(transaction, session_id)
    if found is not None and sessions.end(transaction, session_id):
        record(transaction, new_event("signed_out", found.person.id, at, None, found.person.name))
