"""Folders g1, g2, … of which the newest is in use: one that broke is never opened again."""

import shutil
from contextlib import suppress
from pathlib import Path

from retrieval.lock import FolderLock

_BYTES_A_VECTOR = 200_000
_BYTES_AT_LEAST = 500_000_000


class Generations:
    """The folders inside `folder`, for the one process that holds its lock."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = FolderLock(folder)

    def acquire(self) -> bool:
        return self._lock.acquire()

    def release(self) -> None:
        self._lock.release()

    def newest(self) -> Path:
        """The folder to open. Older ones, left behind by a process that was killed, are removed."""
        found = self._found()
        for older in found[:-1]:
            shutil.rmtree(older, ignore_errors=True)
        return found[-1] if found else self._folder / "g1"

    def next(self) -> None:
        """Gives up the newest folder for a new, empty one."""
        newest = self.newest()
        (self._folder / f"g{_number(newest) + 1}").mkdir(parents=True, exist_ok=True)
        shutil.rmtree(newest, ignore_errors=True)

    def sound(self, vectors: int | None = None) -> bool:
        """False where files are longer than `vectors` can need (sparse ones count in full)."""
        longest, total = _sizes(self.newest())
        if vectors is None:
            return longest <= max(_BYTES_AT_LEAST, 4 * total)
        return longest <= _BYTES_AT_LEAST + vectors * _BYTES_A_VECTOR

    def _found(self) -> list[Path]:
        return sorted((path for path in self._folder.glob("g*") if path.name[1:].isdigit()), key=_number)


def _number(folder: Path) -> int:
    return int(folder.name[1:])


def _sizes(folder: Path) -> tuple[int, int]:
    """Length of the longest file, and the bytes that all of them really take."""
    longest = total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):
            found = path.stat()
            longest, total = max(longest, found.st_size), total + found.st_blocks * 512
    return longest, total
