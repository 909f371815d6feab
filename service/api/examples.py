"""Examples shown in the OpenAPI document: a real message and what came back for it."""

import json
from typing import Any

from service.settings import SHIPPED


def _read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((SHIPPED / "examples" / name).read_text("utf-8"))
    return document


MESSAGE = _read("message.json")
TRIAGE = _read("triage.json")
CORRECTION = _read("correction.json")
FLAGS = _read("flags.json")
REPLY = _read("reply.json")
REDRAFT = _read("redraft.json")
SAVED_DRAFT = _read("saved_draft.json")
CALL = _read("call.json")
CALL_SETTLED = _read("call_settled.json")
DRAFT_CHECK = _read("draft_check.json")
DECISION = _read("decision.json")
ACTIVATION = _read("activation.json")
REFIT = _read("refit.json")
SUGGESTING = _read("suggesting.json")
SETTLEMENT = _read("settlement.json")
ERASING = _read("erasing.json")
TEAM = _read("team.json")
LEVEL = _read("level.json")
ANSWER = _read("answer.json")
HANDING_OVER = _read("handing_over.json")

WEBHOOK = {"url": "https://crm.example.com/hooks/aiguilleur", "events": ["message.triaged", "message.failed"]}

RESULTS = _read("results.json")
_CASE, _ANSWER = RESULTS["case"], RESULTS["answer"]
ANSWERS: dict[tuple[str, str], dict[str, Any]] = {
    ("post", "/v1/triage"): TRIAGE,
    ("post", "/v1/messages"): RESULTS["accepted"],
    ("get", "/v1/messages"): {"items": [_CASE], "next_cursor": _CASE["id"]},
    ("get", "/v1/messages/{message_id}"): _CASE | {"flags": TRIAGE["flags"], "triage": TRIAGE},
    ("get", "/v1/queues"): RESULTS["queues"],
    ("get", "/v1/answers"): {"account": RESULTS["queues"]["account"], "items": [_ANSWER["answer"]]},
    ("get", "/v1/answers/{answer_id}"): _ANSWER,
}
"""What the calls that every client begins with answer, by method and path."""
