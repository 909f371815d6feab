"""Who may call what: keys, their scopes, and the account that a key is bound to."""

import asyncio

import pytest

from tests.door import Door, fields_of, problem_of

MESSAGE = {"body": "Je souhaite résilier mon adhésion."}
NOBODY = "019a9f4e-8c1b-7d02-b1a4-5f0d3c2e9a77"
ROUTES = [
    ("POST", "/v1/triage", "triage"),
    ("POST", "/v1/messages", "triage"),
    ("GET", "/v1/messages", "triage"),
    ("GET", f"/v1/messages/{NOBODY}", "triage"),
    ("PUT", f"/v1/messages/{NOBODY}/queue", "review"),
    ("PUT", f"/v1/messages/{NOBODY}/reply", "review"),
    ("GET", "/v1/queues", "triage"),
    ("GET", "/v1/answers", "triage"),
]


@pytest.mark.parametrize(("method", "path", "scope"), ROUTES)
def test_nobody_comes_in_without_a_valid_key(shared_door: Door, method: str, path: str, scope: str) -> None:
    for given in (
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer aig_0_0"},
    ):
        response = shared_door.client.request(method, path, headers=given)
        assert fields_of(response, 401) == ["Authorization"]
        assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path"), [(m, p) for m, p, scope in ROUTES if scope == "review"])
def test_a_key_for_triage_changes_nothing(shared_door: Door, method: str, path: str) -> None:
    response = shared_door.call(method, path, scope="triage", json={"queue": "rgpd", "by": "x", "text": "y"})
    assert fields_of(response, 403) == ["Authorization"]


@pytest.mark.parametrize("scope", ["review", "admin"])
def test_a_wider_scope_includes_the_narrower_ones(shared_door: Door, scope: str) -> None:
    assert shared_door.call("POST", "/v1/triage", scope=scope, json=MESSAGE).status_code == 200  # type: ignore[arg-type]


def test_a_revoked_key_ends_at_once(door: Door) -> None:
    secret = door.key("triage")
    assert door.get("/v1/queues", scope="triage").status_code == 200
    asyncio.run(door.desk.keys.revoke(secret.split("_")[1]))
    problem_of(door.get("/v1/queues", scope="triage"), 401)


def test_a_key_reads_strange_secrets_as_wrong_ones(shared_door: Door) -> None:
    for secret in ("é" * 10, "aig_é_x", "aig__", "a" * 8_000, "aig_%00_x"):
        headers = {b"Authorization": f"Bearer {secret}".encode()}
        problem_of(shared_door.client.get("/v1/queues", headers=headers), 401)


def test_a_key_of_one_account_cannot_name_another(two_accounts: Door) -> None:
    ours = {"scope": "review", "account": "club-horizon-auto"}
    assert fields_of(two_accounts.post("/v1/triage", MESSAGE | {"account": "autre"}, **ours), 403) == ["account"]
    assert fields_of(two_accounts.post("/v1/messages", MESSAGE | {"account": "autre"}, **ours), 403) == ["account"]
    for path in ("/v1/messages", "/v1/queues", "/v1/answers"):
        assert fields_of(two_accounts.get(f"{path}?account=autre", **ours), 403) == ["account"]


def test_a_key_of_one_account_needs_not_name_it(two_accounts: Door) -> None:
    found = two_accounts.post("/v1/triage", MESSAGE, account="autre").json()
    assert found["account"] == "autre"
    assert two_accounts.get("/v1/queues", account="autre").json()["account"] == "autre"


def test_messages_of_another_account_are_not_there(two_accounts: Door) -> None:
    theirs = two_accounts.triage(**MESSAGE, account="autre")["id"]
    ours = {"scope": "review", "account": "club-horizon-auto"}
    problem_of(two_accounts.get(f"/v1/messages/{theirs}", **ours), 404)
    problem_of(two_accounts.put(f"/v1/messages/{theirs}/queue", {"queue": "un", "by": "x"}, **ours), 404)
    problem_of(two_accounts.put(f"/v1/messages/{theirs}/reply", {"text": "un", "by": "x"}, **ours), 404)
    assert two_accounts.get("/v1/messages", **ours).json()["items"] == []


def test_where_there_are_several_accounts_a_message_says_which(two_accounts: Door) -> None:
    assert fields_of(two_accounts.post("/v1/triage", MESSAGE)) == ["account"]
    assert fields_of(two_accounts.get("/v1/queues")) == ["account"]
