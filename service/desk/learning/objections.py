"""What speaks against learning a correction: then it is contested, and a lead decides (docs/adr/0008)."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from service.domain.candidates import Neighbour
from service.domain.correction import Objection
from service.domain.playbook import Playbook, Precedence
from service.domain.redacted import Redacted
from service.pipeline.recall import search_text
from service.pipeline.remember import per_playbook
from service.pipeline.votes.keywords import hits_by_queue, keyword_hits
from service.playbooks.matcher import KeywordMatcher
from service.ports import Search
from service.storage import confirmed, learned
from service.storage.confirmed import Lesson
from service.storage.database import Database, Transaction

LOOKED_AT = 20
"""How many of the nearest confirmed messages are looked at."""
NEAR = 0.5
"""Similarity from which a confirmed message is of the same kind, where no fit has measured it yet."""
FEWEST = 3
"""Near messages of different senders that must agree on another queue, none of them on the corrected one."""
AGREEMENT = 0.8
STRONG = 4.0
"""Keyword weight of a queue that the playbook puts first. Of 660 unread messages of the reference account 0.3 % would
be contested under their right queue; of the 60 about a complaint or a death, 78 % under a wrong one."""

_matcher = per_playbook(KeywordMatcher)


class Object(Protocol):
    """Says what speaks against a correction of `by`'s, given the message's own id among confirmed ones."""

    async def __call__(
        self, redacted: Redacted, playbook: Playbook, queue: str, by: str, own_id: str
    ) -> tuple[Objection, ...]: ...


class Objections:
    """An `Object` over the account's confirmed messages and its playbook."""

    def __init__(self, database: Database, search: Search) -> None:
        self._database = database
        self._search = search

    async def __call__(
        self, redacted: Redacted, playbook: Playbook, queue: str, by: str, own_id: str
    ) -> tuple[Objection, ...]:
        account = playbook.account
        nearest = await self._search.neighbours(account, search_text(redacted), LOOKED_AT, own_id)
        near, lessons = await self._database.read(_near, account, nearest)
        by_policy = await asyncio.to_thread(against_policy, redacted, playbook, queue)
        found = (by_policy, against_neighbours(near, lessons, queue, by))
        return tuple(one for one in found if one is not None)


def against_neighbours(
    near: Sequence[Neighbour], lessons: Mapping[str, Lesson], queue: str, by: str
) -> Objection | None:
    """`near` confirmed messages that agree on another queue. Each sender and each text has one voice; what the
    same person said before is not held against him: he may change his mind."""
    voices = _voices(near, lessons, by)
    counted = Counter(voices.values())
    if not counted or counted[queue]:
        return None
    agreed, count = counted.most_common(1)[0]
    if count < max(FEWEST, AGREEMENT * len(voices)):
        return None
    return Objection(kind="neighbours", queue=agreed, refs=tuple(key for key in voices if voices[key] == agreed))


def against_policy(redacted: Redacted, playbook: Playbook, queue: str) -> Objection | None:
    """A queue that wins over the corrected one by the playbook, or that must not be missed, and whose keywords
    speak strongly while none of the corrected queue's does."""
    matcher = _matcher(playbook)
    said = hits_by_queue(redacted, matcher)
    if said.get(queue, 0.0) > 0:
        return None
    strong = [other for other in _first(playbook, queue) if said.get(other, 0.0) >= STRONG]
    if not strong:
        return None
    best = max(strong, key=lambda other: said[other])
    hits = keyword_hits(redacted, matcher)
    refs = [hit.expression for hit in hits if hit.kind == "queue" and hit.owner == best and hit.weight > 0]
    return Objection(kind="policy", queue=best, refs=tuple(refs))


def _near(
    transaction: Transaction, account: str, nearest: Sequence[Neighbour]
) -> tuple[list[Neighbour], dict[str, Lesson]]:
    active = learned.active_version(transaction, account)
    bundle = learned.find(transaction, account, active) if active else None
    least = (bundle.metrics.get("near") if bundle else None) or NEAR
    near = [one for one in nearest if one.similarity >= least]
    known = confirmed.lessons(transaction, account, [one.id for one in near]) if near else []
    return near, {lesson.id: lesson for lesson in known}


def _voices(near: Sequence[Neighbour], lessons: Mapping[str, Lesson], by: str) -> dict[str, str]:
    """Queue by id of those that count, the nearest first."""
    heard: set[str] = set()
    voices: dict[str, str] = {}
    for one in near:
        lesson = lessons.get(one.id)
        if lesson is None or (lesson.source != "import" and lesson.by == by):
            continue
        sender = lesson.confirmed.message.sender
        marks = {f"text {one.text}", f"sender {(sender.address or sender.name or one.id).casefold()}"}
        if not marks & heard:
            voices[one.id] = lesson.confirmed.queue
        heard |= marks
    return voices


def _first(playbook: Playbook, queue: str) -> Iterable[str]:
    """Queues that go before this one: by the first rule that names both, or because they must not be missed."""
    for other in playbook.queues:
        if other.id == queue:
            continue
        winner = next((rule.winner for rule in playbook.precedence if _settles(rule, queue, other.id)), None)
        if winner == other.id or (winner is None and other.must_not_miss and not playbook.queue(queue).must_not_miss):
            yield other.id


def _settles(rule: Precedence, one: str, other: str) -> bool:
    return any(
        rule.winner == winner and ("*" in rule.over or loser in rule.over)
        for winner, loser in ((one, other), (other, one))
    )
