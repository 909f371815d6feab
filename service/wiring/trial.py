"""One trial as a process of its own: `python -m service.wiring.trial TRIAL HOLDER`, settings as JSON on its input.

It prints what came of it, and nothing of what it read.
"""

import asyncio
import os
import sys

from service.lifeline import end_with_parent
from service.log import code_of
from service.settings import Settings
from service.wiring import build_desk
from service.wiring.refit import NICENESS


def main(arguments: list[str]) -> int:
    end_with_parent()
    trial_id, holder = arguments
    os.nice(NICENESS)
    desk = build_desk(Settings.model_validate_json(sys.stdin.buffer.read()), index=False)
    try:
        said = asyncio.run(desk.editor.trials.run(trial_id, holder))
    except Exception as error:
        said, code = code_of(error), 1
    else:
        code = 0
    finally:
        desk.close()
    print(said)  # noqa: T201 - its only word to the process that watches it
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
