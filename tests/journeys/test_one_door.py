"""600 messages through every door: no model, log, trace, metric, index, report or example hears whose they are.

What redaction found must turn up nowhere. What the labels call personal and redaction missed is counted, and bounded.
"""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from evals.harness.dataset import Labelled
from evals.harness.predicting import predict_one
from service.playbooks import parse_confirmed
from service.wiring import open_desk
from tests.conftest import GivenSettings, copied
from tests.journeys.personal import FENCED, Known, known, leaked, stands
from tests.journeys.served import Served, served
from tests.listener import listening
from tests.loopback_model import LoopbackModel
from tests.service.cli.command import ran

pytestmark = pytest.mark.timeout(1200)
ACCOUNT = "club-horizon-auto"
AT_ONCE, LATER, BULK, MEASURED = 220, 200, 60, 120
MISSED = 0.03
"""Of the labelled strings, so many may have been missed by redaction."""


@dataclass
class Sinks:
    """Everything that was heard outside, by who heard it."""

    messages: list[Known]
    own: list[tuple[Known, str]] = field(default_factory=list)
    heard: dict[str, str] = field(default_factory=dict)
    traced: list[str] = field(default_factory=list)
    drafted: int = 0


@pytest.fixture(scope="module")
def sinks(reference_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Sinks:
    folder = copied(reference_store, tmp_path_factory.mktemp("door") / "data")
    sinks = Sinks(known(AT_ONCE + LATER + BULK + MEASURED))
    with listening() as listener, LoopbackModel() as model, pytest.MonkeyPatch.context() as environment:
        for name, value in listener.talkative.items():
            environment.setenv(name, value)
        settings = {"model": "openai/recorder", "model_api_base": model.base}
        with served(folder, model="openai/recorder", model_api_base=model.base) as service:
            _ask(service, model, sinks)
        sinks.heard["serve's log"] = "".join(service.lines)
        _bulk(folder, settings, sinks)
        _measured(folder, sinks)
        sinks.heard["model"] = "\n".join(dict.fromkeys(_said(model.asked)))
        sinks.traced += listener.heard
    sinks.heard["index"] = _bytes_of(folder / "chroma")
    return sinks


def _ask(service: Served, model: LoopbackModel, sinks: Sinks) -> None:
    with service.client as client:
        for one in sinks.messages[:AT_ONCE]:
            before = len(model.asked)
            assert client.post("/v1/triage", json=one.line).status_code == 200
            fenced = (part[2] for said in _said(model.asked[before:]) for part in FENCED.finditer(said))
            sinks.own.append((one, "\n".join(fenced)))
        later = sinks.messages[AT_ONCE : AT_ONCE + LATER]
        places = [client.post("/v1/messages", json=one.line).headers["location"] for one in later]
        for one, place in list(zip(later, places, strict=True))[:40:4]:
            sinks.drafted += _worked_on(client, one, place)
        for place in places:
            _waited_for(client, place)
        client.post("/v1/triage", content=json.dumps(later[0].line)[:-40])
        client.post("/v1/triage", json=later[0].line | {"channel": later[0].line["from"]})
        client.get(f"/v1/messages/{later[0].line['from']}", params={"cursor": later[0].line["text"][:80]})
        sinks.heard["metrics"] = client.get("/metrics").text


def _worked_on(client: Any, one: Known, place: str) -> bool:
    """What advisors do: another draft with a wish and a text that name the customer, a correction, the reply."""
    drafted = (_waited_for(client, place)["triage"]["draft"] or {}).get("body", "Bonjour,")
    who = one.line["from"]
    client.put(f"{place}/queue", json={"queue": one.line["queue"], "by": "ana", "comment": f"Vu avec {who}"})
    text = f"{drafted}\n\nÀ l'attention de {who}"
    wish = {"by": "ana", "wish": f"plus court, pour {who}", "keep": text}
    made = client.post(f"{place}/draft", json=wish)
    client.put(f"{place}/reply", json={"text": text, "by": "ana", "sent_at": "2026-11-20T10:00:00Z"})
    return bool(made.status_code == 200)


def _waited_for(client: Any, place: str) -> dict[str, Any]:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        case: dict[str, Any] = client.get(place).json()
        if case["state"] == "triaged":
            return case
        time.sleep(0.05)
    raise AssertionError("It was not triaged in time.")


def _bulk(folder: Path, settings: dict[str, str], sinks: Sinks) -> None:
    source = folder.parent / "in.jsonl"
    some = sinks.messages[AT_ONCE + LATER : AT_ONCE + LATER + BULK]
    source.write_text("\n".join(json.dumps(one.line) for one in some) + "\n{broken", "utf-8")
    done = ran(folder, "bulk", source, "--out", folder.parent / "out.jsonl", "--workers", "1", **settings)
    assert (folder.parent / "out.jsonl").exists(), done.stderr
    single = folder.parent / "one.json"
    single.write_text(json.dumps(some[0].line), "utf-8")
    card = ran(folder, "triage", single, "--json")
    assert some[0].line["id"] in card.stdout, card.stderr
    sinks.heard["command line's standard error"] = done.stderr + card.stderr


def _measured(folder: Path, sinks: Sinks) -> None:
    desk = open_desk(GivenSettings(data=folder), index=False, ready=False)

    async def predicted() -> list[str]:
        knowledge = await desk.shelf.of(ACCOUNT)
        lines = [json.dumps(one.line) for one in sinks.messages[-MEASURED:]]
        read = parse_confirmed(lines, "lines", knowledge.playbook.queue_ids)
        return [(await predict_one(Labelled(confirmed=one, group=""), knowledge)).model_dump_json() for one in read]

    sinks.heard["a run's folder"] = "\n".join(asyncio.run(predicted()))
    learned = asyncio.run(desk.shelf.of(ACCOUNT)).learned
    assert learned is not None
    sinks.heard["what was learned"] = "\n".join(term for block in learned.vocabulary.blocks for term in block)
    desk.close()


def _said(asked: Sequence[Any]) -> Iterator[str]:
    for one in asked:
        for turn in one.body.get("messages", ()):
            yield str(turn["content"])


def _bytes_of(folder: Path) -> str:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return "\n".join(path.read_bytes().decode("utf-8", "ignore") for path in files)


def test_nobody_outside_hears_what_redaction_found(sinks: Sinks) -> None:
    told = {who: leaked(sinks.messages, text) for who, text in sinks.heard.items()}
    assert {who: found[:5] for who, found in told.items() if found} == {}


def test_a_prompt_holds_nothing_that_redaction_found_in_its_message(sinks: Sinks) -> None:
    assert all(part for one, part in sinks.own if one.line["text"])
    assert [(one.line["id"], value) for one, part in sinks.own for value in one.found if stands(value, part)] == []


def test_few_labelled_strings_are_missed(sinks: Sinks) -> None:
    labelled = [(label, part) for one, part in sinks.own for label in one.labelled if len(label) > 3]
    missed = [label for label, part in labelled if stands(label, part)]
    assert len(missed) <= MISSED * len(labelled), missed


def test_no_trace_is_posted_anywhere(sinks: Sinks) -> None:
    assert sinks.traced == []


def test_every_door_was_gone_through(sinks: Sinks) -> None:
    assert len(sinks.messages) == AT_ONCE + LATER + BULK + MEASURED
    assert sinks.drafted > 0
    assert all(sinks.heard.values())


def test_what_is_looked_for_would_be_found(sinks: Sinks) -> None:
    some = sinks.messages[:100]
    raw = "\n".join(f"{one.line['subject']}\n{one.line['text']}" for one in some)
    assert len(leaked(some, raw)) > 100
