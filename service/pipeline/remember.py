"""Remembers what is derived from a playbook for as long as that playbook lives."""

import weakref
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from service.domain.playbook import Playbook

T = TypeVar("T")


def per_playbook(make: Callable[[Playbook], T]) -> Callable[[Playbook], T]:
    """Calls `make` once for each playbook object; a playbook is frozen, so its derived value is too."""
    made: dict[int, tuple[weakref.ref[Playbook], T]] = {}

    @wraps(make)
    def remembered(playbook: Playbook) -> T:
        found = made.get(id(playbook))
        if found is not None and found[0]() is playbook:
            return found[1]
        value = make(playbook)
        key = id(playbook)

        def forget(_: object) -> None:
            made.pop(key, None)

        made[key] = (weakref.ref(playbook, forget), value)
        return value

    return remembered
