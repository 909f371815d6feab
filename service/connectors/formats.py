"""How a model is asked for JSON: the strictest way that it takes, remembered once it refused another."""

from typing import Any, Literal

from service.domain.redacted import EMPTY, together
from service.ports import Prompt, Turn

Form = Literal["schema", "object_schema", "object", "text"]
LADDER: tuple[Form, ...] = ("schema", "object_schema", "object", "text")
"""Strict JSON Schema; JSON with the schema beside it (llama.cpp and its kin); JSON of any shape; plain text."""


class Forms:
    """The form in force for each model."""

    def __init__(self) -> None:
        self._known: dict[str, Form] = {}

    def of(self, model: str) -> Form:
        return self._known.get(model, "schema")

    def lower(self, model: str, refused: Form) -> bool:
        """Steps below a refused form; False where there is none left. Another message may have stepped already."""
        if refused == LADDER[-1]:
            return False
        lower = LADDER[LADDER.index(refused) + 1]
        self._known[model] = max(lower, self.of(model), key=LADDER.index)
        return True

    def settle(self, model: str, form: Form) -> None:
        """For a provider known beforehand not to take more than `form`."""
        self._known.setdefault(model, form)


def response_format(form: Form, prompt: Prompt) -> dict[str, Any] | None:
    match form:
        case "schema":
            named = {"name": "answer", "schema": prompt.schema, "strict": True}
            return {"type": "json_schema", "json_schema": named}
        case "object_schema":
            return {"type": "json_object", "schema": prompt.schema}
        case "object":
            return {"type": "json_object"}
        case "text":
            return None


def messages(form: Form, prompt: Prompt) -> list[dict[str, str]]:
    """The turns as chat messages; below a strict schema, its words end the last one."""
    turns = prompt.turns
    if form != "schema" and prompt.schema_words and turns:
        last = turns[-1]
        turns = (*turns[:-1], Turn(last.role, together(last.content, EMPTY, prompt.schema_words)))
    return [{"role": turn.role, "content": turn.content} for turn in turns]


def caches_what_is_marked(model: str) -> bool:
    """Whether the provider caches only that; the others cache a repeated beginning by themselves."""
    return "claude" in model.lower()
