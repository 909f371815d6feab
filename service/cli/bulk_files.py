"""The files of a bulk run: what is asked, and how far an earlier run came."""

import json
from dataclasses import dataclass
from itertools import islice
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
    done = _drop_cut_line(job.out)
    for number in sorted({1, done} - {0}):
        if not _belong(_nth(job.source, number), _nth(job.out, number)):
            detail = f"{job.out}: line {number} is not the result of that line of {job.source}."
            raise RefusedError(f"{detail} Remove the file or give another --out.")
    return done


def _drop_cut_line(path: Path) -> int:
    """The number of whole lines, once what follows the last of them is gone."""
    count = end = 0
    with path.open("r+b") as file:
        for line in file:
            if line.endswith(b"\n"):
                count, end = count + 1, end + len(line)
        file.truncate(end)
    return count


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
