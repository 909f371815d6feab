"""Versions of the playbook for programs that keep a copy of it."""

from service.playbooks import parse
from tests.door import Door, problem_of


def test_versions_are_listed_with_the_one_in_force_and_their_files(shared_door: Door) -> None:
    listed = shared_door.get("/v1/playbooks", scope="review").json()
    (one,) = [item for item in listed["items"] if item["active"]]
    assert one["recorded_by"] == "first start"
    found = shared_door.get(f"/v1/playbooks/{one['version']}", scope="review").json()
    assert found["account"] == listed["account"]
    assert parse(found["files"]).version == one["version"]
    assert found["trials"] == []


def test_a_version_that_is_not_there_is_missing(shared_door: Door) -> None:
    problem_of(shared_door.get("/v1/playbooks/nothing"), 404)
    problem_of(shared_door.get("/v1/playbooks", scope="triage"), 403)
