"""What surrounds messages: queues, answers, health, metrics, the OpenAPI document and its pages."""

import asyncio
import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel

from service.api.messages import Correction, Reply
from service.domain.message import Message
from service.domain.triage import Triage
from service.storage.engine import retire
from tests.door import Door, fields_of, problem_of

ABSENT = "Zorglub"


def test_queues_are_those_of_the_playbook_in_force(shared_door: Door) -> None:
    found = shared_door.get("/v1/queues", scope="triage").json()
    playbook = asyncio.run(shared_door.desk.playbooks.active("club-horizon-auto"))
    assert found["playbook_version"] == playbook.version
    assert [queue["id"] for queue in found["items"]] == list(playbook.queue_ids)
    assert all(queue["label"] and queue["definition"] and queue["sla_hours"] for queue in found["items"])


def test_answers_are_listed_by_queue_and_language(shared_door: Door) -> None:
    everything = shared_door.get("/v1/answers", scope="triage").json()["items"]
    assert len(everything) > 50
    some = shared_door.get("/v1/answers?queue=resiliation&language=fr").json()["items"]
    assert some
    assert {(one["queue"], one["language"]) for one in some} == {("resiliation", "fr")}
    assert shared_door.get("/v1/answers?queue=nowhere").json()["items"] == []


def test_an_account_that_is_not_there_is_named(shared_door: Door) -> None:
    for path in ("/v1/queues", "/v1/answers"):
        assert fields_of(shared_door.get(f"{path}?account=nobody")) == ["account"]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_health_needs_no_key(shared_door: Door, method: str) -> None:
    assert shared_door.client.request(method, "/healthz").status_code == 200
    assert shared_door.client.request(method, "/readyz").status_code == 200


def test_readiness_names_each_check(shared_door: Door) -> None:
    checks = shared_door.client.get("/readyz").json()["checks"]
    names = {check["name"] for check in checks}
    assert {"database", "tables", "accounts", "backlog", "search"} <= names
    assert all(check["ok"] for check in checks)


def test_a_database_that_is_gone_makes_the_service_unready_and_not_dead(door: Door, data_folder: Path) -> None:
    door.key("triage")
    retire(door.desk.database.engine)  # else the background work would go on with what it has open
    _put_a_folder_in_place_of(data_folder / "aiguilleur.db")
    response = door.client.get("/readyz")
    assert fields_of(response, 503) == ["database"]
    assert int(response.headers["retry-after"]) > 0
    assert door.client.get("/healthz").status_code == 200
    assert "aiguilleur_database_answers 0.0" in door.client.get("/metrics").text
    refused = door.call("POST", "/v1/triage", scope="triage", json={"body": "x"})
    problem_of(refused, 503)
    assert int(refused.headers["retry-after"]) > 0


def _put_a_folder_in_place_of(file: Path) -> None:
    """Again and again: the background work makes the file anew whenever it finds none."""
    while not file.is_dir():
        for found in file.parent.glob(f"{file.name}*"):
            found.unlink(missing_ok=True)
        with suppress(FileExistsError):
            file.mkdir()


def test_metrics_count_and_hold_no_personal_data(door: Door) -> None:
    door.triage(
        body=f"Je souhaite résilier, {ABSENT}, 06 39 98 41 20, compte FR76 3000 6000 0112 3456 7890 189",
        sender={"name": ABSENT, "address": "zorglub@example.org"},
        subject=ABSENT,
        external_id=f"id-{ABSENT}",
        metadata={"nom": ABSENT},
    )
    response = door.client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain")
    assert 'aiguilleur_triages_total{account="club-horizon-auto"' in response.text
    assert "aiguilleur_database_answers 1.0" in response.text
    assert re.search(r'aiguilleur_step_seconds_count\{step="clean"\} 1', response.text)
    named = re.sub(r" \S+$", "", response.text, flags=re.MULTILINE)  # any digits may stand in a value
    assert "zorglub" not in named.lower()
    assert "3998" not in named


def test_what_is_not_there_and_what_is_not_allowed_are_problem_documents(shared_door: Door) -> None:
    assert fields_of(shared_door.get("/v2/nothing"), 404) == ["path"]
    assert fields_of(shared_door.call("DELETE", "/v1/triage"), 405) == ["method"]


@pytest.fixture(scope="module")
def document(shared_door: Door) -> dict[str, Any]:
    found: dict[str, Any] = shared_door.client.get("/openapi.json").json()
    return found


def test_the_openapi_document_is_valid(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()


def test_every_reference_of_the_openapi_document_leads_somewhere(document: dict[str, Any]) -> None:
    references = set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document)))
    assert "components/schemas/Message" in references
    for reference in references:
        found: Any = document
        for part in reference.split("/"):
            found = found[part]
        assert found


def test_every_route_of_the_contract_is_described(document: dict[str, Any]) -> None:
    described = {(method.upper(), path) for path, verbs in document["paths"].items() for method in verbs}
    assert described >= {
        ("POST", "/v1/triage"),
        ("POST", "/v1/messages"),
        ("GET", "/v1/messages"),
        ("GET", "/v1/messages/{message_id}"),
        ("PUT", "/v1/messages/{message_id}/queue"),
        ("PUT", "/v1/messages/{message_id}/reply"),
        ("GET", "/v1/queues"),
        ("GET", "/v1/answers"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/metrics"),
    }


def test_the_key_is_described_as_a_bearer_token_wherever_it_is_needed(document: dict[str, Any]) -> None:
    (name,) = document["components"]["securitySchemes"]
    assert document["components"]["securitySchemes"][name]["scheme"] == "bearer"
    for path, verbs in document["paths"].items():
        for verb in verbs.values():
            assert (verb.get("security") == [{name: []}]) == path.startswith("/v1/")


def test_refusals_are_described_as_problem_documents(document: dict[str, Any]) -> None:
    responses = document["paths"]["/v1/triage"]["post"]["responses"]
    for status in ("401", "403", "409", "413", "422", "503"):
        assert list(responses[status]["content"]) == ["application/problem+json"]
        assert responses[status]["content"]["application/problem+json"]["schema"]["$ref"].endswith("/Problem")


BODIES: list[tuple[str, str, type[BaseModel]]] = [
    ("/v1/triage", "post", Message),
    ("/v1/messages", "post", Message),
    ("/v1/messages/{message_id}/queue", "put", Correction),
    ("/v1/messages/{message_id}/reply", "put", Reply),
]


@pytest.mark.parametrize(("path", "method", "shape"), BODIES)
def test_examples_of_bodies_are_what_the_service_reads(
    document: dict[str, Any], path: str, method: str, shape: type[BaseModel]
) -> None:
    body = document["paths"][path][method]["requestBody"]["content"]["application/json"]
    assert body["schema"]["$ref"] == f"#/components/schemas/{shape.__name__}"
    shape.model_validate_json(json.dumps(body["example"]))


def test_the_example_of_a_result_is_a_triage(document: dict[str, Any]) -> None:
    content = document["paths"]["/v1/triage"]["post"]["responses"]["200"]["content"]["application/json"]
    Triage.model_validate_json(json.dumps(content["example"]))


def test_the_documentation_page_loads_nothing_from_elsewhere(shared_door: Door) -> None:
    page = shared_door.client.get("/docs").text
    loaded = re.findall(r'(?:src|href)\s*=\s*"([^"]+)"', page) + re.findall(r"url\(([^)]+)\)", page)
    assert loaded
    for address in loaded:
        assert address.startswith("/"), address
        assert shared_door.client.get(address).status_code == 200
    assert "https://" not in page
