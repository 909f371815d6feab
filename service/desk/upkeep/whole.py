"""A file for its owner's eyes only, that is there once it is whole."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from service.errors import FieldProblem, RefusedError


@contextmanager
def whole(file: Path) -> Iterator[BinaryIO]:
    """What is written gets its name once everything is on disk, in the place of a file of that name; where anything
    failed, nothing is there. Raises RefusedError where it cannot be written, or the name is a link's or a device's."""
    if file.is_symlink() or (file.exists() and not file.is_file()):
        problem = FieldProblem("file", "name a new file, or one that may be replaced; no link, device or folder")
        raise RefusedError(f"{file} is no file.", (problem,))
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    try:
        # A file of nobody's but this call's: two that write at a time do not write into one, nor into what a link of
        # somebody else's leads to.
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
        _keep_name(file.parent)
    except OSError as error:
        problem = FieldProblem("file", f"{error.strerror}; name a file in a folder with room that can be written")
        raise RefusedError(f"{file} cannot be written.", (problem,)) from error
    finally:
        part.unlink(missing_ok=True)


def _keep_name(folder: Path) -> None:
    """The name is on disk too, as the content is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
