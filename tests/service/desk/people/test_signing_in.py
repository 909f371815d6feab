"""Signing in: the right name and password, slower with each failure, the same for names that are not there."""

import asyncio
from datetime import timedelta
from time import process_time

import pytest
from sqlalchemy import text

from service.desk.people.links import Links
from service.desk.people.passwords import Passwords
from service.desk.people.people import People
from service.desk.people.sessions import Sessions
from service.desk.people.signing_in import FREE, LOCKED, LONGEST_WAIT_S, NotSignedIn, SignedIn, SigningIn, wait_s
from service.storage.database import Database
from tests.service.desk.people.test_people import PASSWORD, PASSWORDS, Time
from tests.service.samples import NOW

HERE = "192.0.2.7"


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def signing_in(database: Database, club: str, time: Time) -> SigningIn:
    links = Links(database, PASSWORDS, time)
    await links.use(str(await links.first()), "Ada", PASSWORD)
    return SigningIn(database, PASSWORDS, time)


async def failed(signing_in: SigningIn, name: str = "ada", address: str = HERE) -> NotSignedIn:
    found = await signing_in.with_password(name, "not it", address)
    assert isinstance(found, NotSignedIn)
    return found


async def test_the_right_password_opens_a_session(signing_in: SigningIn, database: Database, time: Time) -> None:
    found = await signing_in.with_password(" ADA ", PASSWORD, HERE)
    assert isinstance(found, SignedIn)
    session = await Sessions(database, time).find(found.secret)
    assert session is not None
    assert (session.person.name, session.via) == ("Ada", "password")


@pytest.mark.parametrize(
    ("name", "password"), [("ada", "no"), ("eve", PASSWORD), ("", ""), ("a" * 9_000, "\ud800\x00")]
)
async def test_a_wrong_one_and_an_unknown_name_are_told_the_same(
    signing_in: SigningIn, name: str, password: str
) -> None:
    assert await signing_in.with_password(name, password, HERE) == NotSignedIn("wrong")


async def test_an_unknown_name_takes_as_long_as_a_wrong_password() -> None:
    passwords = Passwords()
    kept = await passwords.hashed(PASSWORD)
    await passwords.right(None, "warm")
    spent = []
    for known in (kept, None):
        began = process_time()
        for _ in range(3):
            assert not await passwords.right(known, "not it")
        spent.append(process_time() - began)
    assert max(spent) < 2 * min(spent)


async def test_a_browser_gets_a_new_secret_with_each_sign_in(
    signing_in: SigningIn, database: Database, time: Time
) -> None:
    first = await signing_in.with_password("ada", PASSWORD, HERE)
    assert isinstance(first, SignedIn)
    second = await signing_in.with_password("ada", PASSWORD, HERE, replaces=first.secret)
    assert isinstance(second, SignedIn)
    sessions = Sessions(database, time)
    assert await sessions.find(first.secret) is None
    assert await sessions.find(second.secret) is not None


def test_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    assert [wait_s(n, "name") for n in range(3, 14)] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, LONGEST_WAIT_S]
    assert [wait_s(n, "name") for n in range(3)] == [0, 0, 0]
    assert wait_s(10**6, "name") == LONGEST_WAIT_S
    assert wait_s(29, "address") == 0


async def test_failures_of_a_name_slow_it_down_and_the_right_password_waits_too(
    signing_in: SigningIn, time: Time
) -> None:
    for _ in range(FREE["name"]):
        assert (await failed(signing_in)).why == "wrong"
    assert await failed(signing_in) == NotSignedIn("wait", 1)
    assert await signing_in.with_password("ada", PASSWORD, HERE) == NotSignedIn("wait", 1)
    time.now += timedelta(seconds=1)
    assert isinstance(await signing_in.with_password("ada", PASSWORD, HERE), SignedIn)
    assert (await failed(signing_in)).why == "wrong"  # the count began anew


async def test_a_lock_is_an_event_once_and_ends(signing_in: SigningIn, time: Time, database: Database) -> None:
    for number in range(FREE["name"] + LOCKED + 1):
        assert (await failed(signing_in)).why == "wrong"
        time.now += timedelta(seconds=wait_s(number + 1, "name"))
    with database.reading() as transaction:
        told = transaction.execute(text("SELECT after FROM events WHERE kind = 'sign_in_locked'")).scalars().all()
    assert told == ['{"counted_by":"name"}']
    time.now += timedelta(hours=2)
    assert isinstance(await signing_in.with_password("ada", PASSWORD, HERE), SignedIn)


async def test_many_names_from_one_address_are_slowed_down(signing_in: SigningIn) -> None:
    for number in range(FREE["address"]):
        assert (await failed(signing_in, f"name {number}", f"2001:db8::{number:x}")).why == "wrong"
    assert (await failed(signing_in, "another", "2001:db8::ffff")).why == "wait"
    assert isinstance(await signing_in.with_password("ada", PASSWORD, HERE), SignedIn)


async def test_many_tries_at_once_are_no_way_around_the_wait(signing_in: SigningIn) -> None:
    tries = await asyncio.gather(*(failed(signing_in) for _ in range(12)))
    assert sorted(one.why for one in tries).count("wrong") == FREE["name"]


async def test_a_new_password_ends_the_other_sessions(signing_in: SigningIn, database: Database, time: Time) -> None:
    sessions = Sessions(database, time)
    here, there = [await signing_in.with_password("ada", PASSWORD, HERE) for _ in range(2)]
    assert isinstance(here, SignedIn)
    assert isinstance(there, SignedIn)
    session = await sessions.find(here.secret)
    assert session is not None
    assert await signing_in.change_password(session, "not it", "un nouveau secret", HERE) == NotSignedIn("wrong")
    changed = await signing_in.change_password(session, PASSWORD, "un nouveau secret", HERE)
    assert isinstance(changed, SignedIn)
    assert [await sessions.find(one.secret) is None for one in (here, there, changed)] == [True, True, False]
    assert isinstance(await signing_in.with_password("ada", "un nouveau secret", HERE), SignedIn)
    assert await People(database).get("ada") == changed.person.model_copy(update={"signed_in_at": NOW})
