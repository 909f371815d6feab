"""The process that opens files which strangers sent: `python -m service.connectors.attachments.reader FD LIMITS`.

It has no settings, no keys and no database, may write no file, and takes no more memory and processor time than it is
given. Whatever ends it, ends one file's reading; whoever started it starts another. It ends with its parent.
"""

import json
import os
import resource
import sys
from multiprocessing.connection import Connection

from service.connectors.attachments.limits import Limits
from service.connectors.attachments.sniff import announced, sniffed
from service.domain.attachment import FileText, Reason

READY = b"ready"
NICENESS = 5
_OPEN_FILES = 64


def main(arguments: list[str]) -> int:
    connection: Connection[bytes, bytes] = Connection(int(arguments[0]))
    limits = Limits.from_argument(arguments[1])
    _confine(limits)
    connection.send_bytes(READY)
    while True:
        try:
            content_type = connection.recv_bytes().decode("utf-8", "replace")
            content = connection.recv_bytes()
        except EOFError:
            return 0
        _grant(limits.seconds)
        connection.send_bytes(_as_bytes(_kept(read(content, content_type, limits), limits)))


def read(content: bytes, content_type: str, limits: Limits) -> FileText:
    """What is in a file. Never raises; what it costs is for the limits of the process."""
    try:
        return _read(content, content_type, limits)
    except MemoryError:
        return FileText(reason="too_heavy")
    except Exception:
        return FileText(reason="corrupt")  # a parser's word about bytes of a stranger; there is nothing to mend here


def _read(content: bytes, content_type: str, limits: Limits) -> FileText:
    kind = sniffed(content, content_type)
    match kind:
        case "image" | "archive" | "encrypted" | "corrupt" | "unsupported":
            return FileText(reason=kind)
        case "pdf":
            from service.connectors.attachments.pdf import read_pdf  # noqa: PLC0415 - most files need one library

            found = read_pdf(content, limits)
        case "docx" | "odt":
            from service.connectors.attachments import office  # noqa: PLC0415

            found = (office.read_docx if kind == "docx" else office.read_odt)(content, limits)
        case _:
            from service.connectors.attachments import texts  # noqa: PLC0415

            reading = {"html": texts.read_html, "mail": texts.read_mail}.get(kind, texts.read_plain)
            found = reading(content, content_type)
    if found.reason == "" and not announced(kind, content_type):
        return FileText(found.text, found.pages, "mislabelled")
    return found


def _kept(found: FileText, limits: Limits) -> FileText:
    if found.read and not found.text.strip():
        return FileText(pages=found.pages, reason="no_text" if found.pages else "empty")
    if len(found.text) <= limits.chars:
        return found
    reason: Reason = "truncated"
    return FileText(found.text[: limits.chars], found.pages, reason)


def _as_bytes(found: FileText) -> bytes:
    said = {"text": found.text, "pages": found.pages, "reason": found.reason}
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")


def _confine(limits: Limits) -> None:
    os.nice(NICENESS)
    for what, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
    ):
        resource.setrlimit(what, (most, most))


def _grant(seconds: float) -> None:
    """Processor time for one more file: the limit is of the process's whole life."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
