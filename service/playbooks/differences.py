"""What changed between two playbooks, in sentences."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from service.domain.playbook import Flag, Keyword, Playbook, Queue
from service.playbooks.content import shortest, written
from service.playbooks.mistakes import phrases
from service.playbooks.sheets import ACCOUNT, FACTS, FLAGS, PRECEDENCE, QUEUES, SITUATIONS, Account

Change = tuple[str, dict[str, object]]
"""The name of a sentence in `prompts/phrases/playbook.*.yaml`, and what fills it."""

_MISSING = object()


def diff(before: Playbook, after: Playbook, language: str = "fr") -> list[str]:
    """What changed, a sentence each, in the order of the files. Empty for equal content."""
    said = phrases(language)
    return [said(f"playbook.diff.{change}", **values) for change, values in _changes(before, after)]


def _changes(before: Playbook, after: Playbook) -> Iterator[Change]:
    names = set(Account.model_fields)
    yield from _between(ACCOUNT, _dumped(before, names), _dumped(after, names))
    yield from _between(PRECEDENCE, _rules(before), _rules(after))
    yield from _between(SITUATIONS, _situations(before), _situations(after))
    yield from _between(FACTS, _dumped(before, {"facts"})["facts"], _dumped(after, {"facts"})["facts"])
    yield from _owners(_flags(before), _flags(after))
    yield from _owners(_queues(before), _queues(after))


def _dumped(playbook: Playbook, names: set[str]) -> dict[str, Any]:
    return playbook.model_dump(mode="json", include=names)


def _flags(playbook: Playbook) -> dict[str, Flag]:
    return {f"{FLAGS}/{flag.id}": flag for flag in playbook.flags}


def _queues(playbook: Playbook) -> dict[str, Queue]:
    return {f"{QUEUES}/{queue.id}.yaml": queue for queue in playbook.queues}


def _situations(playbook: Playbook) -> dict[str, Any]:
    """Order counts: the first ones are said first."""
    found = {situation.id: situation.model_dump(mode="json", exclude={"id"}) for situation in playbook.situations}
    return {"situations": list(found), **found}


def _rules(playbook: Playbook) -> dict[str, Any]:
    """Order counts: the first rule that applies decides."""
    outcomes = {rule.rule: f"{rule.winner or '-'} > {', '.join(rule.over) or '-'}" for rule in playbook.precedence}
    return {"rules": list(outcomes), **outcomes}


def _owners(before: Mapping[str, Queue | Flag], after: Mapping[str, Queue | Flag]) -> Iterator[Change]:
    for place in sorted(before.keys() | after.keys()):
        if place not in after:
            yield "removed", {"place": place}
        elif place not in before:
            yield "added", {"place": place}
        else:
            old, new = before[place], after[place]
            yield from _between(place, old.model_dump(exclude={"keywords"}), new.model_dump(exclude={"keywords"}))
            yield from _keywords(place, old.keywords, new.keywords)


def _keywords(place: str, before: Sequence[Keyword], after: Sequence[Keyword]) -> Iterator[Change]:
    old = {keyword.expression: keyword for keyword in before}
    new = {keyword.expression: keyword for keyword in after}
    for expression in [*old, *(each for each in new if each not in old)]:
        if expression not in new:
            yield "keyword_removed", {"place": place, "keyword": written(old[expression])}
        elif expression not in old:
            yield "keyword_added", {"place": place, "keyword": written(new[expression])}
        elif old[expression].weight != new[expression].weight:
            weights = {"before": shortest(old[expression].weight), "after": shortest(new[expression].weight)}
            yield "keyword_weight", {"place": place, "keyword": expression, **weights}
    if old == new and tuple(before) != tuple(after):
        yield "reordered", {"place": place, "field": "keywords"}


def _between(place: str, before: dict[str, Any], after: dict[str, Any], within: str = "") -> Iterator[Change]:
    """Changes of nested fields, down to single values and list items."""
    for name in [*before, *(each for each in after if each not in before)]:
        old, new = before.get(name, _MISSING), after.get(name, _MISSING)
        values: dict[str, object] = {"place": place, "field": f"{within}{name}"}
        if isinstance(old, dict) and isinstance(new, dict):
            yield from _between(place, old, new, f"{within}{name}.")
        elif isinstance(old, list | tuple) and isinstance(new, list | tuple):
            yield from _items(values, old, new)
        elif old is _MISSING:
            yield "value_added", {**values, "after": new}
        elif new is _MISSING:
            yield "value_removed", {**values, "before": old}
        elif _written(old) != _written(new):
            yield "value_changed", {**values, "before": old, "after": new}


def _items(values: dict[str, object], before: Sequence[object], after: Sequence[object]) -> Iterator[Change]:
    old, new = [_written(item) for item in before], [_written(item) for item in after]
    for item, text in zip(before, old, strict=True):
        if text not in new:
            yield "item_removed", {**values, "item": item}
    for item, text in zip(after, new, strict=True):
        if text not in old:
            yield "item_added", {**values, "item": item}
    if [text for text in old if text in new] != [text for text in new if text in old]:
        yield "reordered", values


def _written(value: object) -> str:
    """As the version sees it: `1`, `1.0` and `true` are not the same content."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
