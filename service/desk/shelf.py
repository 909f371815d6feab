"""What each account's messages are triaged with, kept at hand and renewed when it changes."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from weakref import WeakValueDictionary

from service.desk.intake.flights import Flights
from service.desk.learning.versions import Learning
from service.desk.playbooks.versions import Playbooks
from service.domain.playbook import Playbook
from service.heap import give_back
from service.learning.learned import Learned, StaleError
from service.pipeline.knowledge import Knowledge

LOOK_S = 1.0
"""A change made by another process is seen after at most this long."""
GIVEN_BACK_EVERY_S = 120.0
"""What a version that was replaced took, tens of megabytes, and what threads needed for a moment."""
TRUST_S = 60.0
"""What people say of a model's word is counted anew so often: one message more changes little."""

_IN_USE: WeakValueDictionary[str, Learned] = WeakValueDictionary()
"""By version, the hash of its bytes, what any desk of this process has read and still has."""

Build = Callable[[Playbook, Learned | None], Knowledge]


@dataclass(slots=True)
class _Kept:
    knowledge: Knowledge
    playbook: str
    learned: str | None
    looked: float
    trusted: float = -TRUST_S


class Shelf:
    """Asks the database once a second, not once a message, which versions are in force."""

    def __init__(self, playbooks: Playbooks, learning: Learning, build: Build) -> None:
        self._playbooks = playbooks
        self._learning = learning
        self._build = build
        self._kept: dict[str, _Kept] = {}
        self._read: dict[str, tuple[str, Learned]] = {}
        self._looks: Flights[Knowledge] = Flights()
        self._given_back = time.monotonic()

    async def of(self, account: str) -> Knowledge:
        """Raises MissingError for an account without a playbook."""
        kept = self._kept.get(account)
        if kept is not None and time.monotonic() - kept.looked < LOOK_S:
            return kept.knowledge
        return await self._looks.join(account, lambda: self._look(account))

    async def learned_fits(self, account: str) -> bool:
        """Whether what was learned can be read by this program, and belongs to the playbook in force unless a
        person holds it."""
        learned = await self._learned(account)
        playbook = await self._playbooks.active(account)
        if learned is None:
            return False
        return learned.playbook_version == playbook.version or (await self._learning.state(account)).held_by is not None

    def forget(self) -> None:
        """Looks anew at the next message, whatever the time."""
        for kept in self._kept.values():
            kept.looked, kept.trusted = 0.0, -TRUST_S

    async def _look(self, account: str) -> Knowledge:
        """Once for all messages that come in together: what was learned takes megabytes each time it is loaded."""
        kept = self._kept.get(account)
        playbook = await self._playbooks.active(account)
        version = await self._learning.active_version(account)
        if kept is None or (kept.playbook, kept.learned) != (playbook.version, version):
            knowledge = self._build(playbook, await self._learned(account))
            self._kept[account] = kept = _Kept(knowledge, playbook.version, version, 0.0)
        kept.looked = time.monotonic()
        if kept.looked - self._given_back >= GIVEN_BACK_EVERY_S:
            self._given_back = kept.looked
            asyncio.get_running_loop().run_in_executor(None, give_back)
        if kept.knowledge.asking is not None and kept.looked - kept.trusted >= TRUST_S:
            kept.knowledge = replace(kept.knowledge, trust=await self._learning.trust(account))
            kept.trusted = kept.looked
        return kept.knowledge

    async def _learned(self, account: str) -> Learned | None:
        """None where nothing was learned, or a bundle is of another layout: `learn` makes a new one.

        Read once a version: it takes half a second, and a start asks twice."""
        version = await self._learning.active_version(account)
        known = self._read.get(account)
        if known is not None and known[0] == version:
            return known[1]
        if version is None:
            return None
        learned = _IN_USE.get(version)
        if learned is None:
            found = await self._learning.active(account)
            if found is None:
                return None
            version, stored = found
            try:
                learned = await asyncio.to_thread(Learned.from_bytes, stored)
            except StaleError:
                return None
            _IN_USE[learned.version] = learned
        self._read[account] = (version, learned)
        return learned
