"""Stores of several sizes, each made of the one before it."""

import asyncio
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from evals.bench.corpus import ACCOUNT
from evals.bench.full_store import fill
from evals.bench.growth.multiplied import MOST, multiply
from evals.bench.workplace import settings
from service.wiring import open_desk

FILLED = 100_000
"""Up to here a store is filled message by message; from here on a smaller one is multiplied."""


def learned(folder: Path, url: str = "") -> None:
    """The reference account as a first start leaves it, in SQLite or the PostgreSQL database of that URL."""
    open_desk(settings(folder, database_url=url), index=False).close()


def filled(folder: Path, start: Path, sizes: Sequence[int]) -> dict[int, Path]:
    """By size, the data folder of a store of so many messages; what is there already is taken as it is.

    Raises ValueError where a size cannot be made of the one before it."""
    stores, before = {}, 0
    for size in sorted(sizes):
        stores[size] = folder / str(size)
        if not stores[size].exists():
            shutil.copytree(stores[before] if before else start, folder / "making")
            _grow(folder / "making", before, size)
            (folder / "making").rename(stores[size])
        before = size
    return stores


def filled_in_postgresql(folder: Path, urls: Mapping[int, str]) -> dict[int, Path]:
    """By size, the data folder beside a PostgreSQL database that had no tables."""
    for size, url in sorted(urls.items()):
        learned(folder / f"beside-{size}", url)
        _grow(folder / f"beside-{size}", 0, min(size, FILLED), url)
        if size > FILLED:
            _grow(folder / f"beside-{size}", FILLED, size, url)
    return {size: folder / f"beside-{size}" for size in urls}


def _grow(data: Path, before: int, size: int, url: str = "") -> None:
    desk = open_desk(settings(data, database_url=url), index=False, ready=False)
    try:
        if size <= FILLED:
            fill(desk.database, ACCOUNT, size, first=before)
        elif before and size % before == 0 and size // before <= MOST + 1:
            multiply(desk.database, size // before)
        else:
            raise ValueError(f"{size:,} is not up to {MOST + 1} times {before:,}")
        asyncio.run(desk.disconnect())
    finally:
        desk.close()
