"""Canned answers written by an integrator as by the form, and drafts handed over, through HTTP."""

import pytest

from tests.door import Door, fields_of, problem_of

PATH = "/v1/answers/facture_double"
WANTED = {
    "by": "Iris Morel",
    "queue": "factures",
    "title": "Double de facture",
    "situation": "Le client veut un double.",
    "body": "Bonjour {nom},\nVoici le double de la facture {numero_piece}.",
}


@pytest.fixture
def door(small_door: Door) -> Door:
    return small_door


def test_an_answer_is_written_changed_retired_and_brought_back(door: Door) -> None:
    made = door.put(PATH, WANTED)
    assert made.headers["ETag"] == '"1"'
    assert made.json()["answer"]["placeholders"] == ["nom", "numero_piece"]
    assert made.json()["updated_by"] == "Iris Morel"
    assert fields_of(door.put(PATH, WANTED), 409) == ["id"]
    changed = door.put(PATH, WANTED | {"title": "Double", "revision": 1, "by": "Léa"}).json()
    assert (changed["revision"], changed["answer"]["title"]) == (2, "Double")
    assert fields_of(door.put(PATH, WANTED | {"revision": 1}), 409) == ["revision"]
    assert "facture_double" in [one["id"] for one in door.get("/v1/answers").json()["items"]]
    gone = door.call("DELETE", f"{PATH}?by=L%C3%A9a&revision=2").json()
    assert gone["retired_at"]
    assert "facture_double" not in [one["id"] for one in door.get("/v1/answers").json()["items"]]
    assert door.put(PATH, WANTED | {"revision": 3}).json()["retired_at"] is None
    told = door.get(f"{PATH}/history", scope="review").json()["items"]
    assert [(one["revision"], one["action"], one["by"]) for one in told] == [
        (4, "added", "Iris Morel"), (3, "retired", "Léa"), (2, "changed", "Léa"), (1, "added", "Iris Morel"),
    ]  # fmt: skip


def test_what_the_form_refuses_is_refused_here_by_field(door: Door) -> None:
    wrong = WANTED | {"queue": "nowhere", "title": "", "valid_from": "2026-12-01", "valid_until": "2026-11-01"}
    assert set(fields_of(door.put(PATH, wrong))) == {"queue", "title", "days"}
    assert fields_of(door.put("/v1/answers/Mauvais%20nom", WANTED)) == ["id"]
    assert fields_of(door.put(PATH, WANTED | {"ton": "doux"})) == ["ton"]
    problem_of(door.get(PATH), 404)
    problem_of(door.get(f"{PATH}/history"), 404)
    problem_of(door.put(PATH, WANTED, scope="review"), 403)
    problem_of(door.put(f"{PATH}?account=autre", WANTED, account="petit"), 403)


def test_a_draft_is_handed_over_and_taken_back(door: Door) -> None:
    message = door.triage(body="Je veux une copie de ma facture de mars, merci.")["id"]
    path = f"/v1/messages/{message}/ready"
    problem_of(door.put(path, {"by": "Léa", "version": 9}), 409)
    saved = door.put(
        f"/v1/messages/{message}/draft", {"by": "Léa", "text": "Bonjour,\n\nLa voici.", "version": 0}
    ).json()
    ready = door.put(path, {"by": "Léa"}).json()
    assert (ready["number"], ready["ready_by"]) == (saved["number"], "Léa")
    assert door.get(f"/v1/messages/{message}/drafts").json()["items"][-1]["ready_at"]
    assert door.call("DELETE", f"{path}?by=L%C3%A9a").status_code == 200
    assert door.get(f"/v1/messages/{message}/drafts").json()["items"][-1]["ready_at"] is None
    problem_of(door.put(path, {"by": "Léa"}, scope="triage"), 403)
