"""What a serving process holds, once a minute."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from evals.bench.memory import children

MB = 1e6


@dataclass(frozen=True, slots=True)
class Sample:
    """`memory_mb` is resident, `own_mb` the part of it that no file backs; `helpers` are the processes it started."""

    minute: float
    messages: int
    memory_mb: float
    own_mb: float
    files: int
    connections: int
    threads: int
    helpers: int
    helpers_mb: float
    log_mb: float
    database_mb: float
    learned_mb: float
    waiting: int


def sample(process: int, database: Path, minute: float) -> Sample:
    """Of a process that lives, and of its SQLite file."""
    resident, own, threads = _status(process)
    links = _links(process)
    helping = [_status(child)[0] for child in children(process)]
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:

        def number(query: str) -> float:
            return float(connection.execute(query).fetchone()[0] or 0)

        return Sample(
            minute=round(minute, 2),
            messages=int(number("SELECT count(*) FROM messages")),
            memory_mb=resident,
            own_mb=own,
            files=len(links),
            connections=sum(link.startswith("socket:") for link in links),
            threads=threads,
            helpers=len(helping),
            helpers_mb=sum(helping),
            log_mb=_size(database.with_name(f"{database.name}-wal")),
            database_mb=number("PRAGMA page_count") * number("PRAGMA page_size") / MB,
            learned_mb=number("SELECT sum(length(bundle)) FROM learned") / MB,
            waiting=int(number("SELECT count(*) FROM messages WHERE state = 'received'")),
        )


def _status(process: int) -> tuple[float, float, int]:
    """Resident megabytes, those that no file backs, threads; zeros once it has gone."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0, 0.0, 0
    told = {name: value.split() for name, _, value in (line.partition(":") for line in lines)}
    kib = (int(told[name][0]) if name in told else 0 for name in ("VmRSS", "RssAnon"))
    resident, own = (each * 1024 / MB for each in kib)
    return resident, own, int(told["Threads"][0])


def _links(process: int) -> list[str]:
    """What its open files are."""
    found = []
    for link in Path(f"/proc/{process}/fd").iterdir():
        try:
            found.append(str(link.readlink()))
        except OSError:
            continue  # closed meanwhile
    return found


def _size(file: Path) -> float:
    return file.stat().st_size / MB if file.exists() else 0.0
