"""A changed playbook replayed against the one in force, on everything that people confirmed."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from service.domain.answers import CannedAnswer
from service.domain.playbook import Playbook
from service.domain.proof import Gates, Proof
from service.learning.fit_weighed import STEPS, Step
from service.learning.proof import paired, prove
from service.learning.replay import Replayed
from service.learning.split import is_locked
from service.settings import PROMPTS
from service.storage.confirmed import Lesson
from service.storage.trials import Decided
from service.yaml_file import read_yaml

Replay = Callable[[Playbook, Sequence[Lesson], Sequence[CannedAnswer], Step], Sequence[Replayed]]
Tell = Callable[[int], None]
"""Is told how much is done, in percent."""

READ, REPLAYED = 3, 98
"""Percent that are done when the messages are read, and when both replays are."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What is replayed. `known`: what an earlier trial found under the playbook in force, where that is still so."""

    before: Playbook
    after: Playbook
    lessons: Sequence[Lesson]
    library: Sequence[CannedAnswer]
    known: Decided | None = None


@dataclass(frozen=True, slots=True)
class Proven:
    """The proof, and what it rests on: what was decided of each message."""

    proof: Proof
    before: Decided
    after: Decided


class Proving:
    """Half a minute of thinking a playbook for a thousand messages, to be run apart."""

    def __init__(self, replay: Replay, prompts: Path = PROMPTS) -> None:
        self._replay = replay
        self._prompts = prompts

    def __call__(self, ground: Ground, tell: Tell) -> Proven:
        tell(READ)
        middle = READ if ground.known else (READ + REPLAYED) // 2
        before = (
            _loaded(ground.known)
            if ground.known
            else self._replay(ground.before, ground.lessons, ground.library, _steps(tell, READ, middle))
        )
        after = self._replay(ground.after, ground.lessons, ground.library, _steps(tell, middle, REPLAYED))
        tell(REPLAYED)
        senders = {one.id: _sender(one) for one in ground.lessons}
        locked = frozenset(one.id for one in ground.lessons if is_locked(one.confirmed.message))
        proof = prove(paired(before, after, senders, locked), ground.after, load_gates(self._prompts))
        return Proven(proof, _stored(before), _stored(after))


@lru_cache(maxsize=4)
def load_gates(prompts: Path) -> Gates:
    return Gates.model_validate(read_yaml(prompts / "trials" / "gates.yaml"))


def ground_of(lessons: Sequence[Lesson], library: Sequence[CannedAnswer]) -> str:
    """A hash of what is replayed: the same messages, labels and answers give the same."""
    told = [(one.id, one.confirmed.queue, _sender(one), one.redacted.text) for one in lessons]
    given = json.dumps([told, [one.model_dump(mode="json") for one in library]], sort_keys=True)
    return sha256(given.encode()).hexdigest()


def _sender(lesson: Lesson) -> str:
    return lesson.confirmed.message.sender.address.casefold()


def _steps(tell: Tell, first: int, last: int) -> Step:
    done = iter(STEPS)
    so_far = 0.0

    def step() -> None:
        nonlocal so_far
        so_far += next(done, 0.0)
        tell(round(first + (last - first) * min(1.0, so_far)))

    return step


def _stored(decided: Sequence[Replayed]) -> Decided:
    return {one.external_id: list(asdict(one).values())[1:] for one in decided}


def _loaded(decided: Decided) -> list[Replayed]:
    return [Replayed(name, *said) for name, said in decided.items()]
