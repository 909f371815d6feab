"""One trial as a process of its own: `python -m service.wiring.trial TRIAL HOLDER`, settings as JSON on its input."""

import sys

from service.wiring.apart import done_apart


def main(arguments: list[str]) -> int:
    trial_id, holder = arguments
    return done_apart(lambda desk: desk.editor.trials.run(trial_id, holder), nice=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
