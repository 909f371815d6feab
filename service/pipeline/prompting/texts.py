"""The texts of prompts: mustache templates that people edit, read once and checked before use."""

from collections.abc import Mapping
from pathlib import Path

import yaml
from langchain_core.prompts import ChatPromptTemplate

from service.domain.redacted import RedactedText
from service.errors import FieldProblem, RefusedError
from service.yaml_file import read_yaml

Value = RedactedText | bool | int | tuple["Value", ...] | Mapping[str, "Value"]
"""What may stand in a prompt. A list is a tuple, since text is a sequence of text too."""

VARIABLES: Mapping[str, frozenset[str]] = {
    "triage.system": frozenset(
        {"account", "language", "queues", "precedence", "flags", "tone", "situations", "signature", "facts"}
    ),
    "triage.message": frozenset(
        {"nonce", "has_hits", "hits", "hints", "has_examples", "examples", "answers"}
        | {"channel", "recipient", "written_in", "subject", "own", "quoted"}
    ),
    "draft.system": frozenset({"account", "language", "tone", "situations", "signature", "facts"}),
    "draft.message": frozenset(
        {"nonce", "decided", "answers", "channel", "recipient", "written_in", "subject", "own", "quoted"}
    ),
    "redraft.message": frozenset(
        {"nonce", "decided", "answers", "channel", "recipient", "written_in", "subject", "own", "quoted"}
        | {"current", "number", "text", "locked", "has_wish", "wish"}
    ),
    "judge.system": frozenset({"account"}),
    "judge.message": frozenset({"nonce", "subject", "own", "draft"}),
    "settle.system": frozenset({"account", "language"}),
    "settle.message": frozenset({"nonce", "one", "other", "sentences", "messages"} | {"queue", "text"}),
    "shared.schema": frozenset({"schema"}),
    "shared.repair": frozenset({"problem"}),
    "shared.shorten": frozenset(),
    "shared.answer": frozenset({"slot", "title", "queue", "id", "language", "situation", "body"}),
}
"""Each text with what it may mention. A playbook's `texts` override them by these names."""


class Texts:
    """Every prompt text, compiled. Raises RefusedError that names each missing, unknown or broken text."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        problems = [*_names(sources), *(p for name in sources if name in VARIABLES for p in _variables(name, sources))]
        if problems:
            raise RefusedError("The prompt texts cannot be used.", tuple(problems))
        self._sources = dict(sources)
        self._templates = {name: _compile(text) for name, text in sources.items()}

    def overridden(self, texts: Mapping[str, str]) -> "Texts":
        """These texts with an account's own in their place."""
        return Texts({**self._sources, **texts}) if texts else self

    def render(self, name: str, values: Mapping[str, Value]) -> RedactedText:
        """The text with its values; values are never read as templates."""
        (message,) = self._templates[name].format_messages(**{v: values.get(v, "") for v in VARIABLES[name]})
        return RedactedText(str(message.content).strip())


def load_texts(folder: Path) -> Texts:
    """Reads `<folder>/texts/*.yaml`; a text is named `<file>.<key>`. Raises RefusedError."""
    sources: dict[str, str] = {}
    for path in sorted((folder / "texts").glob("*.yaml")):
        try:
            found = read_yaml(path)
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise RefusedError(f"{path.name} cannot be read: {error}") from error
        if not isinstance(found, dict):
            raise RefusedError(f"{path.name} must hold names with their texts.")
        sources |= {f"{path.stem}.{name}": str(text) for name, text in found.items()}
    return Texts(sources)


def _compile(text: str) -> ChatPromptTemplate:
    return ChatPromptTemplate.from_messages([("human", text)], template_format="mustache")


def _names(sources: Mapping[str, str]) -> list[FieldProblem]:
    missing = [FieldProblem(name, "is missing; restore it") for name in VARIABLES if not sources.get(name, "").strip()]
    unknown = [FieldProblem(name, f"is not a prompt text; known: {', '.join(VARIABLES)}") for name in sources]
    return missing + [problem for problem in unknown if problem.field not in VARIABLES]


def _variables(name: str, sources: Mapping[str, str]) -> list[FieldProblem]:
    try:
        used = set(_compile(sources[name]).input_variables)
    except Exception as error:  # langchain-core raises various kinds for unbalanced sections
        return [FieldProblem(name, f"is no sound mustache template: {error}")]
    known = ", ".join(sorted(VARIABLES[name])) or "none"
    return [
        FieldProblem(name, f"mentions {{{{{v}}}}}; it may mention: {known}") for v in sorted(used - VARIABLES[name])
    ]
