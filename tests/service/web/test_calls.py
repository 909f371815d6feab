"""Calls to customers: proposed for what is delicate, booked in a slot, noted, and taken back; by page and by API."""

import asyncio
import re
from typing import Any

import pytest

from tests.door import Door, fields_of, problem_of
from tests.service.web.browser import Browser, as_person, text_of

DEATH = "Bonjour,\n\nMon mari est décédé le 3 mars. Que dois-je faire de son adhésion ?\n\nJeanne Roy"
WHO = {"name": "Jeanne Roy", "address": "jeanne.roy@example.org"}
HOSTILE = "<script>alert(1)</script> Elle rappelle demain."


@pytest.fixture(scope="module")
def door(shared_door: Door) -> Door:
    return shared_door


@pytest.fixture
def bob(door: Door) -> Browser:
    """Somebody new for each test: nobody is called twice at a time."""
    return as_person(door)


def slots_in(bob: Browser, path: str) -> list[str]:
    return re.findall(r'<option value="([^"]+/[^"]+)"', bob.get(path).text)


def states(door: Door, found: dict[str, Any]) -> list[str]:
    return [one["state"] for one in door.get(f"/v1/messages/{found['id']}/calls").json()["items"]]


def test_a_call_is_proposed_booked_noted_and_taken_back(door: Door, bob: Browser) -> None:
    found = door.triage(subject="Décès", body=DEATH, sender=WHO)
    path = f"/messages/{found['id']}"
    slots = slots_in(bob, path)
    assert len(slots) == 12
    assert "un appel vaut souvent mieux" in text_of(bob.get(path))
    booked = bob.post(f"{path}/calls", page=path, slot=slots[1])
    assert "réservé" in text_of(booked)
    assert slots_in(bob, path) == []
    (call,) = door.get(f"/v1/messages/{found['id']}/calls").json()["items"]
    noted = bob.post(f"{path}/calls/{call['id']}", page=path, state="held", note=HOSTILE)
    assert "&lt;script&gt;alert(1)" in noted.text
    assert "<script>alert" not in noted.text
    bob.post(f"{path}/calls/{call['id']}", state="booked")
    assert states(door, found) == ["booked"]
    bob.post(f"{path}/calls/{call['id']}", page=path, state="cancelled")
    assert states(door, found) == ["cancelled"]
    history = asyncio.run(door.desk.messages.history(found["id"]))
    assert [event.kind for event in history][-4:] == ["call_booked", *["call_settled"] * 3]
    assert HOSTILE not in str(history)
    assert "appel réservé" in text_of(bob.get(path))


def test_what_cannot_be_booked_is_told(door: Door, bob: Browser) -> None:
    found, other = (door.triage(body=DEATH, sender=WHO, subject=name) for name in ("un", "deux"))
    path = f"/messages/{found['id']}"
    slot = slots_in(bob, path)[0]
    for wrong in ("", "x/y", "2020-01-06T10:00:00+01:00/2020-01-06T11:00:00+01:00", f"{slot}/x"):
        assert bob.post(f"{path}/calls", page=path, slot=wrong).status_code == 422
    bob.post(f"{path}/calls", page=path, slot=slot)
    assert bob.post(f"{path}/calls", page=path, slot=slot).status_code == 409
    assert bob.post(f"/messages/{other['id']}/calls", page=path, slot=slot).status_code == 409
    (call,) = door.get(f"/v1/messages/{found['id']}/calls").json()["items"]
    assert bob.post(f"{path}/calls/{call['id']}", page=path, state="nonsense").status_code == 422
    assert bob.post(f"/messages/{other['id']}/calls/{call['id']}", page=path, state="held").status_code == 404


def test_the_api_books_and_settles_inside_the_accounts_hours(door: Door, bob: Browser) -> None:
    found = door.triage(body=DEATH, sender=WHO)
    path = f"/v1/messages/{found['id']}/calls"
    start = slots_in(bob, f"/messages/{found['id']}")[2].split("/")[0]
    made = door.post(path, {"starts_at": start, "by": "Léa"})
    assert made.status_code == 201, made.text
    assert made.json()["ends_at"] > made.json()["starts_at"]
    problem_of(door.post(path, {"starts_at": start, "by": "Léa"}), 409)
    one = f"{path}/{made.json()['id']}"
    assert door.put(one, {"state": "missed", "by": "Léa"}).json()["state"] == "missed"
    assert fields_of(door.post(path, {"starts_at": f"{start[:10]}T03:00:00+01:00", "by": "Léa"})) == ["starts_at"]
    assert fields_of(door.post(path, {"starts_at": "9999-12-31T23:59:59Z", "by": "Léa"})) == ["starts_at"]
    assert "state" in str(fields_of(door.put(one, {"state": "gone", "by": "Léa"})))
    problem_of(door.put(f"{path}/x", {"state": "held", "by": "Léa"}), 404)
    problem_of(door.get("/v1/messages/x/calls"), 404)
    assert door.post(path, {"starts_at": start, "by": "Léa"}, scope="triage").status_code == 403


def test_other_messages_of_the_same_sender_stand_beside(door: Door, bob: Browser) -> None:
    found = door.triage(subject="Le premier", body=DEATH, sender=WHO)
    door.triage(subject="Le <b>second</b>", body="Je voudrais une attestation.", sender=WHO | {"name": "J. Roy"})
    door.triage(subject="Un autre", body=DEATH, sender={"name": "Jeanne Roy", "address": "other@example.org"})
    page = bob.get(f"/messages/{found['id']}")
    assert "Le &lt;b&gt;second&lt;/b&gt;" in page.text
    assert "Un autre" not in page.text
    nobody = door.triage(subject="Sans adresse", body=DEATH, sender={"name": "Jeanne Roy", "address": ""})
    assert "Autres messages" not in text_of(bob.get(f"/messages/{nobody['id']}"))


def test_each_piece_of_evidence_has_its_number_and_its_reason(door: Door, bob: Browser) -> None:
    page = bob.get(f"/messages/{door.triage(body=DEATH, sender=WHO)['id']}")
    refs = re.findall(r'href="#why-(\d+)"', page.text)
    assert refs
    assert all(f'id="why-{ref}"' in page.text for ref in refs)
    assert "est un mot-clé de la file « Décès et succession »" in text_of(page)
