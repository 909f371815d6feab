"""The processor time that PostgreSQL's processes on this machine take for a database."""

from pathlib import Path

_PROCESSES = Path("/proc")


def spent_s(database: str) -> float:
    """Of all connections to the database of that name, since each began; 0 where the server is elsewhere."""
    return sum(_ran_s(process) for process in _PROCESSES.glob("[0-9]*") if _serves(process, database))


def _serves(process: Path, database: str) -> bool:
    """By its title: `postgres: user database …`."""
    try:
        title = (process / "cmdline").read_bytes().split(b"\0")[0].decode("utf-8", "replace").split()
    except OSError:
        return False  # it has ended meanwhile
    return len(title) > 2 and title[0] == "postgres:" and title[2] == database


def _ran_s(process: Path) -> float:
    try:
        return int((process / "schedstat").read_text().split()[0]) / 1e9
    except OSError:
        return 0.0
