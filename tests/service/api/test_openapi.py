"""The OpenAPI document is enough to write a client from: names, types, headers and examples."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator

from tests.door import Door

Verb = tuple[str, str, dict[str, Any]]


@pytest.fixture(scope="module")
def document(shared_door: Door) -> dict[str, Any]:
    found: dict[str, Any] = shared_door.client.get("/openapi.json").json()
    return found


def verbs_of(document: dict[str, Any]) -> Iterator[Verb]:
    return ((name, path, verb) for path, verbs in document["paths"].items() for name, verb in verbs.items())


def test_operations_are_named_by_what_is_called_and_never_twice(document: dict[str, Any]) -> None:
    names = {(method, path): verb["operationId"] for method, path, verb in verbs_of(document)}
    assert len(set(names.values())) == len(names)
    assert all(re.fullmatch(r"(get|post|put|delete)(_[a-z]+)+", name) for name in names.values())
    assert names["post", "/v1/triage"] == "post_triage"
    assert names["get", "/v1/messages"] == "get_messages"
    assert names["get", "/v1/messages/{message_id}"] == "get_message"
    assert names["put", "/v1/messages/{message_id}/queue"] == "put_message_queue"
    assert names["delete", "/v1/answers/{answer_id}"] == "delete_answer"
    assert names["get", "/healthz"] == "get_healthz"


def contents_of(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every body that is read or answered, by what it is of."""
    for method, path, verb in verbs_of(document):
        for content in verb.get("requestBody", {"content": {}})["content"].values():
            yield f"{method} {path}", content
        for status, answer in verb["responses"].items():
            for content in answer.get("content", {}).values():
                yield f"{method} {path} {status}", content


def test_every_example_is_what_its_schema_says(document: dict[str, Any]) -> None:
    wrong, seen = [], 0
    for name, content in contents_of(document):
        if "example" in content:
            schema = content["schema"] | {"components": document["components"]}
            validator = OAS31Validator(schema, format_checker=OAS31Validator.FORMAT_CHECKER)
            wrong += [
                f"{name}: {error.json_path} {error.message}" for error in validator.iter_errors(content["example"])
            ]
            seen += 1
    assert wrong == []
    assert seen > 25


def test_every_body_that_is_sent_has_an_example_and_every_answer_a_type(document: dict[str, Any]) -> None:
    for name, content in contents_of(document):
        assert content["schema"], name
        assert "example" in content or re.search(r" \d{3}$", name), name
    for method, path, verb in verbs_of(document):
        (done,) = (status for status in verb["responses"] if status.startswith("2"))
        assert done == "204" or verb["responses"][done]["content"], f"{method} {path}"


def test_what_a_client_begins_with_shows_what_it_answers(document: dict[str, Any]) -> None:
    began = [("post", "/v1/triage", "200"), ("post", "/v1/messages", "202"), ("get", "/v1/queues", "200")]
    began += [
        ("get", "/v1/messages", "200"),
        ("get", "/v1/messages/{message_id}", "200"),
        ("get", "/v1/answers", "200"),
    ]
    for method, path, status in began:
        content = document["paths"][path][method]["responses"][status]["content"]["application/json"]
        assert content["example"]
    (problem,) = document["components"]["schemas"]["Problem"]["examples"]
    assert problem["errors"][0].keys() == {"field", "message"}


def test_what_is_always_answered_is_said_to_be_always_there(shared_door: Door, document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    triage = shared_door.triage(body="Je souhaite résilier mon adhésion.")
    assert set(schemas["Triage"]["required"]) == triage.keys()
    assert set(schemas["Draft"]["required"]) == triage["draft"].keys()
    case = shared_door.get(f"/v1/messages/{triage['id']}").json()
    assert set(schemas["Case"]["required"]) == case.keys()
    assert "required" not in schemas["Message"]  # what is sent may leave out what it has always left out


def test_a_parameter_is_left_out_and_never_null(document: dict[str, Any]) -> None:
    given = [one for _, _, verb in verbs_of(document) for one in verb.get("parameters", ())]
    assert len(given) > 50
    for one in given:
        assert '"null"' not in json.dumps(one["schema"]), one
        assert one["name"] not in {"account", "cursor", "limit", "by"} or one["description"], one
    asked = {one["name"]: one["schema"] for one in document["paths"]["/v1/messages"]["get"]["parameters"]}
    assert asked["since"] | {"title": ""} == {"type": "string", "format": "date-time", "title": ""}
    assert set(asked["outcome"]["enum"]) == {"routed", "abstained"}


def test_headers_that_a_client_needs_are_told(document: dict[str, Any]) -> None:
    assert "Location" in document["paths"]["/v1/messages"]["post"]["responses"]["202"]["headers"]
    for method in ("get", "put", "delete"):
        assert "ETag" in document["paths"]["/v1/answers/{answer_id}"][method]["responses"]["200"]["headers"]
    for method, path, verb in verbs_of(document):
        for status in verb["responses"].keys() & {"429", "503"}:
            assert "Retry-After" in verb["responses"][status]["headers"], f"{method} {path} {status}"


def test_health_is_not_said_to_refuse_a_key_that_it_never_asks_for(document: dict[str, Any]) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        assert not document["paths"][path]["get"]["responses"].keys() & {"401", "403", "429"}
    assert "text/plain" in document["paths"]["/metrics"]["get"]["responses"]["200"]["content"]
