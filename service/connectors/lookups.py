"""What names stand for, asked in threads that nobody waits for."""

import asyncio
import socket
import threading
from asyncio import AbstractEventLoop, Future
from collections.abc import Callable
from contextlib import suppress
from typing import Any

Ask = Callable[..., list[Any]]

MOST = 64
"""Names that are asked for at a time."""


class Lookups:
    """A name server that does not answer holds up whoever asks it for a minute, and nothing can end that. So nothing
    else may run in those threads, as it would in the event loop's own, and the process ends without them.

    Calls raise OSError where the name is not known, or `most` are asked for already."""

    def __init__(self, ask: Ask = socket.getaddrinfo, most: int = MOST) -> None:
        self._ask = ask
        self._room = threading.BoundedSemaphore(most)

    async def __call__(self, host: str, port: int) -> list[str]:
        if not self._room.acquire(blocking=False):
            raise OSError("too many names are asked for")
        loop = asyncio.get_running_loop()
        answer: Future[list[str]] = loop.create_future()
        threading.Thread(target=self._look_up, args=(host, port, loop, answer), daemon=True, name="lookup").start()
        return await answer

    def _look_up(self, host: str, port: int, loop: AbstractEventLoop, answer: "Future[list[str]]") -> None:
        found: list[str] | Exception
        try:
            found = [str(sockaddr[0]) for *_, sockaddr in self._ask(host, port, type=socket.SOCK_STREAM)]
        except (OSError, UnicodeError) as error:
            found = error
        finally:
            self._room.release()
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(_told, answer, found)


def _told(answer: "Future[list[str]]", found: list[str] | Exception) -> None:
    """Whoever asked may have gone by now."""
    if answer.done():
        return
    if isinstance(found, Exception):
        answer.set_exception(found)
    else:
        answer.set_result(found)
