"""API keys: shown once, kept as hashes, ended at once."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from service.desk.people.keys import Keys, Scope, allows
from service.errors import MissingError, RefusedError
from service.storage.database import Database
from tests.service.samples import NOW


@pytest.fixture
def keys(database: Database, club: str) -> Keys:
    return Keys(database)


async def test_a_key_opens_with_its_secret_and_only_with_it(keys: Keys) -> None:
    key, secret = await keys.create("crm", "triage", account="club", by="ops")
    assert secret.startswith(f"aig_{key.prefix}_")
    found = await keys.verify(secret)
    assert found is not None
    assert (found.id, found.scope, found.account) == (key.id, "triage", "club")
    wrong = (secret[:-1] + ("0" if secret[-1] != "0" else "1"), secret + "0", secret.upper(), "", "aig__", "x_y_z")
    for guess in (*wrong, f"aig_{key.prefix}_", "aig_é_é", "aig_\x00_\x00", "aig_\ud800_x"):
        assert await keys.verify(guess) is None


async def test_no_secret_is_kept(keys: Keys, database: Database) -> None:
    _, secret = await keys.create("crm", "admin")
    with database.reading() as transaction:
        for table in ("api_keys", "events"):
            assert secret.split("_")[2] not in str(transaction.execute(text(f"SELECT * FROM {table}")).all())


async def test_a_revoked_key_opens_no_more_and_stays_listed(keys: Keys) -> None:
    key, secret = await keys.create("crm", "review")
    assert (await keys.revoke(key.prefix)).revoked_at is not None
    await keys.revoke(key.id)
    assert await keys.verify(secret) is None
    (listed,) = await keys.list()
    assert listed.revoked_at is not None
    with pytest.raises(MissingError) as refused:
        await keys.revoke("no-such-key")
    assert "key list" in refused.value.problems[0].message


async def test_the_last_use_is_noted_now_and_then(database: Database, club: str) -> None:
    now = NOW
    keys = Keys(database, lambda: now)
    _, secret = await keys.create("crm", "triage")
    for minutes, noted in ((0, 0), (30, 0), (61, 61)):
        now = NOW + timedelta(minutes=minutes)
        await keys.verify(secret)
        assert (await keys.list())[0].last_used_at == NOW + timedelta(minutes=noted)


@pytest.mark.parametrize(
    ("name", "scope", "account", "field"),
    [("", "triage", None, "name"), ("x", "root", None, "scope"), ("x", "triage", "nowhere", "account")],
)
async def test_what_a_key_lacks_is_named(keys: Keys, name: str, scope: Scope, account: str | None, field: str) -> None:
    with pytest.raises(RefusedError) as refused:
        await keys.create(name, scope, account)
    assert refused.value.problems[0].field == field


def test_each_scope_allows_what_the_ones_before_it_allow() -> None:
    scopes: tuple[Scope, ...] = ("triage", "review", "admin")
    assert [[allows(have, need) for need in scopes] for have in scopes] == [
        [True, False, False], [True, True, False], [True, True, True],
    ]  # fmt: skip
