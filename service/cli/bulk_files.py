"""The files of a bulk run: what is asked, and how far an earlier run came."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from itertools import islice
from os import fstat, truncate
from pathlib import Path

from service.cli.inputs import parse_message, read_lines
from service.errors import AiguilleurError, RefusedError


@dataclass(frozen=True, slots=True)
class Job:
    source: Path
    out: Path
    account: str | None
    workers: int
    store: bool


@contextmanager
def written_alone(out: Path) -> Iterator[None]:
    """Keeps every other run from writing into `out` meanwhile; a run that fails before its first result leaves no file
    where there was none. Raises RefusedError where another run writes it already."""
    if out.exists() and not out.is_file():  # a pipe, or a device: whoever reads it says who writes
        yield
        return
    made = not out.exists()
    with out.open("ab") as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            raise RefusedError(f"{out}: another run is writing it. Wait for its end, or give another --out.") from None
        try:
            yield
        except BaseException:
            if made and not fstat(file.fileno()).st_size:
                out.unlink(missing_ok=True)
            raise


def count_lines(path: Path) -> int:
    return sum(1 for _ in read_lines(path))


def resume_point(job: Job) -> int:
    """How many lines of the source are done. A last line that was cut off is removed.

    Raises RefusedError where the results are not those of this source: the first and the last are compared.
    """
    if not job.out.is_file():  # a pipe, or a device, keeps nothing to go on from
        return 0
    if job.out.samefile(job.source):
        raise RefusedError(f"{job.out}: --out is the source itself; give another file.")
    done, end, rest = _whole_lines(job.out)
    if not done and not b'{"'.startswith(rest[:2]):
        raise RefusedError(f"{job.out}: it holds something else than results. Give another --out.")
    for number in sorted({1, done}) if done else ():
        if not _belong(_nth(job.source, number), _nth(job.out, number)):
            detail = f"{job.out}: line {number} is not the result of that line of {job.source}."
            raise RefusedError(f"{detail} Remove the file or give another --out.")
    if rest:
        truncate(job.out, end)
    return done


def _whole_lines(path: Path) -> tuple[int, int, bytes]:
    """How many lines are whole, where the last of them ends, and what follows it."""
    count = end = 0
    rest = b""
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                count, end = count + 1, end + len(line)
            else:
                rest = line
    return count, end, rest


def _nth(path: Path, number: int) -> bytes | None:
    return next(islice((raw for _, raw in read_lines(path)), number - 1, None), None)


def _belong(asked: bytes | None, given: bytes | None) -> bool:
    """Whether `given` may be the result of the message `asked`. One that is no message has an error as result."""
    if asked is None or given is None:
        return False
    try:
        result = json.loads(given)
    except (ValueError, RecursionError):
        return False
    try:
        expected = parse_message(asked, "").fingerprint
    except AiguilleurError:
        return isinstance(result, dict) and "error" in result
    return isinstance(result, dict) and result.get("message_hash") == expected
