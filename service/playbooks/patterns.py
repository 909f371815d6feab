"""Whether a regular expression that somebody wrote comes to an end in time, whatever text it meets.

Python's matcher tries every way in which a text may fit. A repetition inside a repetition, or several in a row that
take the same characters, can hold a whole process for longer than anybody waits (Davis, Coghlan, Servant and Lee, "The
impact of regular expression denial of service in practice", ESEC/FSE 2018). Texts that make it try are made from the
expression itself: what stands before a repetition, what it repeats, many times, and an end that does not fit.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib import import_module
from itertools import chain, zip_longest
from time import thread_time
from typing import Any

parser: Any = import_module("re._parser")
"""Python's own and private: the only thing that knows what an expression repeats."""

TIMES = (*range(6, 40, 2), 50, 100, 200, 400, 800)
"""How often what is repeated stands in a text: few more each time, since each may double the work."""
MOST_S = 0.1
"""Processor time for one such text. Sound expressions take a thousandth of it, the others a thousand times as much."""
_MANY = 10
_SAMPLES = 6
_ENDS = ("\0", "a", "0", "-")
_REPEATS = {"MAX_REPEAT", "MIN_REPEAT"}
_KINDS = {
    "CATEGORY_DIGIT": "0", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a",
    "CATEGORY_NOT_DIGIT": "a", "CATEGORY_NOT_SPACE": "a", "CATEGORY_NOT_WORD": " ",
}  # fmt: skip


@lru_cache(maxsize=256)
def is_endless(pattern: str) -> bool:
    """Whether some short text keeps the expression busy. Raises what `re.compile` raises."""
    compiled = re.compile(pattern, re.IGNORECASE)
    return any(_is_long(compiled, before, again) for before, again in dict.fromkeys(_pumps(parser.parse(pattern), "")))


def _is_long(compiled: re.Pattern[str], before: str, again: str) -> bool:
    for times in TIMES:
        for end in _ENDS:
            began = thread_time()
            compiled.search(f"{before}{again * times}{end}")
            if thread_time() - began > MOST_S:
                return True
    return False


def _pumps(nodes: Any, before: str) -> Iterator[tuple[str, str]]:
    """For each repetition what stands before it, and what it may repeat."""
    for name, told in _named(nodes):
        for inner in _inside(name, told):
            yield from _pumps(inner, before)
        if name in _REPEATS and told[1] >= _MANY:
            yield from ((before, again) for again in _samples(told[2]) if again)
        before += next(iter(_of_node(name, told)), "")


def _named(nodes: Any) -> Iterator[tuple[str, Any]]:
    return ((str(operator), told) for operator, told in nodes)


def _inside(name: str, told: Any) -> Sequence[Any]:
    match name:
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return [told[2]]
        case "SUBPATTERN":
            return [told[3]]
        case "BRANCH":
            return list(told[1])
        case "ATOMIC_GROUP":
            return [told]
        case "ASSERT" | "ASSERT_NOT":
            return [told[1]]
    return []


def _samples(nodes: Any) -> list[str]:
    """A few texts that such a stretch takes."""
    rows = [found for name, told in _named(nodes) if (found := _of_node(name, told))]
    joined = ("".join(one or rows[at][0] for at, one in enumerate(row)) for row in zip_longest(*rows))
    return list(dict.fromkeys(joined))[:_SAMPLES]


def _of_node(name: str, told: Any) -> list[str]:
    match name:
        case "LITERAL":
            return [chr(told)]
        case "ANY" | "NOT_LITERAL":
            return ["a", "0"]
        case "IN":
            return [_of_class(one, about) for one, about in _named(told) if one != "NEGATE"][:_SAMPLES]
        case "ASSERT" | "ASSERT_NOT":
            return []
    inner = list(chain.from_iterable(_samples(one) for one in _inside(name, told)))
    if name.endswith("REPEAT"):
        inner = [text * max(1, min(int(told[0]), _MANY)) for text in inner]
        return ["", *inner] if not told[0] else inner
    return inner


def _of_class(name: str, told: Any) -> str:
    if name == "RANGE":
        return chr(told[0])
    return chr(told) if name == "LITERAL" else _KINDS.get(str(told), "a")
