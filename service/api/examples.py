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
