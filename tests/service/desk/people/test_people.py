"""People: one name each, a role, accounts; nobody locks everybody out."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from service.desk.people.links import LASTS as LINK_LASTS
from service.desk.people.links import Links
from service.desk.people.passwords import Passwords
from service.desk.people.people import People
from service.desk.people.sessions import Sessions
from service.desk.people.signing_in import SignedIn, SigningIn
from service.errors import AiguilleurError, ConflictError, MissingError, RefusedError
from service.storage.database import Database
from tests.service.samples import NOW

PASSWORD = "correct cheval pile agrafe"
PASSWORDS = Passwords(memory_kib=1_024, passes=1)


class Time:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self):  # type: ignore[no-untyped-def]
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def people(database: Database, club: str, time: Time) -> People:
    return People(database, time)


@pytest.fixture
def links(database: Database, time: Time) -> Links:
    return Links(database, PASSWORDS, time)


@pytest.fixture
def signing_in(database: Database, time: Time) -> SigningIn:
    return SigningIn(database, PASSWORDS, time)


@pytest.fixture
def sessions(database: Database, time: Time) -> Sessions:
    return Sessions(database, time)


async def first_admin(links: Links) -> SignedIn:
    secret = await links.first()
    assert secret is not None
    return await links.use(secret, "Ada", PASSWORD)


def codes(refused: pytest.ExceptionInfo[AiguilleurError]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


async def test_the_first_link_makes_an_admin_once(people: People, links: Links, sessions: Sessions) -> None:
    secret = await links.first()
    assert secret is not None
    assert (await links.look(secret)).purpose == "first"
    signed_in = await links.use(secret, "  Ada   Martin ", PASSWORD)
    assert (signed_in.person.name, signed_in.person.role) == ("Ada Martin", "admin")
    opened = await sessions.find(signed_in.secret)
    assert opened is not None
    assert opened.person.login == "ada martin"
    assert await links.first() is None
    with pytest.raises(MissingError):
        await links.use(secret, "Eve", PASSWORD)


async def test_a_new_first_link_ends_the_one_before_it(people: People, links: Links) -> None:
    earlier, later = await links.first(), await links.first()
    assert earlier
    assert later
    with pytest.raises(MissingError):
        await links.look(earlier)
    assert (await links.look(later)).purpose == "first"


async def test_a_link_expires_and_is_used_once(people: People, links: Links, time: Time) -> None:
    await people.add("Bob", "advisor", by="ada")
    secret = await links.for_password("bob", by="ada")
    time.now = NOW + LINK_LASTS
    with pytest.raises(MissingError):
        await links.look(secret)
    again = await links.for_password("BOB", by="ada")
    assert (await links.use(again, "", PASSWORD)).person.name == "Bob"
    with pytest.raises(MissingError):
        await links.use(again, "", PASSWORD)


async def test_no_secret_of_links_and_sessions_is_kept(people: People, links: Links, database: Database) -> None:
    link = await links.first()
    assert link
    signed_in = await links.use(link, "Ada", PASSWORD)
    await people.add("Bob", "advisor", by="ada")
    other = await links.for_password("bob", by="ada")
    with database.reading() as transaction:
        for table in ("people", "sessions", "links", "events", "attempts"):
            kept = str(transaction.execute(text(f"SELECT * FROM {table}")).all())
            assert not any(secret in kept for secret in (link, other, signed_in.secret, PASSWORD))


async def test_a_name_is_one_persons_whatever_its_case(people: People) -> None:
    await people.add("Zoé", "advisor", by="ada")
    for same in ("ZOÉ", " zoé ", "Zoe\u0301"):
        with pytest.raises(ConflictError):
            await people.add(same, "lead", by="ada")


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "Eve\u202eadm", "a\x00b", "\ud800"])
async def test_a_name_that_cannot_be_read_is_refused(people: People, name: str) -> None:
    with pytest.raises(RefusedError) as refused:
        await people.add(name, "advisor", by="ada")
    assert codes(refused) == ["name_length"]


async def test_an_account_that_is_not_there_is_named(people: People) -> None:
    with pytest.raises(RefusedError) as refused:
        await people.add("Bob", "advisor", by="ada", only=["nowhere"])
    assert codes(refused) == ["no_such_account"]
    bob = await people.add("Bob", "advisor", by="ada", only=["club"])
    assert bob.sees("club")
    assert not bob.sees("nowhere")
    assert (await people.limit("bob", None, by="ada")).sees("nowhere")


async def test_the_last_admin_stays(people: People, links: Links) -> None:
    await first_admin(links)
    for change in (people.disable("ada", by="ada"), people.give_role("ada", "lead", by="ada")):
        with pytest.raises(ConflictError) as refused:
            await change
        assert codes(refused) == ["last_admin"]
    ada = await people.get("ada")
    assert (ada.role, ada.disabled_at) == ("admin", None)


async def test_what_ends_a_persons_sessions(
    people: People, links: Links, sessions: Sessions, signing_in: SigningIn
) -> None:
    ada = await first_admin(links)
    await people.add("Bob", "advisor", by="ada")

    async def come_in() -> str:
        return (await links.use(await links.for_password("bob", by="ada"), "", PASSWORD)).secret

    for change in ("disable", "role", "password", "sign out"):
        secret = await come_in()
        assert await sessions.find(secret) is not None
        if change == "disable":
            waiting = await links.for_password("bob", by="ada")
            await people.disable("bob", by="ada")
            with pytest.raises(MissingError):
                await links.look(waiting)
            assert (await signing_in.with_password("bob", PASSWORD, "::1")).__class__.__name__ == "NotSignedIn"
            await people.enable("bob", by="ada")
        elif change == "role":
            await people.give_role("bob", "quality", by="ada")
        elif change == "password":
            await come_in()
        else:
            await sessions.end(secret)
        assert await sessions.find(secret) is None, change
    assert await sessions.find(ada.secret) is not None


async def test_a_session_ends_by_itself(links: Links, people: People, sessions: Sessions, time: Time) -> None:
    secret = (await first_admin(links)).secret
    for _ in range(7):
        time.now += timedelta(hours=1, minutes=40)
        assert await sessions.find(secret) is not None
    time.now += timedelta(hours=1, minutes=40)
    assert await sessions.find(secret) is None  # twelve hours, whatever the use
    ada = await people.get("ada")
    assert ada.signed_in_at == NOW


async def test_an_unused_session_ends_earlier(links: Links, people: People, sessions: Sessions, time: Time) -> None:
    secret = (await first_admin(links)).secret
    time.now += timedelta(hours=2)
    assert await sessions.find(secret) is None


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("court", "password_length"),
        ("x" * 201, "password_length"),
        ("Ada et ses amis", "password_name"),
        ("abababababab", "password_plain"),
    ],
)
async def test_a_weak_password_is_named(people: People, links: Links, password: str, code: str) -> None:
    secret = await links.first()
    assert secret
    with pytest.raises(RefusedError) as refused:
        await links.use(secret, "Ada", password)
    assert codes(refused) == [code]
    assert (await links.use(secret, "Ada", PASSWORD)).person.name == "Ada"


async def test_every_change_of_a_person_is_an_event(people: People, links: Links, database: Database) -> None:
    await first_admin(links)
    await people.add("Bob", "advisor", by="Ada")
    await people.give_role("bob", "lead", by="Ada")
    await people.limit("bob", ["club"], by="Ada")
    await people.prefer("bob", "en", "dark")
    await links.for_password("bob", by="Ada")
    await people.disable("bob", by="Ada")
    await people.enable("bob", by="Ada")
    with database.reading() as transaction:
        told = transaction.execute(text("SELECT kind, actor FROM events WHERE account IS NULL ORDER BY id")).all()
    assert [tuple(row) for row in told] == [
        ("person_added", "first sign-in"), ("signed_in", "Ada"), ("person_added", "Ada"), ("role_changed", "Ada"),
        ("accounts_changed", "Ada"), ("preferences_changed", "Bob"), ("link_made", "Ada"), ("person_disabled", "Ada"),
        ("person_enabled", "Ada"),
    ]  # fmt: skip
