"""Reads messages from files and pipes, naming the line and the field of each mistake."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from service.domain.limits import MAX_REQUEST_BYTES
from service.domain.message import Message
from service.errors import FieldProblem, RefusedError


def read_message(source: str) -> Message:
    """A message from an .eml file, a .txt file, a JSON file, or `-`: whichever of them stands on standard input.

    Raises RefusedError where the file cannot be read or is no message.
    """
    raw = sys.stdin.buffer.read(MAX_REQUEST_BYTES + 1) if source == "-" else _bytes(Path(source))
    if len(raw) > MAX_REQUEST_BYTES:
        raise RefusedError(f"{source}: a message may have at most {MAX_REQUEST_BYTES:,} bytes; shorten it.")
    suffix = Path(source).suffix.lower()
    if suffix == ".json" or (suffix != ".eml" and raw.lstrip()[:1] == b"{"):
        return parse_message(raw, source)
    mime = suffix == ".eml" or (source == "-" and _looks_like_mail(raw))
    return Message(body=_text(raw, mime), body_format="mime" if mime else "text")


def read_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Number (from 1) and bytes of each line that is not blank."""
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if line.strip():
                yield number, line


def parse_message(raw: bytes, where: str) -> Message:
    """One JSON message; `where` names it in the error."""
    try:
        return Message.model_validate_json(raw)
    except ValidationError as error:
        problems = tuple(
            FieldProblem(".".join(str(part) for part in mistake["loc"]) or "message", mistake["msg"])
            for mistake in error.errors()
        )
        raise RefusedError(f"{where}: this is not a message; see README.md for its fields.", problems) from error


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_REQUEST_BYTES + 1)
    except OSError as error:
        raise RefusedError(f"{path}: cannot be read ({error.strerror}); give the path of a readable file.") from error


def _text(raw: bytes, mime: bool) -> str:
    """UTF-8 where it is; else Latin-1, in which every byte stays itself until the mail's charset is known."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1" if mime else "cp1252", errors="replace")


def _looks_like_mail(raw: bytes) -> bool:
    head = raw[:4000].lower()
    return head.startswith((b"from:", b"received:", b"return-path:", b"mime-version:", b"subject:", b"date:"))


def as_json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)
