"""Stores of several sizes, each made of the one before it."""

import asyncio
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from evals.bench.corpus import ACCOUNT
from evals.bench.full_store import fill
from evals.bench.growth.multiplied import MOST, multiply
from evals.bench.workplace import settings
from service.desk.clock import utc_now
from service.desk.upkeep.backup import back_up, restore
from service.wiring import Desk, open_desk

FILLED = 100_000
"""Up to here a store is filled message by message; from here on a smaller one is multiplied."""


def learned(folder: Path) -> None:
    """The reference account as a first start leaves it."""
    open_desk(settings(folder), index=False).close()


def filled(folder: Path, start: Path, sizes: Sequence[int]) -> dict[int, Path]:
    """By size, the data folder of a store of so many messages; what is there already is taken as it is.

    Raises ValueError where a size cannot be made of the one before it."""
    stores, before = dict[int, Path](), 0
    for size in sorted(sizes):
        stores[size] = made(folder / str(size), stores.get(before, start), partial(_grow, before=before, size=size))
        before = size
    return stores


def made(data: Path, of: Path, fill_up: Callable[[Path], None]) -> Path:
    """A copy of that data folder, filled up, and there once it is whole; what is there already is taken as it is."""
    if not data.exists():
        making = data.with_name("making")
        shutil.copytree(of, making)
        fill_up(making)
        making.rename(data)
    return data


def filled_in_postgresql(folder: Path, start: Path, urls: Mapping[int, str]) -> dict[int, Path]:
    """By size, the data folder beside a PostgreSQL database that had no tables: `start` is restored there."""
    with opened(start) as desk:
        kept = back_up(desk.database, folder / "start.gz", utc_now())
    for size, url in sorted(urls.items()):
        data = folder / f"beside-{size}"
        with opened(data, url) as desk:
            restore(desk.database, kept)
        _grow(data, 0, min(size, FILLED), url)
        if size > FILLED:
            _grow(data, FILLED, size, url)
    kept.unlink()
    return {size: folder / f"beside-{size}" for size in urls}


def _grow(data: Path, before: int, size: int, url: str = "") -> None:
    with opened(data, url) as desk:
        if size <= FILLED:
            fill(desk.database, ACCOUNT, size, first=before)
        elif before and size % before == 0 and size // before <= MOST + 1:
            multiply(desk.database, size // before)
        else:
            raise ValueError(f"{size:,} is not up to {MOST + 1} times {before:,}")
        asyncio.run(desk.disconnect())


@contextmanager
def opened(data: Path, url: str = "") -> Iterator[Desk]:
    """As it is: nothing is imported or learned."""
    desk = open_desk(settings(data, database_url=url), index=False, ready=False)
    try:
        yield desk
    finally:
        desk.close()
