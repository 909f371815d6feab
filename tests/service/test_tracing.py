"""One trace over the API, the worker and the model; nothing of a customer's in it; and nothing at all without it."""

import asyncio
import json
import logging
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.connectors.tracing import Tracing
from service.log import Lines, Said, code, log
from tests.collector import Collector, collector
from tests.conftest import DATABASE, GivenSettings
from tests.door import Door, open_door
from tests.loopback_model import LoopbackModel

TRACE = "0af7651916cd43dd8448eb211c80319c"
CALLER = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
WORDS = {
    "external_id": "dossier-Vasseur-778812",
    "sender": "Claire Vasseur <claire.vasseur@example.org>",
    "subject": "Prélèvement Vasseur",
    "body": "Bonjour, je suis Claire Vasseur, 06 12 34 56 78. Où est ma facture de mars ?",
}
PERSONAL = re.compile(rb"Vasseur|vasseur|0?6 ?12 ?34|facture de mars|778812", re.ASCII)

ALONE = """
import sys
from service.connectors.tracing import Tracing
tracing = Tracing()
tracing.start()
with tracing.span("internal"):
    pass
print(tracing.on, [name for name in sys.modules if name.startswith("opentelemetry")])
"""


@pytest.fixture
def seen() -> Iterator[Collector]:
    with collector() as found:
        yield found


@pytest.fixture
def model() -> Iterator[LoopbackModel]:
    with LoopbackModel() as found:
        yield found


@pytest.fixture
def folder(small_store: Path, tmp_path: Path) -> Path:
    made = tmp_path / "data"
    made.mkdir()
    shutil.copyfile(small_store / DATABASE, made / DATABASE)
    return made


def settled(door: Door, message_id: str) -> str:
    """Its state, once nobody works on it any more."""
    end = time.monotonic() + 60
    while (state := door.get(f"/v1/messages/{message_id}").json()["state"]) == "received" and time.monotonic() < end:
        time.sleep(0.05)
    return str(state)


def test_a_message_is_one_trace_from_the_callers_over_worker_and_model(
    folder: Path, seen: Collector, model: LoopbackModel
) -> None:
    settings = GivenSettings(
        data=folder, otlp=seen.address, model="openai/loopback", model_api_base=model.base, model_api_key="x"
    )
    with open_door(settings) as door:
        taken = door.post("/v1/messages", WORDS, headers=CALLER)
        assert settled(door, taken.json()["id"]) == "triaged"
        door.get("/v1/messages/Vasseur-778812", headers=CALLER)
        door.client.get("/healthz", headers=CALLER)
    mine = [one for one in seen.spans if one.trace == TRACE]
    call, work, triage, chat = (
        next(one for one in mine if one.name == name)
        for name in ("POST /v1/messages", "work", "triage", "chat openai/loopback")
    )
    assert call.parent == "b7ad6b7169203331"
    assert (work.parent, triage.parent, chat.parent) == (call.id, work.id, triage.id)
    assert work.about["aiguilleur.message"] == triage.about["aiguilleur.message"] == taken.json()["id"]
    assert triage.about["aiguilleur.votes_ms"] > 0
    assert chat.about["gen_ai.usage.input_tokens"] > 0
    assert call.about == {
        "http.request.method": "POST",
        "http.route": "/v1/messages",
        "http.response.status_code": 202,
    }
    assert f"00-{TRACE}-{chat.id}-01" in {one.headers.get("traceparent") for one in model.asked}
    assert any(one.name == "GET /v1/messages/{message_id}" for one in mine)
    assert not any("healthz" in one.name for one in seen.spans)
    assert not PERSONAL.search(seen.raw)


def test_what_fails_is_told_by_its_kind_and_never_by_its_words(seen: Collector) -> None:
    tracing = Tracing(seen.address)
    tracing.start()
    with pytest.raises(ValueError, match="Vasseur"), tracing.span("internal", code("triage")):
        raise ValueError("Claire Vasseur")
    tracing.close()
    (told,) = seen.spans
    assert told.failed
    assert str(told.about["error.type"]).startswith("ValueError at test_tracing.py")
    assert not PERSONAL.search(seen.raw)


def test_a_parent_that_is_none_begins_a_trace_of_its_own(seen: Collector) -> None:
    tracing = Tracing(seen.address)
    tracing.start()
    for parent in ("Claire Vasseur", "00-" + "0" * 32 + "-" + "0" * 16 + "-01", "é" * 5000):
        with tracing.span("server", code("GET"), parent=parent):
            assert tracing.carried()
    tracing.close()
    assert [one.parent for one in seen.spans] == ["", "", ""]
    assert len({one.trace for one in seen.spans}) == 3


def test_the_lines_of_the_log_name_the_trace_they_are_of(seen: Collector, caplog: pytest.LogCaptureFixture) -> None:
    tracing = Tracing(seen.address)
    tracing.start()
    with caplog.at_level(logging.INFO, "aiguilleur"):
        with tracing.span("server", code("GET"), parent=CALLER["traceparent"]):
            inside = Lines().format(_logged(caplog))
        outside = Lines().format(_logged(caplog))
    tracing.close()
    assert json.loads(inside)["trace"] == TRACE
    assert "trace" not in json.loads(outside)


def _logged(caplog: pytest.LogCaptureFixture) -> logging.LogRecord:
    log(Said.TRIAGED, account=code("club"))
    return caplog.records[-1]


@pytest.mark.parametrize("variable", ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"])
def test_the_standard_variables_do_too(variable: str, seen: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, seen.address)
    tracing = Tracing()
    tracing.start()
    with tracing.span("server", code("GET")):
        pass
    tracing.close()
    assert [one.name for one in seen.spans] == ["GET"]


def test_a_collector_that_is_away_stops_nobody() -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    tracing = Tracing(address)
    tracing.start()
    with tracing.span("server", code("GET")):
        pass
    began = time.monotonic()
    tracing.close()
    assert time.monotonic() - began < 5


def test_without_a_collector_nothing_is_kept_nor_loaded(small_door: Door) -> None:
    taken = small_door.post("/v1/messages", WORDS, headers=CALLER)
    first = asyncio.run(small_door.desk.messages.history(taken.json()["id"]))[0]
    assert first.kind == "message_received"
    assert "traceparent" not in (first.after or {})
    ran = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, timeout=120, check=True)
    assert ran.stdout.strip() == "False []"
