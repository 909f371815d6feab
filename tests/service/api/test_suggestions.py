"""A week of corrections becomes suggestions, and a lead's word about them, through the HTTP door."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.storage import confirmed
from tests.conftest import GivenSettings
from tests.door import Door, fields_of, open_door, problem_of
from tests.service.learned_week import OTHER_WEEK, OTHER_WORD, PLANTED, WORD, corrected_week, write_history
from tests.service.taught import learn_folder


@pytest.fixture
def petit(tmp_path: Path) -> Iterator[Door]:
    """An account with its history, without anything corrected yet."""
    settings = GivenSettings(data=tmp_path / "data", learn_after=0)
    learn_folder(settings, write_history(tmp_path / "petit"))
    with open_door(settings) as door:
        yield door


def suggested(door: Door, kind: str, days: int | None = 7) -> list[dict[str, Any]]:
    """Those of one kind, looked for anew."""
    response = door.post("/v1/suggestions", {"days": days})
    assert response.status_code == 200, response.text
    listed = door.get("/v1/suggestions", params={"kind": kind}, scope="review").json()["items"]
    assert listed == [one for one in response.json()["items"] if one["suggestion"]["kind"] == kind]
    return [one["suggestion"] for one in listed]


def decided(door: Door, suggestion: dict[str, Any], decision: str, **said: Any) -> dict[str, Any]:
    response = door.put(f"/v1/suggestions/{suggestion['id']}/decision", {"decision": decision, "by": "claire.m"} | said)
    assert response.status_code == 200, response.text
    entry: dict[str, Any] = response.json()
    return entry


def test_a_word_that_the_playbook_lacks_is_found_first_with_its_effect(petit: Door) -> None:
    week = corrected_week(petit)
    first = suggested(petit, "keyword")[0]
    assert (first["queue"], first["expression"]) == ("departs", WORD)
    assert set(first["effect"]["helped"]) <= set(week)
    assert first["effect"]["fixed"] >= 2
    assert first["effect"]["broken"] == 0
    assert (first["elsewhere"]["fixed"], first["elsewhere"]["broken"]) == (0, 0)
    assert WORD in first["text"]


def test_names_numbers_and_placeholders_are_never_proposed(petit: Door) -> None:
    corrected_week(petit)
    for one in suggested(petit, "keyword"):
        assert "[" not in one["expression"]
        assert not any(letter.isdigit() for letter in one["expression"])


def test_a_wrong_label_ranks_first_and_changing_it_teaches(petit: Door) -> None:
    first = suggested(petit, "label")[0]
    assert (first["messages"], first["queue"], first["other"]) == ([PLANTED], "departs", "garages")
    assert first["probability"] < first["other_probability"]
    assert first["effect"]["fixed"] >= 1
    entry = decided(petit, first, "changed")
    assert (entry["state"], entry["decided_by"]) == ("changed", "claire.m")
    (lesson,) = asyncio.run(petit.desk.database.read(confirmed.lessons, "petit", [PLANTED]))
    assert lesson.confirmed.queue == "garages"
    assert PLANTED not in {message for one in suggested(petit, "label") for message in one["messages"]}


def test_a_wrong_label_still_ranks_first_among_the_corrections_of_a_week(petit: Door) -> None:
    corrected_week(petit)
    assert suggested(petit, "label")[0]["messages"] == [PLANTED]


def test_a_label_that_a_lead_keeps_does_not_come_back(petit: Door) -> None:
    first = suggested(petit, "label")[0]
    assert decided(petit, first, "kept")["state"] == "kept"
    assert first["id"] not in {one["id"] for one in suggested(petit, "label")}
    kept = petit.get("/v1/suggestions", params={"state": "kept"}).json()["items"]
    assert [one["suggestion"]["id"] for one in kept] == [first["id"]]


def test_an_accepted_keyword_waits_in_a_new_version_until_somebody_activates_it(petit: Door) -> None:
    corrected_week(petit)
    before = petit.get("/v1/queues").json()["playbook_version"]
    entry = decided(petit, suggested(petit, "keyword")[0], "accepted")
    assert (entry["state"], entry["base_version"]) == ("accepted", before)
    assert petit.get("/v1/queues").json()["playbook_version"] == before
    new = asyncio.run(petit.desk.playbooks.version("petit", entry["playbook_version"]))
    assert WORD in [keyword.expression for keyword in new.queue("departs").keywords]
    assert not [one for one in suggested(petit, "keyword") if one["expression"] == WORD]


def test_keywords_accepted_one_after_another_end_up_in_one_version(petit: Door) -> None:
    corrected_week(petit)
    corrected_week(petit, "garages", OTHER_WORD, OTHER_WEEK)
    found = {one["expression"]: one for one in suggested(petit, "keyword")}
    assert found.keys() >= {WORD, OTHER_WORD}
    entries = [decided(petit, found[word], "accepted") for word in (WORD, OTHER_WORD)]
    assert entries[0]["base_version"] == entries[1]["base_version"]
    new = asyncio.run(petit.desk.playbooks.version("petit", entries[1]["playbook_version"]))
    assert WORD in [keyword.expression for keyword in new.queue("departs").keywords]
    assert OTHER_WORD in [keyword.expression for keyword in new.queue("garages").keywords]


def test_an_accepted_keyword_is_in_force_at_once_where_that_is_asked(petit: Door) -> None:
    corrected_week(petit)
    entry = decided(petit, suggested(petit, "keyword")[0], "accepted", activate=True)
    assert petit.get("/v1/queues").json()["playbook_version"] == entry["playbook_version"]


def test_a_refused_suggestion_is_remembered_and_the_same_word_again_changes_nothing(petit: Door) -> None:
    corrected_week(petit)
    first = suggested(petit, "keyword")[0]
    assert decided(petit, first, "refused") == decided(petit, first, "refused")
    assert first["id"] not in {one["id"] for one in suggested(petit, "keyword")}
    again = {"decision": "accepted", "by": "x"}
    assert fields_of(petit.put(f"/v1/suggestions/{first['id']}/decision", again), 409) == ["decision"]


def test_what_is_wrong_is_refused_by_field(petit: Door) -> None:
    label = suggested(petit, "label")[0]
    path = f"/v1/suggestions/{label['id']}/decision"
    assert fields_of(petit.put(path, {"decision": "accepted", "by": "x"})) == ["decision"]
    assert fields_of(petit.put(path, {"decision": "changed", "by": "x", "queue": "nowhere"})) == ["queue"]
    assert fields_of(petit.put(path, {"decision": "maybe", "by": "x"})) == ["decision"]
    assert fields_of(petit.post("/v1/suggestions", {"days": 0})) == ["days"]
    problem_of(petit.put("/v1/suggestions/label-0/decision", {"decision": "kept", "by": "x"}), 404)
    problem_of(petit.put(path, {"decision": "kept", "by": "x"}, scope="review"), 403)
    problem_of(petit.get("/v1/suggestions", scope="triage"), 403)
