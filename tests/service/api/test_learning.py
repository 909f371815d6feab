"""What advisors teach, through the HTTP door: learned at once, contested, undone, and versions brought back."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import GivenSettings
from tests.door import Door, fields_of, open_door, problem_of
from tests.service.cli.command import ran
from tests.service.taught import taught_store

PARROT = "Le perroquet de ma voisine répète mon code secret de fenêtre coulissante."
DEATH = "Suite au décès de mon père, que faire ?"
NOBODY = "019a9f4e-8c1b-7d02-b1a4-5f0d3c2e9a77"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with `petit` in it."""
    taught_store(GivenSettings(data=tmp_path / "data"), tmp_path / "petit")
    return tmp_path / "data"


@pytest.fixture
def petit(data: Path) -> Iterator[Door]:
    with open_door(GivenSettings(data=data)) as door:
        yield door


def corrected(door: Door, message_id: str, queue: str, by: str = "nadia.k", **said: str) -> dict[str, Any]:
    response = door.put(f"/v1/messages/{message_id}/queue", {"queue": queue, "by": by} | said, scope="review")
    assert response.status_code == 200, response.text
    case: dict[str, Any] = response.json()
    return case


def neighbours(triage: dict[str, Any]) -> dict[str, str]:
    """Queue of each neighbour shown, by its id."""
    vote = next(vote for vote in triage["votes"] if vote["voter"] == "neighbours")
    return {piece["ref"]: piece["queue"] for piece in vote["evidence"]}


def best(triage: dict[str, Any]) -> str:
    queue: str = triage["alternatives"][0]["queue"]
    return queue


def until(door: Door, there: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """What is learned, once it is so."""
    end = time.monotonic() + 90
    while not there(found := door.get("/v1/learned").json()):
        assert time.monotonic() < end, found
        time.sleep(0.1)
    return dict(found)


def refit(door: Door) -> dict[str, Any]:
    """Asks for one, and waits until it is live."""
    before = len(door.get("/v1/learned").json()["items"])
    assert door.post("/v1/learned/refits", {"by": "claire.m"}).status_code == 202
    found = until(door, lambda now: len(now["items"]) > before and now["waiting"] == 0)
    time.sleep(1.1)  # what another process puts in force is seen after a second at most
    return found


def test_the_very_next_message_of_the_same_text_sees_the_correction(petit: Door) -> None:
    first = petit.triage(body=PARROT, external_id="p-1")
    assert "p-1" not in neighbours(petit.triage(body=PARROT, external_id="p-2"))
    assert corrected(petit, first["id"], "departs")["correction"]["state"] == "learned"
    third = petit.triage(body=PARROT, external_id="p-3")
    assert neighbours(third)["p-1"] == "departs"
    assert best(third) == "departs"


def test_another_process_on_the_same_store_sees_it_too(petit: Door, data: Path) -> None:
    first = petit.triage(body=PARROT, external_id="p-1")
    corrected(petit, first["id"], "departs")
    (data / "message.json").write_text(json.dumps({"body": PARROT, "external_id": "p-2"}), "utf-8")
    done = ran(data, "triage", "message.json", "--json")
    assert neighbours(json.loads(done.stdout))["p-1"] == "departs"


def test_a_server_that_runs_already_sees_what_another_process_learned(petit: Door, data: Path) -> None:
    first = petit.triage(body=PARROT, external_id="p-1")
    done = ran(data, "learn", "correct", first["id"], "departs", "--by", "nadia.k")
    assert done.returncode == 0, done.stderr
    assert neighbours(petit.triage(body=PARROT, external_id="p-2"))["p-1"] == "departs"


def test_an_undone_correction_is_gone_from_the_neighbours_at_once(petit: Door) -> None:
    first = petit.triage(body=PARROT, external_id="p-1")
    entry = corrected(petit, first["id"], "departs")["correction"]
    back = petit.call("DELETE", f"/v1/corrections/{entry['id']}", scope="review", params={"by": "nadia.k"})
    assert back.status_code == 200, back.text
    assert (back.json()["correction"], back.json()["queue"]) == (None, (first["queue"] or {}).get("id"))
    assert "p-1" not in neighbours(petit.triage(body=PARROT, external_id="p-2"))


def test_a_correction_against_the_playbook_waits_for_a_lead(petit: Door) -> None:
    first = petit.triage(body=DEATH, external_id="l-1")
    case = corrected(petit, first["id"], "departs", comment="Vu au téléphone")
    entry = case["correction"]
    assert (case["queue"], entry["state"]) == ("departs", "contested")
    assert entry["objections"] == [{"kind": "policy", "queue": "deces", "refs": ["décès"]}]
    assert "l-1" not in neighbours(petit.triage(body=DEATH, external_id="l-2"))
    waiting = petit.get("/v1/corrections", params={"state": "contested"}, scope="review").json()
    assert waiting["items"] == [entry]
    accepted = {"decision": "accepted", "by": "claire.m"}
    problem_of(petit.put(f"/v1/corrections/{entry['id']}/decision", accepted, scope="review"), 403)
    decided = petit.put(f"/v1/corrections/{entry['id']}/decision", accepted)
    assert (decided.json()["state"], decided.json()["decided_by"]) == ("accepted", "claire.m")
    assert neighbours(petit.triage(body=DEATH, external_id="l-3"))["l-1"] == "departs"
    assert petit.get("/v1/corrections", params={"state": "contested"}).json()["items"] == []


def test_a_correction_against_many_confirmed_messages_waits_and_a_refused_one_is_never_learned(petit: Door) -> None:
    for number in range(3):
        given = {"body": f"{PARROT} Cas {number}.", "sender": {"name": "", "address": f"c{number}@x.example"}}
        message = petit.triage(**given, external_id=f"p-{number}")
        corrected(petit, message["id"], "departs", by=f"advisor-{number}")
    contrary = petit.triage(body=PARROT, external_id="p-9", sender={"name": "", "address": "c9@x.example"})
    entry = corrected(petit, contrary["id"], "factures")["correction"]
    assert entry["state"] == "contested"
    assert sorted(entry["objections"][0]["refs"]) == ["p-0", "p-1", "p-2"]
    said = {"decision": "refused", "by": "claire.m", "comment": "non"}
    assert petit.put(f"/v1/corrections/{entry['id']}/decision", said).json()["state"] == "refused"
    assert "p-9" not in neighbours(petit.triage(body=PARROT, external_id="p-10"))
    assert petit.get(f"/v1/messages/{contrary['id']}").json()["queue"] == "factures"
    fields_of(petit.put(f"/v1/corrections/{entry['id']}/decision", said | {"decision": "accepted"}), 409)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"decision": "perhaps", "by": "x"}, "decision"),
        ({"decision": "accepted"}, "by"),
        ({"decision": "accepted", "by": "x", "why": "y"}, "why"),
    ],
)
def test_a_decision_that_is_wrong_names_its_field(petit: Door, said: dict[str, str], field: str) -> None:
    assert fields_of(petit.put(f"/v1/corrections/{NOBODY}/decision", said)) == [field]


