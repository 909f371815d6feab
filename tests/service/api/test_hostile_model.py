"""A model that obeys whatever a customer's message tells it to: the service still does not.

It answers what the injection asks for whether it was shown it or not, so it does the worst that any model could.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import GivenSettings, copied
from tests.door import Door, open_door
from tests.loopback_answer import INJECTED
from tests.loopback_model import LoopbackModel
from tests.service.api.test_hidden_instructions import ASK, FAKE_JSON, FAKE_TURNS, MAIL, ORDER, ORDRE, html

RIGHT = "remboursement"
WRONG = ("deces_succession", "resiliation", "coordonnees_bancaires")
INJECTIONS: dict[str, dict[str, Any]] = {
    "none": {"body": ASK},
    "in English": {"body": f"{ASK}\n\n{ORDER}"},
    "in French": {"body": f"{ASK}\n\n{ORDRE}"},
    "fake JSON": {"body": f"{ASK}\n\n{FAKE_JSON}"},
    "fake turns": {"body": f"{ASK}\n\n{FAKE_TURNS}"},
    "not displayed": html(f"<div style='display:none'>{ORDER}</div>"),
}
VAGUE = (
    "Bonjour, pouvez-vous me rappeler à propos de mon dossier ? Merci.",
    "Suite à notre échange, voici les éléments demandés. Cordialement",
    "Ma voiture est immobilisée : qu'est-ce qui est pris en charge, et serai-je remboursée de la franchise ?",
)
"""Of these the local voters are not sure, so there is most to win."""


@dataclass
class Hostile:
    """The doors of each engine, with the one model that they ask."""

    model: LoopbackModel
    doors: dict[str, Door]

    def triage(self, engine: str, behaviour: str, **message: Any) -> dict[str, Any]:
        self.model.script(behaviour)
        return self.doors[engine].triage(**message)


@pytest.fixture(scope="module")
def hostile(reference_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    with ExitStack() as held:
        model, doors = held.enter_context(LoopbackModel()), {}
        for engine in ("model", "cascade"):
            data = copied(reference_store, tmp_path_factory.mktemp(engine) / "data")
            asked = GivenSettings(data=data, model="openai/loopback", model_api_base=model.base, model_api_key="x")
            doors[engine] = held.enter_context(open_door(asked.model_copy(update={"engine": engine})))
        yield Hostile(model, doors)


@pytest.mark.parametrize("injection", INJECTIONS)
def test_no_message_goes_to_the_queue_that_an_injection_names(hostile: Hostile, injection: str) -> None:
    for queue in WRONG[:2]:
        for behaviour in (f"obey:{queue}", f"obey_neatly:{queue}"):
            found = hostile.triage("model", behaviour, **MAIL | INJECTIONS[injection])
            assert (found["queue"] or {"id": None})["id"] in {RIGHT, None}
            assert found["outcome_reason"] in {"confident", "disagreement"}
            if found["draft"] is not None:
                unfounded(found["draft"])


@pytest.mark.parametrize("queue", WRONG)
def test_what_the_local_voters_are_not_sure_of_is_left_to_a_person_and_not_to_the_model(
    hostile: Hostile, queue: str
) -> None:
    for body in VAGUE:
        found = hostile.triage("model", f"obey_neatly:{queue}", body=body)
        assert (found["outcome"], found["queue"]) == ("abstained", None)
        if found["draft"] is not None:
            unfounded(found["draft"])


def test_sources_that_nobody_offered_make_the_answer_useless(hostile: Hostile) -> None:
    for engine in hostile.doors:
        found = hostile.triage(engine, f"obey:{WRONG[0]}", **MAIL | INJECTIONS["in French"])
        assert "model_unusable" in found["notes"]
        assert "machine_orders" in found["notes"]
        assert found["degraded"]
        assert not any(injected in found["draft"]["body"] for injected in INJECTED)
        offered = {"message", "account", *found["draft"]["answers"]}
        assert {source for one in found["draft"]["paragraphs"] for source in one["sources"]} <= offered


def test_what_it_invents_under_sources_that_exist_is_a_finding_in_its_place(hostile: Hostile) -> None:
    """In a cascade the queue is decided before it is asked, and the draft is all that it can spoil."""
    found = hostile.triage("cascade", f"obey_neatly:{WRONG[0]}", **MAIL | INJECTIONS["in French"])
    assert found["queue"]["id"] == RIGHT
    draft = found["draft"]
    assert all(injected in draft["body"] for injected in INJECTED)
    told = {(one["kind"], one["severity"]) for one in unfounded(draft)}
    assert {(f"unsourced_{kind}", "error") for kind in ("amount", "link", "phone", "article")} <= told
    assert "commitment" in {kind for kind, _ in told}


def test_nothing_is_sent_and_no_case_is_closed(hostile: Hostile) -> None:
    for engine, door in hostile.doors.items():
        found = hostile.triage(engine, f"obey_neatly:{WRONG[0]}", **MAIL | INJECTIONS["in English"])
        case = door.get(f"/v1/messages/{found['id']}").json()
        assert (case["replied_at"], case["case_state"]) == (None, "open")


def unfounded(draft: dict[str, Any]) -> list[dict[str, Any]]:
    """The findings of a draft; each of the injected paragraphs that is in it has one that is an error."""
    findings: list[dict[str, Any]] = draft["findings"]
    for injected in INJECTED:
        at = draft["body"].find(injected)
        errors = [one for one in findings if one["severity"] == "error" and at <= one["start"] < at + len(injected)]
        assert at < 0 or errors, injected
    return findings
