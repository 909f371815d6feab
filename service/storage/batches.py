"""Many ids, in as many statements as they need."""

from collections.abc import Iterator, Sequence

BATCH = 500
"""Ids named in one statement."""


def batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