def test_what_is_not_there_is_missing(petit: Door) -> None:
    accepted = {"decision": "accepted", "by": "x"}
    for reference in (NOBODY, "x", "%00", "%F0%9F%92%A9"):
        problem_of(petit.put(f"/v1/corrections/{reference}/decision", accepted), 404)
        problem_of(petit.call("DELETE", f"/v1/corrections/{reference}", params={"by": "x"}), 404)
    problem_of(petit.put("/v1/learned/active", {"version": "fit-9", "by": "x"}), 404)


def test_one_thank_you_does_not_teach_that_a_sender_always_says_thank_you(petit: Door) -> None:
    sender = {"name": "Paule Rey", "address": "paule.rey@x.example"}
    asks = {"Où est ma facture de mars ? Merci.": "factures", "Merci de confirmer mon départ du club.": "departs"}

    def queues(round_: str) -> list[str]:
        sent = enumerate(asks)
        return [best(petit.triage(body=ask, sender=sender, external_id=f"{round_}-{n}")) for n, ask in sent]

    assert queues("before") == list(asks.values())
    for number in range(8):
        thanks = petit.triage(body="Merci.", sender=sender, external_id=f"thanks-{number}")
        corrected(petit, thanks["id"], "deces")
    assert queues("after") == list(asks.values())
    found = neighbours(petit.triage(body="Merci.", sender=sender, external_id="thanks-9"))
    assert len([one for one in found if one.startswith("thanks-")]) == 1
    assert refit(petit)["items"][0]["active"]
    assert queues("refitted") == list(asks.values())
    following = petit.triage(body="Merci.", sender=sender, external_id="thanks-10")
    assert best(following) == "deces"


def test_versions_are_listed_brought_back_and_held_until_somebody_learns_on_purpose(petit: Door, data: Path) -> None:
    message = petit.triage(body="Ma facture de juin, encore", external_id="a-1")
    corrected(petit, message["id"], "factures")
    newest, first = refit(petit)["items"]
    assert (newest["active"], first["active"], newest["metrics"]["against"]) == (True, False, first["version"])
    problem_of(petit.put("/v1/learned/active", {"version": first["version"], "by": "x"}, scope="review"), 403)
    held = petit.put("/v1/learned/active", {"version": first["version"], "by": "claire.m"}).json()
    assert held["held_by"] == "claire.m"
    assert petit.triage(body="Bonjour", external_id="a-2")["versions"]["classifier"] == first["version"]
    with open_door(GivenSettings(data=data)) as restarted:
        assert restarted.triage(body="Bonjour", external_id="a-3")["versions"]["classifier"] == first["version"]
    asyncio.run(petit.desk.learning.learn("petit", by="claire.m"))
    assert petit.get("/v1/learned").json()["held_by"] is None


def test_enough_corrections_bring_a_refit_by_themselves_and_metrics_count_it(data: Path) -> None:
    with open_door(GivenSettings(data=data, learn_after=2)) as door:
        for number, body in enumerate(["Facture perdue, merci", "Bonjour à vous"]):
            message = door.triage(body=body, external_id=f"a-{number}")
            corrected(door, message["id"], "factures")
        found = until(door, lambda now: len(now["items"]) == 2)
        assert (found["failing"], found["items"][0]["metrics"]["examples"]) == (False, 10)
        end = time.monotonic() + 60  # counted once its process is gone
        while 'aiguilleur_refits_total{account="petit"' not in (told := door.client.get("/metrics").text):
            assert time.monotonic() < end
            time.sleep(0.1)
    counted = [line for line in told.splitlines() if line.startswith("aiguilleur_corrections_total{")]
    (once,) = counted  # the other was confirmed
    assert once == 'aiguilleur_corrections_total{account="petit",routed="no",state="learned"} 1.0'
