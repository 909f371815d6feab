"""YAML as advisors write it: plain data, and the line that each piece of it stands on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.constructor import ConstructorError, SafeConstructor
from yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, Event
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from service.playbooks.mistakes import Mistakes

Path = tuple[str | int, ...]
"""Field names and list positions from the top of a document down to one piece of it."""

DEEPEST = 20
_NUMBER = re.compile(r"[-+]?(?:(?!0\d)\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?|[-+]?\.(?:inf|nan)", re.IGNORECASE)
"""What people call one. YAML also reads `18:30` and the phone `0144556677` as numbers: 1110 and 26402239."""
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Document:
    """`data` is None for an empty or unreadable file. `blocks` are the texts written with `|`,
    `spread` those that run over several lines in another way, which joins the lines."""

    file: str
    data: Any
    lines: dict[Path, int] = field(default_factory=dict)
    blocks: frozenset[Path] = frozenset()
    spread: frozenset[Path] = frozenset()

    def line(self, path: Path) -> int:
        """The line of that piece, or of the nearest piece around it."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)

    def text_lines(self, path: Path, text: str) -> Iterator[tuple[int, str]]:
        """Lines of a block of text, each with its line in the file."""
        first = self.line(path) + (path in self.blocks)
        return ((number, line) for number, line in enumerate(text.split("\n"), start=first))


def read_document(file: str, text: str, mistakes: Mistakes) -> Document:
    """The one document in `text`. What cannot be read is noted in `mistakes`."""
    node = _compose(file, readable(file, text, mistakes), mistakes)
    if node is None:
        return Document(file, None)
    walk = _Walk(file, mistakes)
    return Document(file, walk.value(node, ()), walk.lines, frozenset(walk.blocks), frozenset(walk.spread))


def readable(file: str, text: str, mistakes: Mistakes) -> str:
    """The text without a byte order mark. Bytes that were no UTF-8 are noted."""
    if "\ufffd" in text:
        mistakes.error("not_utf8", file, text[: text.index("\ufffd")].count("\n") + 1)
    return text.removeprefix("\ufeff")


def _compose(file: str, text: str, mistakes: Mistakes) -> Node | None:
    try:
        refused = _refused(text)
        node: Node | None = None if refused else yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        mistakes.error("bad_yaml", file, mark.line + 1 if mark else 1, detail=error.problem or error.context or "")
        return None
    except yaml.YAMLError as error:
        mistakes.error("bad_yaml", file, 1, detail=str(error).splitlines()[0])
        return None
    if refused:
        mistakes.error(refused[0], file, refused[1])
    elif node is None:
        mistakes.error("empty_file", file, 1)
    return node


def _line(event: Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _refused(text: str) -> tuple[str, int] | None:
    """What must not be composed: depth would overflow libyaml's stack, and an alias can repeat without end."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if isinstance(event, AliasEvent):
            return "alias", _line(event)
        if depth > DEEPEST:
            return "too_deep", _line(event)
    return None


class _Walk:
    """Turns nodes into plain data and remembers where each stood."""

    def __init__(self, file: str, mistakes: Mistakes) -> None:
        self.lines: dict[Path, int] = {}
        self.blocks: set[Path] = set()
        self.spread: set[Path] = set()
        self._file = file
        self._mistakes = mistakes
        self._scalars = SafeConstructor()

    def value(self, node: Node, path: Path) -> Any:
        line = node.start_mark.line + 1
        self.lines[path] = min(line, self.lines.get(path, line))
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*path, at)) for at, item in enumerate(node.value)]
        assert isinstance(node, ScalarNode)  # noqa: S101 - there is no fourth kind of node
        return self._scalar(node, path)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = key.value if isinstance(key, ScalarNode) else ""
            if not name or name in found:
                self._note("duplicate_field" if name else "bad_field_name", key, field=name)
                continue
            self.lines[(*path, name)] = key.start_mark.line + 1
            found[name] = self.value(value, (*path, name))
        return found

    def _scalar(self, node: ScalarNode, path: Path) -> Any:
        if node.style == "|":
            self.blocks.add(path)
        elif node.end_mark.line > node.start_mark.line:
            self.spread.add(path)
            self.lines[path] = node.start_mark.line + 1
        try:
            value = self._scalars.construct_object(node)
        except (ConstructorError, ValueError) as error:
            detail = error.problem if isinstance(error, ConstructorError) else error
            self._note("bad_yaml", node, detail=detail)
            return None
        if isinstance(value, bytes):
            self._note("bad_yaml", node, detail=node.tag)
            return None
        counted = isinstance(value, int | float) and not isinstance(value, bool)
        return node.value if counted and not _NUMBER.fullmatch(node.value) else value

    def _note(self, code: str, node: Node, **values: object) -> None:
        self._mistakes.error(code, self._file, node.start_mark.line + 1, **values)
