"""Passwords: judged by their length, kept as Argon2id hashes (RFC 9106) and compared in threads of their own."""

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from service.domain.person import login_of
from service.errors import FieldProblem, RefusedError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

T = TypeVar("T")

SHORTEST = 12
LONGEST = 200
AT_ONCE = 2
"""Each comparison takes 64 MiB and a core for some time: a crowd at the door takes no more than this."""


MEMORY_KIB = 65_536
PASSES = 3
"""The second recommended option of RFC 9106, with four lanes."""


class Passwords:
    def __init__(self, memory_kib: int = MEMORY_KIB, passes: int = PASSES) -> None:
        self._memory_kib, self._passes = memory_kib, passes
        self._threads = ThreadPoolExecutor(AT_ONCE, "password")

    async def hashed(self, password: str) -> str:
        return await self._apart(lambda: self._hasher.hash(_bytes(password)))

    async def right(self, kept: str | None, given: str) -> bool:
        """Whether that is the password. Takes as long where none is kept: names cannot be found out by the clock."""
        return await self._apart(lambda: self._compare(kept, _bytes(given[:LONGEST])))

    def outdated(self, kept: str) -> bool:
        """Whether it should be hashed anew, with today's cost."""
        return self._hasher.check_needs_rehash(kept)

    def _compare(self, kept: str | None, given: bytes) -> bool:
        from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415

        decoy = self._decoy
        try:
            return self._hasher.verify(kept or decoy, given) and kept is not None
        except (VerificationError, InvalidHashError):
            return False

    @cached_property
    def _hasher(self) -> "PasswordHasher":
        """Loaded only where somebody signs in."""
        from argon2 import PasswordHasher  # noqa: PLC0415

        return PasswordHasher(time_cost=self._passes, memory_cost=self._memory_kib)

    @cached_property
    def _decoy(self) -> str:
        return self._hasher.hash("nobody's")

    async def _apart(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _bytes(password: str) -> bytes:
    """The same for whatever keyboard it was typed on: accents may come composed or not."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def checked_password(password: str, name: str) -> str:
    """The password, if it is long enough: what NIST SP 800-63B asks for. Raises RefusedError."""
    if not SHORTEST <= len(password) <= LONGEST:
        problem = FieldProblem("password", f"choose {SHORTEST} to {LONGEST} characters", "password_length")
    elif login_of(name) in login_of(password):
        problem = FieldProblem("password", "choose one without your name in it", "password_name")
    elif len(set(password)) < SHORTEST // 2:
        problem = FieldProblem("password", "choose one of more different characters", "password_plain")
    else:
        return password
    raise RefusedError("This password cannot be used.", (problem,))
