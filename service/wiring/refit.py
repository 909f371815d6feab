"""One refit as a process of its own: `python -m service.wiring.refit ACCOUNT [HOLDER]`, settings as JSON on its input.

Without a holder of the lease it is the one that a start waits for: with all speed, and compared with nothing.
It prints what came of it, and nothing of what it read: the verdict, or the code of the error with exit code 1.
"""

import asyncio
import os
import sys

from service.lifeline import end_with_parent
from service.log import code_of
from service.settings import Settings
from service.wiring import Desk, build_desk

NICENESS = 10
"""Where both want the processor, triage gets nine parts in ten; a refit still ends."""


def main(arguments: list[str]) -> int:
    end_with_parent()
    account, *holder = arguments
    settings = Settings.model_validate_json(sys.stdin.buffer.read())
    desk = build_desk(settings, index=False)
    try:
        said = asyncio.run(_refit(desk, account, *holder) if holder else _learn(desk, account))
    except Exception as error:
        said, code = code_of(error), 1
    else:
        code = 0
    finally:
        desk.close()
    print(said)  # noqa: T201 - its only word to the process that watches it
    return code


async def _refit(desk: Desk, account: str, holder: str) -> str:
    os.nice(NICENESS)
    return await desk.refits.run(account, holder)


async def _learn(desk: Desk, account: str) -> str:
    return (await desk.learning.learn(account, by="start", anyway=True)).version


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
