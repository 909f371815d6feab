"""The log: sentences of a closed list, with ids, codes and numbers beside them. It cannot say a customer's words.

What libraries log is told without its words, which may be a customer's: which logger, where, and the kind of error.
"""

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Literal, NewType

Code = NewType("Code", str)
"""A word of a machine's. Only the functions below make one, and they check what they are given."""

TRACEPARENT: ContextVar[str] = ContextVar("traceparent", default="")
"""W3C trace context of what this task is about, where it is traced: the lines of the log name the trace."""

NAME = "aiguilleur"
_CODE = re.compile(r"[A-Za-z/][\w.:/+{},-]{0,119}(?: at [\w.-]{1,40}:\d{1,5}| by -?\d{1,3})?", re.ASCII)
_LONG_NUMBER = re.compile(r"\d{6}")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UNSAID = Code("?")
_SEARCH = "retrieval."
_FRAMES = 12


class Said(Enum):
    """Everything that the log can say, with its level."""

    STORE_EMPTY = (logging.WARNING, "The store is empty: importing the reference account (some seconds, once).")
    LEARNING = (logging.WARNING, "Learning from what the account has confirmed and written (up to a minute, once).")
    NOT_READY = (
        logging.ERROR,
        "An account could not be made ready at the start; the others are served. `doctor` says what is wrong.",
    )
    TRIAGED = (logging.INFO, "A message was triaged.")
    MESSAGE_WAITS = (logging.WARNING, "A message waits: something outside is away.")
    OVERTAKEN = (logging.WARNING, "A message was with another worker by now; what this one concluded was not kept.")
    MESSAGE_FAILED = (logging.ERROR, "The triage of a message failed.")
    LINE_FAILED = (logging.ERROR, "The triage of a line failed.")
    WORKER_BLIND = (logging.WARNING, "The worker cannot look for messages.")
    PURGE_FAILED = (
        logging.WARNING,
        "The daily purge, or the rest of an erasure, cannot be done whole now; it is tried again.",
    )
    REQUEST_FAILED = (logging.ERROR, "A request failed.")
    PLAYBOOK_UNREADABLE = (
        logging.ERROR,
        "This program does not take a playbook in force: its account waits until it is mended. `doctor` says how.",
    )
    DIGEST_FAILED = (logging.WARNING, "A digest of an account cannot be made now; it is tried again.")
    DUTY_FAILED = (logging.WARNING, "A scheduled duty cannot be done now; it is tried again.")
    REFITS_BLIND = (logging.WARNING, "Refits cannot be looked at.")
    RUNS_BLIND = (logging.WARNING, "Evaluation runs cannot be looked at.")
    RUN_FAILED = (logging.WARNING, "An evaluation run failed.")
    SUGGESTING_FAILED = (logging.WARNING, "Suggestions cannot be made now; those of before stand.")
    REFIT_FAILED = (logging.WARNING, "A refit failed; the version in force stays.")
    TRIALS_BLIND = (logging.WARNING, "Trials cannot be looked at.")
    TRIAL_FAILED = (logging.WARNING, "A trial of a playbook failed.")
    ANSWER_NOT_KEPT = (logging.WARNING, "A model's answer cannot be stored now; this process remembers it.")
    COST_NOT_KEPT = (logging.WARNING, "What a model's answer cost cannot be stored now; it is with the next one.")
    NO_SHARE = (logging.WARNING, "The share of the calls to the model cannot be renewed now.")
    NO_MODEL = (logging.WARNING, "No model answered.")
    PROCESS_ENDED = (logging.ERROR, "A serving process has ended; another one takes its place.")
    INDEXER_BLIND = (logging.WARNING, "Messages cannot be made findable by their words now; it is tried again.")
    COURIER_BLIND = (logging.WARNING, "The courier of webhooks cannot look for, or mark, what it delivers.")
    NOT_DELIVERED = (logging.WARNING, "A webhook was not delivered; it is tried again, or is a dead letter.")
    CRASHED = (logging.CRITICAL, "The program ends by a mistake of ours.")


