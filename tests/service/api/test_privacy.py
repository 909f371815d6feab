"""The rights of the people who write, over HTTP: for admins only, and nobody can be read off what stays."""

import pytest

from tests.door import Door, fields_of, problem_of

WHO = "paul.oudinot@example.org"


@pytest.fixture
def wrote(shared_door: Door) -> str:
    """The id of his message."""
    body = "Bonjour, je souhaite une copie de ma facture de mars. Paul Oudinot"
    return str(shared_door.triage(body=body, sender={"name": "Paul Oudinot", "address": WHO})["id"])


def test_everything_held_about_a_person_is_handed_out_with_what_it_is_for(shared_door: Door, wrote: str) -> None:
    found = shared_door.get("/v1/privacy/export", params={"sender": WHO.upper()}).json()
    parts = {part["name"]: part for part in found["parts"]}
    assert wrote in {row["id"] for row in parts["messages"]["rows"]}
    assert parts["messages"]["title"] == {"fr": "Vos messages", "en": "Your messages"}


def test_an_erasure_is_planned_then_confirmed_then_listed(shared_door: Door, wrote: str) -> None:
    asked = {"sender": WHO, "by": "dpo"}
    planned = shared_door.post("/v1/privacy/erase", asked).json()
    assert planned["plan"]["counts"]["messages"] >= 1
    assert shared_door.get(f"/v1/messages/{wrote}").status_code == 200
    answer = shared_door.post("/v1/privacy/erase", asked | {"confirm": True})
    assert (answer.status_code, answer.json()["erasure"]["rows_done"]) == (202, True)
    problem_of(shared_door.get(f"/v1/messages/{wrote}"), 404)
    assert shared_door.get("/v1/privacy/export", params={"sender": WHO}).json()["parts"] == []
    listed = shared_door.get("/v1/privacy/erasures")
    assert listed.json()["items"][0]["by"] == "dpo"
    assert "oudinot" not in listed.text.casefold()
    measured = shared_door.client.get("/metrics").text
    assert 'aiguilleur_erased_messages_total{kind="erasure"}' in measured
    assert "oudinot" not in measured.casefold()


@pytest.mark.parametrize("scope", ["triage", "review"])
def test_only_an_admin_may_ask(shared_door: Door, scope: str) -> None:
    problem_of(shared_door.get("/v1/privacy/export", params={"sender": WHO}, scope=scope), 403)
    problem_of(shared_door.post("/v1/privacy/erase", {"sender": WHO, "by": "x"}, scope=scope), 403)
    problem_of(shared_door.get("/v1/privacy/erasures", scope=scope), 403)


def test_a_key_of_one_account_asks_for_that_account(shared_door: Door) -> None:
    asked = {"sender": WHO, "account": "another"}
    problem_of(shared_door.get("/v1/privacy/export", params=asked, account="club-horizon-auto"), 403)


def test_whose_data_has_to_be_said(shared_door: Door) -> None:
    assert fields_of(shared_door.get("/v1/privacy/export")) == ["sender"]
    assert fields_of(shared_door.post("/v1/privacy/erase", {"by": "dpo"})) == ["sender"]
