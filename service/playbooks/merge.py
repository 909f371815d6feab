"""Two leads' changes of one playbook made one: field by field, keyword by keyword, sentence by sentence.

Only what both changed, and differently, is left to choose.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from service.playbooks.content import as_yaml
from service.playbooks.documents import read_document
from service.playbooks.expressions import SyntaxMistakeError, split_weight, without_comment
from service.playbooks.mistakes import Mistakes
from service.playbooks.sequences import Texts, merge_sequences
from service.playbooks.yaml_edit import Block, with_field

Files = Mapping[str, str]
Entries = Mapping[str, Any]
Whose = Literal["ours", "theirs"]
Choices = Mapping[str, Whose]
"""By a conflict's key."""

KEYWORDS = "keywords"
NAMES = ("id", "rule")
"""Fields by which the entries of a list are told apart."""

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Conflict:
    """`ours` and `theirs` are what each made of `base`; None: took it out."""

    file: str
    field: str
    base: str | None
    ours: str | None
    theirs: str | None

    @property
    def key(self) -> str:
        return f"{self.file}|{self.field}"


@dataclass(frozen=True, slots=True)
class Merged:
    """Where there are `conflicts` not yet chosen, `files` have ours of them."""

    files: dict[str, str]
    conflicts: tuple[Conflict, ...] = ()


def merge(base: Files, ours: Files, theirs: Files, choices: Choices | None = None) -> Merged:
    """Neither side loses a change that the other one did not make too."""
    work = _Merge(choices or {})
    files = {}
    for name in sorted({*base, *ours, *theirs}):
        text = work.file(name, base.get(name), ours.get(name), theirs.get(name))
        if text is not None:
            files[name] = text
    return Merged(files, tuple(work.conflicts))


class _Merge:
    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self.conflicts: list[Conflict] = []

    def file(self, name: str, base: str | None, ours: str | None, theirs: str | None) -> str | None:
        if ours in (base, theirs):
            return theirs
        if theirs == base:
            return ours
        if ours is None or theirs is None:
            kept: str | None = self._chosen(name, "", base, ours, theirs)
            return kept
        values = [_data(name, text) for text in (base, ours, theirs)]
        if _NOTHING in values:
            return self._lines(name, "", base or "", ours, theirs)
        merged = self._value(name, "", *values)
        return _applied(theirs, values[2], merged)

    def _value(self, file: str, field: str, base: Any, ours: Any, theirs: Any) -> Any:
        if _same(ours, base) or _same(ours, theirs):
            return theirs
        return ours if _same(theirs, base) else self._both(file, field, base, ours, theirs)

    def _both(self, file: str, field: str, base: Any, ours: Any, theirs: Any) -> Any:
        """Where both changed it."""
        if field.rpartition(".")[2] == KEYWORDS:
            first, mine, other = (side if isinstance(side, str) else "" for side in (base, ours, theirs))
            return self._keywords(file, field, first, mine, other) or _NOTHING
        if isinstance(ours, dict) and isinstance(theirs, dict):
            return self._fields(file, field, base if isinstance(base, dict) else {}, ours, theirs)
        if isinstance(ours, list) and isinstance(theirs, list):
            return self._list(file, field, base if isinstance(base, list) else [], ours, theirs)
        if isinstance(ours, str) and isinstance(theirs, str):
            return self._text(file, field, base if isinstance(base, str) else "", ours, theirs)
        return self._chosen(file, field, base, ours, theirs)

    def _fields(self, file: str, field: str, base: Any, ours: Any, theirs: Any) -> dict[str, Any]:
        found = {}
        for name in [*theirs, *(each for each in ours if each not in theirs)]:
            sides = (side.get(name, _NOTHING) for side in (base, ours, theirs))
            value = self._value(file, _within(field, name), *sides)
            if value is not _NOTHING:
                found[name] = value
        return found

    def _list(self, file: str, field: str, base: list[Any], ours: list[Any], theirs: list[Any]) -> list[Any]:
        name = next((name for name in NAMES if _named([*base, *ours, *theirs], name)), None)
        if name is not None:
            first, mine, other = ({str(entry[name]): entry for entry in side} for side in (base, ours, theirs))
            return self._entries(file, field, first, mine, other)
        items = {_text_of(item): item for item in (*base, *ours, *theirs)}
        first_of, mine_of, other_of = ([_text_of(item) for item in side] for side in (base, ours, theirs))
        return [items[one] for one in self._sequence(file, field, first_of, mine_of, other_of, items)]

    def _entries(self, file: str, field: str, base: Entries, ours: Entries, theirs: Entries) -> list[Any]:
        """Of lists whose entries have names."""
        found = self._fields(file, field, base, ours, theirs)
        return [found[name] for name in _ordered(list(base), list(ours), list(theirs)) if name in found]

    def _text(self, file: str, field: str, base: str, ours: str, theirs: str) -> str:
        if "\n" in f"{ours}{theirs}".strip():
            return self._lines(file, field, base, ours, theirs)
        first, mine, other = (_SENTENCE_END.split(text) if text else [] for text in (base, ours, theirs))
        return " ".join(self._sequence(file, field, first, mine, other))

    def _lines(self, file: str, field: str, base: str, ours: str, theirs: str) -> str:
        first, mine, other = (text.split("\n") for text in (base, ours, theirs))
        return "\n".join(self._sequence(file, field, first, mine, other))

    def _keywords(self, file: str, field: str, base: str, ours: str, theirs: str) -> str:
        """Each expression by itself, comments in their places."""
        first, mine, other = (_by_expression(text) for text in (base, ours, theirs))
        kept = []
        for name in _ordered(list(first), list(mine), list(other)):
            old, left, right = first.get(name), mine.get(name), other.get(name)
            asked = left != right and old not in (left, right)
            line = (
                self._chosen(file, _within(field, name), old, left, right) if asked else left if right == old else right
            )
            kept.extend([] if line is None else [f"{line}\n"])
        return "".join(kept)

    def _sequence(
        self, file: str, field: str, base: Texts, ours: Texts, theirs: Texts, items: Entries | None = None
    ) -> list[str]:
        """`items` are what the texts stand for, where they are not shown themselves."""
        count = iter(range(1, len(base) + len(ours) + len(theirs) + 2))

        def shown(side: Texts) -> str:
            return "\n".join(str((items or {}).get(one, one)) for one in side)

        def choose(old: Texts, mine: Texts, other: Texts) -> Texts:
            whose = self._whose(file, _within(field, str(next(count))), shown(old), shown(mine), shown(other))
            return other if whose == "theirs" else mine

        return merge_sequences(base, ours, theirs, choose)

    def _chosen(self, file: str, field: str, base: Any, ours: Any, theirs: Any) -> Any:
        whose = self._whose(file, field, _shown(base), _shown(ours), _shown(theirs))
        return theirs if whose == "theirs" else ours

    def _whose(self, file: str, field: str, base: str | None, ours: str | None, theirs: str | None) -> Whose | None:
        conflict = Conflict(file, field, base, ours, theirs)
        whose = self._choices.get(conflict.key)
        if whose is None:
            self.conflicts.append(conflict)
        return whose


