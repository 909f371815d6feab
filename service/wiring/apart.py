"""What a process of its own does with a desk, for the one that started it."""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from service.learning.cores import cores, idle_cores
from service.lifeline import end_with_parent
from service.log import code_of
from service.settings import Settings
from service.wiring import Desk, build_desk

NICENESS = 10
"""Where both want the processor, triage gets nine parts in ten; what is done beside it still ends."""


def done_apart(verb: Callable[[Desk], Coroutine[Any, Any, str]], *, nice: bool) -> int:
    """Its exit code. Settings come as JSON on its input; it prints what came of it, and nothing of what it read: the
    verb's word, or the code of its error with exit code 1."""
    end_with_parent()
    if nice:
        os.nice(NICENESS)
    desk = build_desk(Settings.model_validate_json(sys.stdin.buffer.read()), index=False)
    try:
        with cores(idle_cores() if nice else os.cpu_count() or 1):
            said = asyncio.run(verb(desk))
    except Exception as error:
        said, code = code_of(error), 1
    else:
        code = 0
    finally:
        desk.close()
    print(said)  # noqa: T201 - its only word to the process that watches it
    return code
