"""Any draft compared with its sources, and the look over the canned answers, through HTTP."""

from typing import Any

import pytest

from tests.door import Door, fields_of, problem_of

PATH, LINT = "/v1/drafts/check", "/v1/answers/lint"
ANSWER = "declaration_panne_mecanique"
FAITHFUL = (
    "Demandez au garage un diagnostic et un devis détaillé, puis envoyez-les à garanties@clubhorizonauto.example."
)
FALSE = "Votre garantie prévoit un plafond de 9 000 € par panne. Nous vous offrons la boîte de vitesses."


def asked(text: str = FAITHFUL, **given: Any) -> dict[str, Any]:
    return {"draft": text, "answers": [ANSWER]} | given


def checked(door: Door, body: dict[str, Any]) -> dict[str, Any]:
    response = door.post(PATH, body, scope="triage")
    assert response.status_code == 200, response.text
    draft: dict[str, Any] = response.json()
    return draft


def test_a_faithful_draft_has_no_finding_and_names_its_answer(shared_door: Door) -> None:
    draft = checked(shared_door, asked())
    assert (draft["findings"], draft["answers"], draft["body"]) == ([], [ANSWER], FAITHFUL)


def test_a_false_fact_and_a_promise_stand_at_their_places_with_the_nearest_source(shared_door: Door) -> None:
    draft = checked(shared_door, asked(FALSE))
    found = {one["kind"]: one for one in draft["findings"]}
    assert found.keys() == {"unsourced_amount", "commitment"}
    assert (found["unsourced_amount"]["text"], found["unsourced_amount"]["severity"]) == ("9 000 €", "error")
    for one in found.values():
        assert FALSE[one["start"] : one["end"]] == one["text"]
        assert one["source"] == ANSWER
        assert one["nearest"]


def test_the_customers_own_facts_count_where_his_message_is_given(shared_door: Door) -> None:
    text = f"Nous avons bien reçu votre message du 3 mars au sujet de la facture F-88123.\n\n{FAITHFUL}"
    without = checked(shared_door, asked(text))
    message = {"body": "Bonjour, le 3 mars j'ai payé la facture F-88123, et la panne est revenue."}
    assert {one["kind"] for one in without["findings"]} >= {"unsourced_date", "unsourced_number"}
    assert checked(shared_door, asked(text, message=message))["findings"] == []


@pytest.mark.parametrize(
    ("body", "field", "cure"),
    [
        ({"draft": "", "answers": [ANSWER]}, "draft", "give the reply to check"),
        ({"draft": FAITHFUL}, "answers", "name the canned answers"),
        ({"draft": FAITHFUL, "answers": ["nowhere"]}, "answers", "answers list"),
        ({"answers": [ANSWER]}, "draft", ""),
        ({"draft": 3, "answers": [ANSWER]}, "draft", ""),
        ({"draft": FAITHFUL, "answers": ANSWER}, "answers", ""),
        ({"draft": FAITHFUL, "answers": [ANSWER], "ton": "doux"}, "ton", ""),
        ({"draft": {"paragraphs": [{"text": "x"}] * 201}, "answers": [ANSWER]}, "draft", ""),
    ],
)
def test_what_is_wrong_is_refused_by_field_with_its_cure(
    shared_door: Door, body: dict[str, Any], field: str, cure: str
) -> None:
    refused = shared_door.post(PATH, body, scope="triage")
    assert {name.split(".")[0] for name in fields_of(refused)} == {field}
    assert cure in problem_of(refused, 422)["errors"][0]["message"]


@pytest.mark.parametrize("body", ["", "{", "[]", b"\xff\xfe", "null"])
def test_what_is_no_check_at_all_is_refused(shared_door: Door, body: str | bytes) -> None:
    response = shared_door.post(PATH, body, scope="triage")
    assert problem_of(response, response.status_code)["status"] in (400, 422)


def test_a_condition_that_is_gone_shows_how_the_answer_has_it(shared_door: Door) -> None:
    source = "La franchise est de 150 € par panne dans tous les cas."
    found = [one for one in checked(shared_door, asked(source))["findings"] if one["kind"] == "condition_lost"]
    assert [(one["text"], one["source"]) for one in found] == [(source, ANSWER)]
    assert "franchise" in found[0]["nearest"]


def test_an_account_that_is_not_there_and_a_body_that_is_too_big_are_refused(shared_door: Door) -> None:
    assert fields_of(shared_door.post(PATH, asked(account="nowhere"), scope="triage")) == ["account"]
    assert fields_of(shared_door.get(f"{LINT}?account=nowhere", scope="review")) == ["account"]
    assert fields_of(shared_door.post(PATH, "x" * 2_000_001, scope="triage"), 413) == ["body"]


def test_the_library_is_looked_over_for_keys_that_may_review(shared_door: Door) -> None:
    report = shared_door.get(LINT, scope="review").json()
    assert (report["account"], report["items"]) == ("club-horizon-auto", [])
    assert report["answers"] > 0
    assert fields_of(shared_door.get(LINT, scope="triage"), 403) == ["Authorization"]


def test_nobody_checks_without_a_key(shared_door: Door) -> None:
    for method, path in (("POST", PATH), ("GET", LINT)):
        assert fields_of(shared_door.client.request(method, path), 401) == ["Authorization"]


def test_a_key_of_one_account_sees_only_its_own_answers(two_accounts: Door) -> None:
    ours = {"scope": "review", "account": "club-horizon-auto"}
    theirs = {"scope": "review", "account": "autre"}
    assert fields_of(two_accounts.post(PATH, asked(account="autre"), **ours), 403) == ["account"]
    assert fields_of(two_accounts.get(f"{LINT}?account=autre", **ours), 403) == ["account"]
    assert two_accounts.post(PATH, asked(), **ours).status_code == 200
    assert fields_of(two_accounts.post(PATH, asked(), **theirs)) == ["answers"]
    assert two_accounts.get(LINT, **theirs).json()["account"] == "autre"
