"""Learning: the voters fitted anew from what people confirmed, every version kept."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.desk.clock import Clock, utc_now
from service.desk.playbooks import Playbooks
from service.domain.answers import CannedAnswer
from service.domain.playbook import Playbook
from service.errors import MissingError
from service.storage import answers, confirmed, learned
from service.storage.confirmed import Lesson
from service.storage.database import Database, Transaction
from service.storage.learned import BundleVersion


@dataclass(frozen=True, slots=True)
class Fitted:
    """A bundle as bytes; `version` is the hash of its content, `metrics` what is said about it."""

    version: str
    content: bytes
    metrics: dict[str, Any]


Fit = Callable[[Playbook, Sequence[Lesson], Sequence[CannedAnswer]], Fitted]
"""Fits the learned voters (`service.learning`); run in a thread."""


class Learning:
    def __init__(self, database: Database, playbooks: Playbooks, fit: Fit, clock: Clock = utc_now) -> None:
        self._database = database
        self._playbooks = playbooks
        self._fit = fit
        self._clock = clock

    async def learn(self, account: str, by: str) -> BundleVersion:
        """Fits anew and puts the result in force; the same data give the version that is there. Raises MissingError."""
        playbook = await self._playbooks.active(account)
        lessons, library = await self._database.read(_material, account)
        fitted = await asyncio.to_thread(self._fit, playbook, lessons, library)
        bundle = BundleVersion(fitted.version, self._clock(), True, playbook.version, fitted.metrics)
        await self._database.write(_keep, account, bundle, fitted.content, by)
        return bundle

    async def active(self, account: str) -> tuple[str, bytes] | None:
        """Version and bytes of the bundle in force, or None where nothing was learned."""
        return await self._database.read(_active, account)

    async def active_version(self, account: str) -> str | None:
        return await self._database.glance(learned.active_version, account)

    async def list(self, account: str) -> list[BundleVersion]:
        """Newest first."""
        return await self._database.read(learned.versions, account)

    async def activate(self, account: str, version: str, by: str) -> None:
        """Brings a version back. Raises MissingError."""
        await self._database.write(_activate, account, version, by, self._clock())


def _material(transaction: Transaction, account: str) -> tuple[list[Lesson], list[CannedAnswer]]:
    return confirmed.lessons(transaction, account), answers.library(transaction, account)


def _keep(transaction: Transaction, account: str, bundle: BundleVersion, content: bytes, by: str) -> None:
    learned.add(transaction, account, bundle, content, by)
    learned.activate(transaction, account, bundle.version, by, bundle.created_at)


def _active(transaction: Transaction, account: str) -> tuple[str, bytes] | None:
    version = learned.active_version(transaction, account)
    content = learned.content(transaction, account, version) if version else None
    return (version, content) if version and content is not None else None


def _activate(transaction: Transaction, account: str, version: str, by: str, now: datetime) -> None:
    if learned.content(transaction, account, version) is None:
        raise MissingError(f"The account {account} has no learned version {version}.")
    learned.activate(transaction, account, version, by, now)
