"""One refit as a process of its own: `python -m service.wiring.refit ACCOUNT [HOLDER]`, settings as JSON on its input.

Without a holder of the lease it is the one that a start waits for: with all speed, and compared with nothing.
"""

import sys

from service.wiring import Desk
from service.wiring.apart import done_apart


def main(arguments: list[str]) -> int:
    account, *holder = arguments
    if holder:
        return done_apart(lambda desk: desk.refits.run(account, *holder), nice=True)
    return done_apart(lambda desk: _learn(desk, account), nice=False)


async def _learn(desk: Desk, account: str) -> str:
    return (await desk.learning.learn(account, by="start", anyway=True)).version


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
