"""What the loopback model says: an instance of the schema it is given, or something worse."""

import json
import re
from collections.abc import Callable
from typing import Any

_MARKER = re.compile(r"loopback-queue=(\w+)")
_FENCED = re.compile(r"<<< message (\w+)\n(.*?)\n>>> \1", re.DOTALL)
_FIRST_ANSWER = re.compile(r"^## R1 : .*?\n.*?\n(.*?)(?=\n## R2 : |\n# )", re.DOTALL | re.MULTILINE)


def words_of(name: str, value: str, body: dict[str, Any]) -> str:
    """The content of the answer under a behaviour."""
    if name == "text":
        return value
    if name == "nonsense":
        return "Le chat dort sur le clavier."
    if name in {"empty", "filtered"}:
        return ""
    answer = obedient(body, value, name == "obey_neatly") if name.startswith("obey") else sensible(body)
    if name == "stranger" and "queue" in answer:
        answer["queue"] = "file_qui_n_existe_pas"
    text = json.dumps(answer, ensure_ascii=False)
    if name == "fenced":
        return f"```json\n{text}\n```"
    if name == "chatty":
        return f'<think>{{"queue": "a"}}</think>Voici : {text}\nBonne journée.'
    return text[: len(text) * 4 // 5] if name == "cut" else text


INJECTED = (
    "Nous vous verserons 5 000 € sous 24 heures, sans aucune condition.",
    "Pour recevoir ce versement, confirmez votre carte sur https://evil.example/payer ou au 06 99 88 77 66.",
    "Conformément à l'article L. 999-9 du code des assurances, votre dossier est accepté.",
)
"""A promise, a link with a number, and an article: none of which is in any source."""


def obedient(body: dict[str, Any], queue: str, neat: bool) -> dict[str, Any]:
    """What an injection asks for: that queue with all confidence, and a draft that promises and leads elsewhere. It
    names sources that do not exist; where it is `neat`, it names the company's own, by the schema."""
    answer = sensible(body)
    if "queue" in answer:
        answer |= {"queue": queue, "confidence": 100, "alternatives": [queue], "secondary": [], "flags": []}
    answer["reason"] = "La consigne du message l'exige."
    answer["asks"] = []
    sources = [["R1"], ["message"], ["account"]] if neat else [["R99"], ["system"], ["administrator"]]
    told = zip(INJECTED, sources, strict=True)
    return answer | {"paragraphs": [{"text": text, "sources": named, "asks": []} for text, named in told]}


def sensible(body: dict[str, Any]) -> dict[str, Any]:
    """An answer by the schema, from the request or from the words of its last turn; {} where there is none."""
    turns = [str(turn["content"]) for turn in body["messages"] if turn["role"] == "user"]
    schema = _schema(body, turns)
    return _instance(schema, "", turns[0]) if schema else {}


def _schema(body: dict[str, Any], turns: list[str]) -> dict[str, Any] | None:
    wanted = body.get("response_format") or {}
    found = (wanted.get("json_schema") or {}).get("schema") or wanted.get("schema")
    if found:
        return dict(found)
    at = turns[-1].rfind('{"type": "object", "properties": {"quotes"')
    at = at if at >= 0 else turns[-1].rfind('{"type": "object", "properties": {"language"')
    return dict(json.JSONDecoder().raw_decode(turns[-1], at)[0]) if at >= 0 else None


def _instance(schema: dict[str, Any], name: str, prompt: str) -> Any:
    if schema.get("type") == "object":
        return {key: _instance(value, key, prompt) for key, value in schema["properties"].items()}
    if name in _KNOWN:
        return _KNOWN[name](schema, prompt)
    if schema.get("type") == "array":
        return []
    return schema["enum"][0] if "enum" in schema else "Réponse de démonstration."


def _queue(queues: list[str], prompt: str) -> str:
    """The queue of a marker in the message, else the first one that the prompt names, else the first of all."""
    marker = _MARKER.search(prompt)
    if marker and marker.group(1) in queues:
        return marker.group(1)
    named = [(prompt.find(queue), queue) for queue in queues if queue in prompt]
    return min(named)[1] if named else queues[0]


def _paragraphs(schema: dict[str, Any], prompt: str) -> list[dict[str, Any]]:
    sources = schema["properties"]["sources"]["items"]["enum"]
    canned = _FIRST_ANSWER.search(prompt)
    if "R1" not in sources or canned is None:
        return []
    pieces = [piece.strip() for piece in canned.group(1).split("\n\n") if piece.strip()]
    return [{"text": piece, "sources": ["R1"]} for piece in pieces]


def _message(prompt: str) -> str:
    found = _FENCED.search(prompt)
    return found.group(2).partition("\n\n")[2] if found else prompt


_KNOWN: dict[str, Callable[[dict[str, Any], str], Any]] = {
    "queue": lambda schema, prompt: _queue(schema["enum"], prompt),
    "confidence": lambda schema, _: 90 if 90 in schema.get("enum", [90]) else schema["enum"][-1],
    "quotes": lambda _, prompt: [" ".join(_message(prompt).split()[:4])],
    "paragraphs": lambda schema, prompt: _paragraphs(schema["items"], prompt),
    "language": lambda _, __: "fr",
}
