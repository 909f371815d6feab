"""The rights of the people who write, over HTTP: for admins only, and nobody can be read off what stays."""

import asyncio
from collections.abc import Iterator

import pytest

from service.wiring import Desk, open_desk
from tests.conftest import GivenSettings
from tests.door import Door, fields_of, open_door, problem_of
from tests.service.small_account import write_account

WHO = "paul.oudinot@example.org"


@pytest.fixture(scope="module")
def small_door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """The API over a small account."""
    settings = GivenSettings(data=tmp_path_factory.mktemp("small") / "data")
    desk = open_desk(settings, index=False, ready=False)

    async def fill(desk: Desk) -> None:
        await desk.import_folder(write_account(tmp_path_factory.mktemp("account") / "a"), "test")
        await desk.learning.learn("autre", "test")

    asyncio.run(fill(desk))
    desk.close()
    with open_door(settings) as door:
        yield door


@pytest.fixture
def wrote(small_door: Door) -> str:
    """The id of his message."""
    body = "Bonjour, je souhaite une copie de ma facture de mars. Paul Oudinot"
    return str(small_door.triage(body=body, sender={"name": "Paul Oudinot", "address": WHO})["id"])


def test_everything_held_about_a_person_is_handed_out_with_what_it_is_for(small_door: Door, wrote: str) -> None:
    found = small_door.get("/v1/privacy/export", params={"sender": WHO.upper()}).json()
    parts = {part["name"]: part for part in found["parts"]}
    assert wrote in {row["id"] for row in parts["messages"]["rows"]}
    assert parts["messages"]["title"] == {"fr": "Vos messages", "en": "Your messages"}


def test_an_erasure_is_planned_then_confirmed_then_listed(small_door: Door, wrote: str) -> None:
    asked = {"sender": WHO, "by": "dpo"}
    planned = small_door.post("/v1/privacy/erase", asked).json()
    assert planned["plan"]["counts"]["messages"] >= 1
    assert small_door.get(f"/v1/messages/{wrote}").status_code == 200
    answer = small_door.post("/v1/privacy/erase", asked | {"confirm": True})
    assert (answer.status_code, answer.json()["erasure"]["rows_done"]) == (202, True)
    problem_of(small_door.get(f"/v1/messages/{wrote}"), 404)
    assert small_door.get("/v1/privacy/export", params={"sender": WHO}).json()["parts"] == []
    listed = small_door.get("/v1/privacy/erasures")
    assert listed.json()["items"][0]["by"] == "dpo"
    assert "oudinot" not in listed.text.casefold()
    measured = small_door.client.get("/metrics").text
    assert 'aiguilleur_erased_messages_total{kind="erasure"}' in measured
    assert "oudinot" not in measured.casefold()


def test_a_message_that_a_form_sent_for_somebody_is_handed_out_and_goes_where_it_is_named(small_door: Door) -> None:
    form = {"name": "Formulaire", "address": "form@site.example"}
    sent = small_door.triage(body="E-mail : lea.form@example.org. Ma facture de mars ?", sender=form)["id"]
    asked = {"sender": "lea.form@example.org", "by": "dpo"}
    assert small_door.post("/v1/privacy/erase", asked).json()["plan"]["mentioned"] == [sent]
    wanted = {"sender": asked["sender"], "also_message": sent}
    parts = {part["name"] for part in small_door.get("/v1/privacy/export", params=wanted).json()["parts"]}
    assert "messages" in parts
    small_door.post("/v1/privacy/erase", asked | {"also_messages": [sent], "confirm": True})
    problem_of(small_door.get(f"/v1/messages/{sent}"), 404)


@pytest.mark.parametrize("scope", ["triage", "review"])
def test_only_an_admin_may_ask(small_door: Door, scope: str) -> None:
    problem_of(small_door.get("/v1/privacy/export", params={"sender": WHO}, scope=scope), 403)
    problem_of(small_door.post("/v1/privacy/erase", {"sender": WHO, "by": "x"}, scope=scope), 403)
    problem_of(small_door.get("/v1/privacy/erasures", scope=scope), 403)


def test_a_key_of_one_account_asks_for_that_account(small_door: Door) -> None:
    asked = {"sender": WHO, "account": "another"}
    problem_of(small_door.get("/v1/privacy/export", params=asked, account="autre"), 403)


@pytest.mark.parametrize("more", [{}, {"also_number": "5148812"}])
def test_an_account_that_is_not_there_is_named(small_door: Door, more: dict[str, str]) -> None:
    asked = {"sender": WHO, "account": "nobody"}
    assert fields_of(small_door.get("/v1/privacy/export", params=asked | more)) == ["account"]
    assert fields_of(small_door.post("/v1/privacy/erase", asked | {"by": "dpo"})) == ["account"]


def test_whose_data_has_to_be_said(small_door: Door) -> None:
    assert fields_of(small_door.get("/v1/privacy/export")) == ["sender"]
    assert fields_of(small_door.post("/v1/privacy/erase", {"by": "dpo"})) == ["sender"]
