"""Whoever calls, whatever is sent: never a 5xx, and every answer is as the OpenAPI document says.

`AIGUILLEUR_TESTS_FUZZ=200` sends so many requests of a kind instead of a few (`make fuzz`).
"""

import asyncio
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.testclient import TestClient

from service.doors import create_doors
from service.wiring import open_desk
from tests.conftest import DATABASE, GivenSettings
from tests.door import Door
from tests.service.small_account import write_account

EXAMPLES = int(os.environ.get("AIGUILLEUR_TESTS_FUZZ", "2"))
SEED = 20260302
CALLERS = {
    "nobody": None,
    "a wrong key": "aig_00000000_wrong",
    "triage": ("triage", None),
    "review": ("review", None),
    "admin": ("admin", None),
    "another account's": ("admin", "autre"),
}
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
"""That what is well-formed is accepted cannot be asked: an account that is not there is well-formed."""


@pytest.fixture(scope="module")
def still_door(small_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """The API over the accounts `petit` and `autre`, without background work."""
    folder = tmp_path_factory.mktemp("contract") / "data"
    folder.mkdir()
    shutil.copyfile(small_store / DATABASE, folder / DATABASE)
    desk = open_desk(GivenSettings(data=folder), index=False, ready=False)
    asyncio.run(desk.import_folder(write_account(folder / "autre"), by="test"))
    yield Door(TestClient(create_doors(desk), raise_server_exceptions=False), desk)
    desk.close()


def headers_of(door: Door, caller: str) -> dict[str, str]:
    given = CALLERS[caller]
    if given is None:
        return {}
    secret = given if isinstance(given, str) else door.key(*given)
    return {"Authorization": f"Bearer {secret}"}


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: str(mode.value))
def test_no_request_breaks_the_contract(still_door: Door, mode: GenerationMode) -> None:
    """Each request is sent by every kind of caller: what costs time is to think of it."""
    schema = schemathesis.openapi.from_dict(still_door.client.get("/openapi.json").json())
    wrong_from_all = mode is GenerationMode.POSITIVE or EXAMPLES > 2
    callers = [headers_of(still_door, caller) for caller in CALLERS if wrong_from_all or caller == "admin"]
    broken: list[str] = []
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        try:
            _sends(still_door.client, callers, operation.as_strategy(generation_mode=mode))()
        except Unsatisfiable:
            continue  # nothing to be wrong about
        except (AssertionError, BaseExceptionGroup) as error:  # all of them are told at once
            broken.append(f"{operation.label}: {' '.join(str(error).split())[:600]}")
    assert broken == [], "\n".join(broken)


def _sends(client: TestClient, callers: Sequence[dict[str, str]], cases: Any) -> Callable[[], None]:
    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def send(case: Any) -> None:
        request = case.as_transport_kwargs(base_url="http://testserver")
        kept = {
            name: value for name, value in (request.pop("headers") or {}).items() if name.lower() != "authorization"
        }
        request.pop("cookies", None)
        if isinstance(request.get("data"), bytes | str):
            request["content"] = request.pop("data")
        for headers in callers:
            response = client.request(headers={**kept, **headers}, **request)
            case.validate_response(response, checks=CHECKS)

    return send


SECRET, SENDER = "zorglubienne", "claire.quill@example.org"


def test_no_route_tells_one_account_of_another(still_door: Door) -> None:
    message = {"account": "petit", "body": f"Où est ma facture {SECRET} ?", "sender": {"address": SENDER}}
    planted = still_door.triage(**message)
    found = still_door.get(f"/v1/messages/{planted['id']}", account="petit")
    assert SECRET in found.text
    document = still_door.client.get("/openapi.json").json()
    for path in (path for path, verbs in document["paths"].items() if "get" in verbs and path.startswith("/v1/")):
        there = re.sub(r"\{\w+\}", planted["id"], path.replace("{message_id}", planted["id"]))
        for query in ({}, {"account": "petit"}, {"q": SECRET[:6]}, {"sender": SENDER}, {"case": planted["id"]}):
            response = still_door.get(there, account="autre", params=query)
            assert response.status_code in {200, 403, 404, 422}, path
            assert SECRET not in response.text, path
            assert "{" in path or planted["id"] not in response.text, path
            assert "{message_id}" not in path or response.status_code == 404, path
            if "account" in query and response.status_code == 200:
                assert "account" not in _named(document["paths"][path]["get"]), path


def _named(operation: dict[str, Any]) -> set[str]:
    return {parameter["name"] for parameter in operation.get("parameters", ())}


def test_what_anybody_may_read_names_no_customer(still_door: Door) -> None:
    still_door.triage(account="petit", body=f"Ma facture {SECRET}", sender={"address": SENDER, "name": SECRET})
    for path in ("/metrics", "/readyz", "/healthz", "/openapi.json"):
        told = still_door.client.get(path).text
        assert SECRET not in told
        assert SENDER not in told
