"""One reading process as its parent sees it: started when needed, killed when it takes too long, started anew."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Timer
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError

from service.connectors.attachments.limits import Limits
from service.domain.attachment import File, FileText, Reason
from service.domain.value import Value

START_S = 30.0
"""Until a process answers for the first time: interpreters start slowly on a busy machine."""
MOST_FILES = 200
"""After so many files a process makes room for a new one: what a library leaks is given back."""

ROOT = Path(__file__).resolve().parents[3]
COMMAND = (sys.executable, "-B", "-P", "-m", "service.connectors.attachments.reader")
PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "SYSTEMROOT")
"""All that it sees of our environment: no key, no address of a database."""

_BYTES_A_CHAR = 6
_REPLY_FRAME = 1_000


class _Reply(Value):
    """What a process says; it may have been taken over by what it read, and is believed no more than a stranger."""

    text: Annotated[str, StringConstraints(max_length=10_000_000)]
    pages: Annotated[int, Field(ge=0)] | None
    reason: Reason


class ReaderProcess:
    """Used by one thread at a time. `pid` is None where none runs."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection[bytes, bytes] | None = None
        self._files = 0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def read(self, file: File, seconds: float) -> FileText:
        """Within so many seconds, whatever the file does. Never raises."""
        if self._files >= MOST_FILES:
            self.end()
        try:
            if self._process is None:
                self._start()
        except (OSError, EOFError):
            self.end()
            return FileText(reason="busy")
        self._files += 1
        return self._ask(file, seconds)

    def kill(self) -> None:
        """From another thread: whoever waits for it, waits no longer."""
        process = self._process
        if process is not None:
            process.kill()

    def end(self) -> int | None:
        """Kills it. What it ended with: minus the signal's number, where one did it; None where none ran."""
        process, self._process = self._process, None
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if process is None:
            return None
        process.kill()
        return process.wait()

    def _start(self) -> None:
        self._files = 0
        ours, theirs = Pipe()
        self._connection = ours
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                [*COMMAND, str(theirs.fileno()), self._limits.as_argument()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment | {"PYTHONPATH": str(ROOT)},
                pass_fds=(theirs.fileno(),),
            )
        with _Watch(self._process, START_S):
            ours.recv_bytes(_REPLY_FRAME)

    def _ask(self, file: File, seconds: float) -> FileText:
        assert self._process is not None  # noqa: S101 - started just now
        assert self._connection is not None  # noqa: S101
        most = self._limits.chars * _BYTES_A_CHAR + _REPLY_FRAME
        with _Watch(self._process, seconds) as watch:
            try:
                self._connection.send_bytes(file.content_type.encode("utf-8", "replace"))
                self._connection.send_bytes(file.content)
                reply = _Reply.model_validate_json(self._connection.recv_bytes(most))
            except (OSError, EOFError):
                ended = self._ended()
                return FileText(reason="timeout" if watch.over or ended == -signal.SIGXCPU else "crashed")
            except ValidationError:
                self.end()
                return FileText(reason="crashed")
        return FileText(reply.text[: self._limits.chars], reply.pages, reply.reason)

    def _ended(self) -> int | None:
        """By itself, which takes a moment longer than its connection; else now."""
        assert self._process is not None  # noqa: S101 - it was asked
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)
        return self.end()


class _Watch:
    """Kills a process that is not done in time, which ends every wait for its answer."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self.over = False
        self._process = process
        self._timer = Timer(seconds, self._kill)
        self._timer.daemon = True

    def __enter__(self) -> "_Watch":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _kill(self) -> None:
        self.over = True
        self._process.kill()
