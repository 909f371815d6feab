"""What the check reads off a text that drafts rest on: each thing once, and kept with the text."""

import re
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

from service.domain.answers import PLACEHOLDER
from service.pipeline.check.clauses import Clause, clauses
from service.pipeline.check.facts import facts
from service.pipeline.check.places import Placed, placed
from service.pipeline.check.sources import Source, of_text
from service.pipeline.redact.words import fold

BLOCK = "\n\n"
REMEMBERED = 512
"""Canned answers, some 100 kB each."""


class Block(NamedTuple):
    """A paragraph: its folded text, and what it says."""

    text: str
    tokens: frozenset[str]


class Body:
    """The body of a canned answer, or of what stands for one."""

    def __init__(self, body: str) -> None:
        self.body = body

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        return clauses(self.body)

    @cached_property
    def paragraphs(self) -> tuple[tuple[Clause, ...], ...]:
        """The clauses of each, by their places in it."""
        return tuple(clauses(block) for block in self.body.split(BLOCK))

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(
            Block(fold(text), frozenset(name for clause in said for name in clause.tokens))
            for text, said in zip(self.body.split(BLOCK), self.paragraphs, strict=True)
        )

    @cached_property
    def windows(self) -> tuple[frozenset[str], ...]:
        """What one clause, two that follow each other, and one paragraph say."""
        windows: list[frozenset[str]] = []
        for block in self.paragraphs:
            said = [frozenset(clause.tokens) for clause in block]
            windows += [*said, *(one | two for one, two in pairwise(said)), frozenset().union(*said)]
        return tuple(windows)

    @cached_property
    def places(self) -> tuple[Placed, ...]:
        return tuple(placed(self.body))

    @cached_property
    def filled(self) -> tuple[re.Pattern[str], ...]:
        """Each paragraph, with room for what fills it."""
        return tuple(
            re.compile(r"([^\n]{1,200}?)".join(map(re.escape, PLACEHOLDER.sub("\0", block).split("\0"))))
            for block in self.body.split(BLOCK)
        )

    @cached_property
    def source(self) -> Source:
        return of_text(self.body, facts(self.body))


remembered = lru_cache(maxsize=REMEMBERED)(Body)
"""For bodies of canned answers, which are asked for again; what people write is not."""
