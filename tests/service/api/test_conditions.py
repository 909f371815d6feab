"""`If-Match` and its like: met where a call knows them, refused elsewhere, never passed over."""

import pytest

from tests.door import Door, fields_of, problem_of
from tests.service.api.test_answers_editing import PATH, WANTED


@pytest.fixture
def door(small_door: Door) -> Door:
    return small_door


@pytest.mark.parametrize("name", ["If-Match", "If-None-Match", "If-Unmodified-Since"])
def test_a_condition_that_a_call_does_not_know_changes_nothing(door: Door, name: str) -> None:
    message = door.triage(body="Je veux une copie de ma facture de mars, merci.")
    path = f"/v1/messages/{message['id']}"
    other = next(one["id"] for one in door.get("/v1/queues").json()["items"] if one["id"] != message["queue"]["id"])
    refused = door.put(f"{path}/queue", {"queue": other, "by": "lea"}, headers={name: '"7"'})
    assert fields_of(refused) == [name]
    assert door.get(path).json()["queue"] == message["queue"]["id"]
    assert door.put(f"{path}/queue", {"queue": other, "by": "lea"}).status_code == 200
    assert door.get(path, headers={name: '"7"'}).status_code == 200
    problem_of(door.put(f"{path}/queue", {}, scope="triage", headers={name: '"7"'}), 403)


def test_an_answer_is_changed_from_the_state_that_its_etag_names(door: Door) -> None:
    tag = door.put(PATH, WANTED).headers["etag"]
    changed = door.put(PATH, WANTED | {"title": "Double", "revision": None}, headers={"If-Match": tag})
    assert (changed.status_code, changed.json()["revision"]) == (200, 2)
    assert fields_of(door.put(PATH, WANTED, headers={"If-Match": tag}), 409) == ["revision"]
    assert fields_of(door.put(PATH, WANTED | {"revision": 2}, headers={"If-Match": tag})) == ["If-Match"]
    assert fields_of(door.call("DELETE", f"{PATH}?by=lea&revision=2", headers={"If-Match": tag})) == ["If-Match"]
    assert fields_of(door.call("DELETE", f"{PATH}?by=lea")) == ["revision"]
    gone = door.call("DELETE", f"{PATH}?by=lea", headers={"If-Match": '"2"'})
    assert gone.status_code == 200


@pytest.mark.parametrize("tag", ['"1"', "yesterday", '"0", "1"'])
def test_a_draft_is_not_saved_against_what_if_match_says(door: Door, tag: str) -> None:
    path = f"/v1/messages/{door.triage(body='Je veux une copie de ma facture de mars, merci.')['id']}/draft"
    said = {"by": "lea", "text": "Bonjour,\n\nLa voici.", "version": 0}
    assert fields_of(door.put(path, said, headers={"If-Match": tag})) == ["If-Match"]
    assert door.put(path, said, headers={"If-Match": '"0"'}).status_code == 200
