"""The JSON Schema of an answer: every name that it may use is enumerated."""

from collections.abc import Sequence
from typing import Any

from service.domain.playbook import Playbook

MESSAGE = "message"
ACCOUNT = "account"
PERCENT_STEP = 5
MOST_ASKS = 6


def triage_schema(playbook: Playbook, slots: Sequence[str]) -> dict[str, Any]:
    """Quotes and reason come first, so that a model that writes in order thinks before it names a queue.

    Only what every provider's strict mode takes: no bounds, no lengths, no references; the confidence
    is an enumeration, because some servers do not honour bounds on numbers.
    """
    queues = list(playbook.queue_ids)
    return _object(
        quotes=_list({"type": "string"}),
        reason={"type": "string"},
        queue={"type": "string", "enum": queues},
        confidence={"type": "integer", "enum": list(range(0, 101, PERCENT_STEP))},
        alternatives=_list({"type": "string", "enum": queues}),
        secondary=_list({"type": "string", "enum": queues}),
        flags=_list(_one_of([flag.id for flag in playbook.flags])),
        **_reply(slots, queues),
    )


def draft_schema(playbook: Playbook, slots: Sequence[str]) -> dict[str, Any]:
    return _object(**_reply(slots, list(playbook.queue_ids)))


def slot_names(count: int) -> tuple[str, ...]:
    """Short names of the canned answers shown, the same for every message.

    A schema that named the answers themselves would be another one for each message: providers
    compile each new schema and put it before the prompt, so nothing would be cached.
    """
    return tuple(f"R{number}" for number in range(1, count + 1))


def ask_names(count: int = MOST_ASKS) -> tuple[str, ...]:
    """Short names of the asks that an answer lists, in its order."""
    return tuple(f"D{number}" for number in range(1, count + 1))


def _reply(slots: Sequence[str], queues: list[str]) -> dict[str, Any]:
    """The asks come before the paragraphs that say which of them they answer."""
    paragraph = _object(
        text={"type": "string"},
        sources=_list({"type": "string", "enum": [*slots, MESSAGE, ACCOUNT]}),
        asks=_list({"type": "string", "enum": list(ask_names())}),
    )
    ask = _object(words={"type": "string"}, queue={"type": "string", "enum": queues})
    reply = {"language": {"type": "string"}, "subject": {"type": "string"}}
    return {**reply, "asks": _list(ask), "paragraphs": _list(paragraph)}


def _one_of(names: list[str]) -> dict[str, Any]:
    """An empty enumeration is refused by servers; where nothing may be named, validation refuses every name."""
    return {"type": "string", "enum": names} if names else {"type": "string"}


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}
