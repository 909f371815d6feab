"""Reads messages from files and pipes, naming the line and the field of each mistake."""

import codecs
import sys
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from service.domain.limits import MAX_REQUEST_BYTES
from service.domain.message import Message
from service.domain.repeated import repeated_name
from service.errors import FieldProblem, RefusedError

SPACE = b" \t\r\n\xef\xbb\xbf"
"""Around a line of JSON; a byte order mark among it."""


def read_message(source: str) -> Message:
    """A message from an .eml file, a .txt file, a JSON file, or `-`: whichever of them stands on standard input.

    Raises RefusedError where the file cannot be read or is no message.
    """
    raw = sys.stdin.buffer.read(MAX_REQUEST_BYTES + 1) if source == "-" else _bytes(Path(source))
    if len(raw) > MAX_REQUEST_BYTES:
        raise RefusedError(f"{source}: a message may have at most {MAX_REQUEST_BYTES:,} bytes; shorten it.")
    suffix = Path(source).suffix.lower()
    if suffix == ".json" or (suffix not in {".eml", ".txt"} and raw.lstrip(SPACE)[:1] == b"{"):
        return parse_message(raw, source)
    mime = suffix == ".eml" or (suffix != ".txt" and _looks_like_mail(raw))
    if not raw.strip(SPACE):
        raise RefusedError(f"{source}: there is nothing in it; give a message.")
    return Message(body=_text(raw, mime), body_format="mime" if mime else "text")


def read_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Number (from 1) and bytes of each line that is not blank; of one that is too long, what shows that it is."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(MAX_REQUEST_BYTES + 1):
            number += 1
            rest = line
            while not rest.endswith(b"\n") and (rest := file.readline(MAX_REQUEST_BYTES)):
                pass
            if line.strip(SPACE):
                yield number, line


def parse_message(raw: bytes, where: str) -> Message:
    """One JSON message; `where` names it in the error."""
    if len(raw) > MAX_REQUEST_BYTES:
        raise RefusedError(f"{where}: a message may have at most {MAX_REQUEST_BYTES:,} bytes; shorten it.")
    try:
        message = Message.model_validate_json(raw.strip(SPACE))
    except ValidationError as error:
        problems = tuple(
            FieldProblem(".".join(str(part) for part in mistake["loc"]) or "message", mistake["msg"])
            for mistake in error.errors(include_url=False)
        )
        raise RefusedError(f"{where}: this is not a message; see README.md for its fields.", problems) from error
    if (name := repeated_name(raw.strip(SPACE))) is not None:
        problem = FieldProblem(name[:80], "is there twice in one object; leave out the one that is not meant")
        raise RefusedError(f"{where}: a field is there twice.", (problem,))
    return message


def read_text(path: Path) -> str:
    """Raises RefusedError where the file is not UTF-8."""
    try:
        return _bytes(path, None).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8.") from error


def _bytes(path: Path, most: int | None = MAX_REQUEST_BYTES + 1) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise RefusedError(f"{path}: cannot be read ({error.strerror}); give the path of a readable file.") from error


def _text(raw: bytes, mime: bool) -> str:
    """UTF-8 where it is; else Latin-1, in which every byte stays itself until the mail's charset is known."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1" if mime else "cp1252", errors="replace")


def _looks_like_mail(raw: bytes) -> bool:
    head = raw[:4000].lower()
    return head.startswith((b"from:", b"received:", b"return-path:", b"mime-version:", b"subject:", b"date:"))
