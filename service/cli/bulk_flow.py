"""Bulk with a model: waiting is most of it, so each process has many messages in flight."""

from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from math import ceil
from multiprocessing import get_context
from multiprocessing.connection import wait

from service.cli.bulk_files import Job
from service.cli.bulk_hand import Answer, serve
from service.cli.bulk_worker import Line, Numbered
from service.cli.undisturbed import undisturbed
from service.errors import UnavailableError
from service.settings import Settings

AHEAD = 2
"""Messages begun for each call in flight, so that a slow answer does not keep the following ones waiting."""


def many_in_flight(job: Job, settings: Settings, lines: Iterator[Numbered]) -> Generator[list[Line], None, None]:
    """Results in the order of the lines, as they come. Raises UnavailableError.

    The processes share the calls that may be in flight.
    """
    count = min(job.workers, settings.model_concurrency)
    share = settings.model_copy(update={"model_concurrency": ceil(settings.model_concurrency / count)})
    with _hands(count, job, share) as hands:
        yield from _in_order(hands, lines, AHEAD * settings.model_concurrency)


class Hand:
    """A process that triages what it is sent, and answers in whatever order it gets done."""

    def __init__(self, job: Job, settings: Settings) -> None:
        context = get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, settings, job.account, job.store), daemon=True)
        with undisturbed():
            self._process.start()
        theirs.close()
        self.busy_with = 0

    def send(self, numbered: Numbered) -> None:
        self.connection.send(numbered)
        self.busy_with += 1

    def receive(self) -> tuple[int, Line]:
        """Raises UnavailableError, EOFError where the process has ended."""
        answer: Answer = self.connection.recv()
        self.busy_with -= 1
        number, line = answer
        if isinstance(line, str):
            raise UnavailableError(line)
        return number, line

    def dismiss(self) -> None:
        """Lets it end by itself, which closes its connections."""
        self.connection.send(None)
        self._process.join()

    def end(self) -> None:
        """At once: what is not written yet is done again by the next run."""
        self._process.terminate()
        self._process.join()
        self.connection.close()


@contextmanager
def _hands(count: int, job: Job, settings: Settings) -> Iterator[Sequence[Hand]]:
    hands: list[Hand] = []
    try:
        hands += [Hand(job, settings) for _ in range(count)]
        yield hands
        for hand in hands:
            hand.dismiss()
    except (EOFError, ConnectionError) as error:
        raise UnavailableError("A process of this run ended unexpectedly; is there enough memory?") from error
    finally:
        for hand in hands:
            with suppress(OSError):
                hand.end()


def _in_order(hands: Sequence[Hand], lines: Iterator[Numbered], most: int) -> Generator[list[Line], None, None]:
    """At most so many lines are begun and not given yet; each goes to the hand that has least to do."""
    begun: deque[int] = deque()
    done: dict[int, Line] = {}
    by_connection = {hand.connection: hand for hand in hands}
    while True:
        for numbered in islice(lines, most - len(begun)):
            min(hands, key=lambda hand: hand.busy_with).send(numbered)
            begun.append(numbered[0])
        if not begun:
            return
        done.update(by_connection[ready].receive() for ready in wait(by_connection))  # type: ignore[index]
        given = []
        while begun and begun[0] in done:
            given.append(done.pop(begun.popleft()))
        if given:
            yield given
