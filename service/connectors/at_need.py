"""What a library would load with its first call, loaded when somebody really uses it."""

from collections.abc import Callable
from functools import cached_property
from typing import Any


class AtNeed:
    """Has the attributes of what `load` gives, which is called for the first of them."""

    def __init__(self, load: Callable[[], Any]) -> None:
        self._load = load

    @cached_property
    def _loaded(self) -> Any:
        return self._load()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loaded, name)
