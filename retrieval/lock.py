"""A folder that one process at a time may use."""

import fcntl
import os
from pathlib import Path


class FolderLock:
    """Held until released or until the process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "lock"
        self._descriptor: int | None = None
        self._owner = 0

    @property
    def held(self) -> bool:
        """A forked child does not hold its parent's lock."""
        return self._descriptor is not None and self._owner == os.getpid()

    def acquire(self) -> bool:
        """Takes the lock where nobody has it; never waits."""
        if self.held:
            return True
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return False
        self._descriptor, self._owner = descriptor, os.getpid()
        return True

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
