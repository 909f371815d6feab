"""Signed-in browsers, one-time links and single sign-ons under way: of each secret only the hash is kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from service.domain.person import Link, Person, Session
from service.storage.database import Transaction
from service.storage.people import COLUMNS
from service.storage.schema import journeys, links, people, sessions


@dataclass(frozen=True, slots=True)
class Journey:
    """A single sign-on under way. `browser` is the hash of the secret of the browser that began it, `after` where it
    wants to go then."""

    id: str
    browser: str
    nonce: str
    verifier: str
    after: str
    created_at: datetime


def open_session(transaction: Transaction, session: Session) -> None:
    row = session.model_dump(exclude={"person"}) | {"person_id": session.person.id}
    transaction.execute(insert(sessions), row)


def session(transaction: Transaction, session_id: str) -> Session | None:
    own = (
        sessions.c.id.label("session_id"),
        sessions.c.via,
        sessions.c.created_at.label("opened_at"),
        sessions.c.seen_at,
    )
    wanted = select(*COLUMNS, *own).select_from(sessions.join(people)).where(sessions.c.id == session_id)
    row = transaction.execute(wanted).mappings().one_or_none()
    if row is None:
        return None
    person = Person(**{name: row[name] for name in Person.model_fields})
    return Session(
        id=row["session_id"], person=person, via=row["via"], created_at=row["opened_at"], seen_at=row["seen_at"]
    )


def seen(transaction: Transaction, session_id: str, at: datetime) -> None:
    transaction.execute(update(sessions).where(sessions.c.id == session_id).values(seen_at=at))


def end(transaction: Transaction, session_id: str) -> bool:
    return transaction.execute(delete(sessions).where(sessions.c.id == session_id)).rowcount == 1


def end_all(transaction: Transaction, person_id: str) -> None:
    """Every session of that person, and every link that waits for them."""
    transaction.execute(delete(sessions).where(sessions.c.person_id == person_id))
    transaction.execute(delete(links).where(links.c.person_id == person_id))


def sweep(transaction: Transaction, idle_since: datetime, opened_before: datetime, now: datetime) -> None:
    """Forgets what has expired."""
    old = (sessions.c.seen_at < idle_since) | (sessions.c.created_at < opened_before)
    transaction.execute(delete(sessions).where(old))
    transaction.execute(delete(links).where(links.c.expires_at < now))


def add_link(transaction: Transaction, link_id: str, link: Link, at: datetime) -> None:
    """Ends the links of the same purpose and person that were made before."""
    theirs = links.c.person_id.is_(None) if link.person_id is None else links.c.person_id == link.person_id
    transaction.execute(delete(links).where((links.c.purpose == link.purpose) & theirs))
    row = {"id": link_id, "purpose": link.purpose, "person_id": link.person_id}
    transaction.execute(insert(links), row | {"created_at": at, "expires_at": link.expires_at})


def link(transaction: Transaction, link_id: str, now: datetime) -> Link | None:
    """The link, unless it has been used, has expired, or its person is disabled."""
    own = (links.c.purpose, links.c.person_id, links.c.expires_at, people.c.name, people.c.disabled_at)
    wanted = select(*own).select_from(links.outerjoin(people)).where(links.c.id == link_id)
    row = transaction.execute(wanted).mappings().one_or_none()
    if row is None or row["expires_at"] <= now or row["disabled_at"] is not None:
        return None
    return Link(**{name: row[name] for name in Link.model_fields})


def use_link(transaction: Transaction, link_id: str) -> bool:
    """False where somebody was quicker."""
    return transaction.execute(delete(links).where(links.c.id == link_id)).rowcount == 1


def begin_journey(transaction: Transaction, journey: Journey, forget_before: datetime) -> None:
    transaction.execute(delete(journeys).where(journeys.c.created_at < forget_before))
    row = {name: getattr(journey, name) for name in Journey.__slots__}
    transaction.execute(insert(journeys), row)


def end_journey(transaction: Transaction, journey_id: str) -> Journey | None:
    """The journey, which is over with that: nothing arrives twice."""
    row = transaction.execute(select(journeys).where(journeys.c.id == journey_id)).mappings().one_or_none()
    if row is None or transaction.execute(delete(journeys).where(journeys.c.id == journey_id)).rowcount != 1:
        return None
    return Journey(**row)
