"""What changed between two playbooks, for people to read: by queue, keyword by keyword, sentences word by word."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from service.domain.playbook import Flag, Keyword, Playbook, Queue
from service.playbooks.content import as_yaml, shortest, written
from service.playbooks.sheets import Account

ALIKE = 0.5
"""From which share of common words a sentence taken out and one brought in are one that was reworded."""
MOST_WORDS, MOST_PAIRS = 2_000, 2_500

WordKind = Literal["same", "gone", "new"]
ChangeKind = Literal["added", "removed", "reworded", "weight", "moved"]


@dataclass(frozen=True, slots=True)
class Word:
    """A stretch of words."""

    kind: WordKind
    text: str


@dataclass(frozen=True, slots=True)
class Changed:
    """`field` as in the file; `words` of what was reworded, else of what came or went; a weight's `before`, `after`."""

    field: str
    kind: ChangeKind
    words: tuple[Word, ...]
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A queue, a flag, or one of the files of the account; `name` is its id."""

    kind: Literal["queue", "flag", "account", "precedence", "situations", "facts"]
    name: str
    label: str
    state: Literal["added", "removed", "changed"]
    changes: tuple[Changed, ...] = ()


def compared(before: Playbook, after: Playbook) -> list[Part]:
    """Parts that changed, the queues first."""
    found = [
        *_owned("queue", {one.id: one for one in before.queues}, {one.id: one for one in after.queues}),
        *_owned("flag", {one.id: one for one in before.flags}, {one.id: one for one in after.flags}),
        _part("account", _account(before), _account(after)),
        _part("precedence", {"rules": _rules(before)}, {"rules": _rules(after)}),
        _part("situations", _situations(before), _situations(after)),
        _part("facts", before.facts, after.facts),
    ]
    return [one for one in found if one.changes or one.state != "changed"]


def _account(playbook: Playbook) -> dict[str, Any]:
    return playbook.model_dump(mode="json", include=set(Account.model_fields))


def _rules(playbook: Playbook) -> list[str]:
    return [f"{one.rule} ({one.winner or '-'} > {', '.join(one.over) or '-'})" for one in playbook.precedence]


def _situations(playbook: Playbook) -> dict[str, Any]:
    return {one.id: one.model_dump(mode="json", exclude={"id"}) for one in playbook.situations}


def _part(kind: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> Part:
    return Part(kind, kind, "", "changed", tuple(_values(before, after)))


def _owned(kind: Any, before: Mapping[str, Queue | Flag], after: Mapping[str, Queue | Flag]) -> Iterator[Part]:
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        label = getattr(new or old, "label", name)
        if old is None or new is None:
            yield Part(kind, name, label, "added" if old is None else "removed")
            continue
        if old == new:
            continue
        first, second = (one.model_dump(mode="json", exclude={"keywords"}) for one in (old, new))
        yield Part(kind, name, label, "changed", (*_values(first, second), *_keywords(old.keywords, new.keywords)))


def _keywords(before: Sequence[Keyword], after: Sequence[Keyword]) -> Iterator[Changed]:
    old, new = ({one.expression: one for one in side} for side in (before, after))
    for name in dict.fromkeys([*old, *new]):
        first, second = old.get(name), new.get(name)
        if first and second and first.weight != second.weight:
            weights = {"before": shortest(first.weight), "after": shortest(second.weight)}
            yield Changed("keywords", "weight", (Word("same", name),), **weights)
        elif second is None and first is not None:
            yield Changed("keywords", "removed", (Word("gone", written(first)),))
        elif first is None and second is not None:
            yield Changed("keywords", "added", (Word("new", written(second)),))


def _values(before: Mapping[str, Any], after: Mapping[str, Any], within: str = "") -> Iterator[Changed]:
    for name in dict.fromkeys([*before, *after]):
        old, new, field = before.get(name), after.get(name), f"{within}{name}"
        if old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _values(old, new, f"{field}.")
        elif isinstance(old, list | None) and isinstance(new, list | None):
            yield from _items(field, [_text(one) for one in old or ()], [_text(one) for one in new or ()])
        else:
            yield _reworded(field, _text(old), _text(new))


def _items(field: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Changed]:
    known, kept = set(after), set(before)
    gone = [text for text in before if text not in known]
    new = [text for text in after if text not in kept]
    paired = len(gone) * len(new) <= MOST_PAIRS
    for text in new:
        near = max(gone, key=lambda one: _alikeness(one, text), default=None) if paired else None
        if near is not None and _alikeness(near, text) >= ALIKE:
            gone.remove(near)
            yield _reworded(field, near, text)
        else:
            yield Changed(field, "added", (Word("new", text),))
    for text in gone:
        yield Changed(field, "removed", (Word("gone", text),))
    if not gone and not new and list(before) != list(after):
        yield Changed(field, "moved", ())


def _reworded(field: str, before: str, after: str) -> Changed:
    if not before or not after:
        kind: ChangeKind = "added" if after else "removed"
        return Changed(field, kind, (Word("new" if after else "gone", after or before),))
    return Changed(field, "reworded", tuple(words_between(before, after)))


def words_between(before: str, after: str) -> Iterator[Word]:
    """Word by word; of very long texts as wholes."""
    old, new = _words(before), _words(after)
    if max(len(old), len(new)) > MOST_WORDS:
        yield from (Word("gone", before), Word("new", after))
        return
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Word("same", "".join(old[a:b]))
            continue
        yield from (Word("gone", "".join(old[a:b])),) if b > a else ()
        yield from (Word("new", "".join(new[c:d])),) if d > c else ()


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|\w+|[^\w\s]", text)


def _alikeness(first: str, second: str) -> float:
    old, new = set(re.findall(r"\w+", first.casefold())), set(re.findall(r"\w+", second.casefold()))
    return len(old & new) / max(1, min(len(old), len(new)) + abs(len(old) - len(new)) // 2)


def _text(value: Any) -> str:
    if value is None or value == "":
        return ""
    return value if isinstance(value, str) else as_yaml(value).strip().removesuffix("...").strip()