def _ordered(base: Texts, ours: Texts, theirs: Texts) -> Texts:
    """All of them in the order of the side that moved something; what the other one has beside, after what it stands
    after there."""
    first, second = (ours, theirs) if theirs == base else (theirs, ours)
    order = list(first)
    for at, name in enumerate(second):
        if name not in order:
            order.insert(order.index(second[at - 1]) + 1 if at else 0, name)
    return order


def _by_expression(text: str) -> dict[str, str]:
    """Line by what it is about: an expression, or a comment, numbered where it stands there twice."""
    found: dict[str, str] = {}
    for written in text.rstrip().split("\n") if text.strip() else ():
        line = written.strip()
        key = name = _expression(line)
        number = 1
        while key in found:
            number += 1
            key = f"{name} ({number})"
        found[key] = line
    return found


def _expression(line: str) -> str:
    bare = without_comment(line)
    try:
        return re.sub(r"\s+", " ", split_weight(bare)[0]) if bare else line
    except SyntaxMistakeError:
        return line


def _data(name: str, text: str | None) -> Any:
    """What a file holds; nothing where it is no YAML that can be read."""
    if text is None:
        return {}
    if not name.endswith((".yaml", ".yml")):
        return _NOTHING
    mistakes = Mistakes("fr")
    data = read_document(name, text, mistakes).data
    return _NOTHING if mistakes.refuse or not isinstance(data, dict | list) else data


def _applied(text: str, before: Any, after: Any) -> str:
    """The file with what is different in it."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return as_yaml(after)
    for name in [*before, *(each for each in after if each not in before)]:
        if not _same(before.get(name, _NOTHING), after.get(name, _NOTHING)):
            value = after.get(name)
            text = with_field(text, name, Block(value) if name == KEYWORDS and isinstance(value, str) else value)
    return text


def _same(first: Any, second: Any) -> bool:
    return first is second or (first is not _NOTHING and second is not _NOTHING and _text_of(first) == _text_of(second))


def _text_of(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _named(entries: Sequence[Any], name: str) -> bool:
    return bool(entries) and all(isinstance(entry, dict) and name in entry for entry in entries)


def _within(field: str, name: str) -> str:
    return f"{field}.{name}" if field else name


def _shown(side: Any) -> str | None:
    if side is None or side is _NOTHING:
        return None
    return side if isinstance(side, str) else as_yaml(side).strip().removesuffix("...").strip()