def log(said: Said, **about: Code | int | float) -> None:
    """Never a customer's words, and never an error's: `code_of` tells what failed and where."""
    level, sentence = said.value
    logger = logging.getLogger(NAME)
    if logger.isEnabledFor(level):
        logger.log(level, "%s", sentence, extra={"said": said, "about": about})


def code(text: str) -> Code:
    """A name that people or programs gave to something of ours: an account, a queue, a model, a route. What looks
    like anything else (an address, a long number, a sentence) is not said."""
    return Code(text) if _CODE.fullmatch(text) and not _LONG_NUMBER.search(text) else _UNSAID


def id_of(text: str) -> Code:
    """An id that this program made. A caller's own id may be an address, and is not said."""
    return Code(text) if _ID.fullmatch(text) else _UNSAID


def code_of(error: BaseException) -> Code:
    """What failed and where, without the error's words: they may be a customer's."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return Code(f"{type(error).__name__}{place}")


def way_of(error: BaseException) -> Iterator[Code]:
    """Where an error came through, the outermost place first, and its causes: a traceback without words."""
    if error.__cause__ is not None:
        yield from way_of(error.__cause__)
    for frame in traceback.extract_tb(error.__traceback__)[-_FRAMES:]:
        yield Code(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}")
    yield code_of(error)


def configure(style: Literal["lines", "words"]) -> None:
    """Everything that is logged in this process goes to standard error: as JSON, a line each, or as words for a person
    at a terminal."""
    handler = ToStderr()
    handler.setFormatter(Lines() if style == "lines" else Words())
    root = logging.getLogger()
    root.handlers[:] = [*(one for one in root.handlers if not isinstance(one, ToStderr)), handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(NAME).setLevel(logging.INFO if style == "lines" else logging.WARNING)
    logging.captureWarnings(capture=style == "lines")


@contextmanager
def only_warnings() -> Iterator[None]:
    """What is as it should be is not told within."""
    logger = logging.getLogger(NAME)
    level = logger.level
    logger.setLevel(max(level, logging.WARNING))
    try:
        yield
    finally:
        logger.setLevel(level)


def catch_uncaught() -> None:
    """Errors that nobody caught, in whatever thread, are logged without their words."""
    sys.excepthook = lambda _kind, error, _trace: crashed(error)
    threading.excepthook = lambda told: crashed(told.exc_value) if told.exc_value else None


def crashed(error: BaseException) -> None:
    """Tells a mistake of ours: what failed, and the places that it came through."""
    if not isinstance(error, KeyboardInterrupt):
        log(Said.CRASHED, **{f"at_{at}": place for at, place in enumerate(way_of(error))})


class ToStderr(logging.Handler):
    """To standard error as it is at the time."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stderr.write(f"{self.format(record)}\n")


class Lines(logging.Formatter):
    """One JSON object a line: `at`, `level`, `event` with what it is about, or a library's `logger` and `place`."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        return json.dumps({"at": at, "level": record.levelname.lower(), **_told(record)}, ensure_ascii=False)


class Words(logging.Formatter):
    """A sentence, and what it is about in brackets."""

    def format(self, record: logging.LogRecord) -> str:
        told = _told(record)
        sentence = told.pop("says", "") or f"{told.pop('logger')} logged"
        told.pop("event", None)
        about = ", ".join(f"{name} {value}" for name, value in told.items())
        return f"{sentence} ({about})" if about else str(sentence)


def _told(record: logging.LogRecord) -> dict[str, object]:
    trace = TRACEPARENT.get()[3:35]
    return {**_event(record), "trace": trace} if trace else _event(record)


def _event(record: logging.LogRecord) -> dict[str, object]:
    said = getattr(record, "said", None)
    if isinstance(said, Said):
        return {"event": said.name.lower(), "says": said.value[1], **getattr(record, "about", {})}
    if record.name.startswith(_SEARCH):  # which knows no customer, and names nothing but kinds of errors
        return {"event": "search", "says": record.getMessage()}
    told: dict[str, object] = {"logger": record.name, "place": f"{record.filename}:{record.lineno}"}
    if record.exc_info and record.exc_info[1]:
        told["cause"] = code_of(record.exc_info[1])
    return told
