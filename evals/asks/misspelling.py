"""What misspelt words change: the same messages triaged as they are and with a share of their words misspelt, by ear
(`misspelling.yaml`) or by a slip of the keyboard."""

import asyncio
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import ascii_lowercase

from evals.account import halves
from evals.harness.workbench import Material, desk_with
from evals.measures import micro_f1
from service.domain.confirmed import Confirmed
from service.domain.triage import Triage
from service.pipeline.knowledge import Knowledge
from service.pipeline.run import triage
from service.settings import Settings
from service.storage.ids import new_id
from service.yaml_file import read_yaml

SHARES = (0.1, 0.25, 0.5)
"""Of a message's words."""
COLUMNS = ("right", "first three", "routed", "wrong", "flags F1")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
Way = Callable[[str, random.Random], str]


@dataclass(frozen=True, slots=True)
class Concluded:
    """What was found of one message beside what it is labelled."""

    right: bool
    among_three: bool
    routed: bool
    flags: frozenset[str]
    labelled: frozenset[str]


def by_ear(word: str, chance: random.Random) -> str:
    """Misspelt by one rule that fits; itself where none does."""
    low = word.lower()
    fitting = [(pattern, written) for pattern, written in _rules() if pattern.search(low)]
    if not fitting:
        return word
    pattern, written = chance.choice(fitting)
    place = chance.choice(list(pattern.finditer(low)))
    return low[: place.start()] + place.expand(written) + low[place.end() :]


def by_hand(word: str, chance: random.Random) -> str:
    """One letter left out, doubled, wrong, or changed places with the next one, anywhere in a word of three or more."""
    if len(word) < 3:
        return word
    at = chance.randrange(len(word))
    before, letter, after = word[:at], word[at], word[at + 1 :]
    return chance.choice(
        (
            before + after,
            before + letter * 2 + after,
            before + chance.choice(ascii_lowercase) + after,
            before + after[:1] + letter + after[1:],
        )
    )


WAYS: Mapping[str, Way] = {"by ear": by_ear, "by hand": by_hand}


@lru_cache(maxsize=1)
def _rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(found), written) for found, written in read_yaml(Path(__file__).with_suffix(".yaml")))


def misspelt(body: str, way: str, share: float, seed: str) -> str:
    """Same seed, same text."""
    chance = random.Random(f"{seed} {way} {share}")  # noqa: S311 - nothing secret
    return _WORD.sub(lambda found: WAYS[way](found[0], chance) if chance.random() < share else found[0], body)


def measured(material: Material, settings: Settings) -> dict[tuple[str, float], list[Concluded]]:
    """By way and share, of the account's messages with even numbers, learned from those with odd ones."""
    known, asked = halves(material.history)
    with desk_with(material, known, settings) as desk:
        return asyncio.run(_measured(asked, asyncio.run(desk.shelf.of(material.playbook.account))))


async def _measured(asked: Sequence[Confirmed], knowledge: Knowledge) -> dict[tuple[str, float], list[Concluded]]:
    ways = [("as they are", 0.0), *((way, share) for way in WAYS for share in SHARES)]
    return {each: [await _concluded(one, *each, knowledge) for one in asked] for each in ways}


async def _concluded(one: Confirmed, way: str, share: float, knowledge: Knowledge) -> Concluded:
    message = one.message.model_copy(update={"account": knowledge.playbook.account})
    if share:
        body = misspelt(message.body, way, share, str(message.external_id))
        message = message.model_copy(update={"body": body})
    return of(one, await triage(message, knowledge, new_id(), message.received_at))


def of(one: Confirmed, told: Triage) -> Concluded:
    best = [each.queue for each in told.alternatives[:3]]
    return Concluded(
        right=best[:1] == [one.queue],
        among_three=one.queue in best,
        routed=told.queue is not None,
        flags=frozenset(told.flags),
        labelled=frozenset(one.flags),
    )


def table(found: Mapping[tuple[str, float], Sequence[Concluded]]) -> Iterator[str]:
    """Shares of the messages; `wrong` of the routed ones; F1 of all flags together."""
    yield f"{'misspelt':12s}{'share':>7s}" + "".join(f"{name:>13s}" for name in COLUMNS)
    for (way, share), told in found.items():
        routed = [one for one in told if one.routed]
        values = (
            sum(one.right for one in told) / len(told),
            sum(one.among_three for one in told) / len(told),
            len(routed) / len(told),
            sum(not one.right for one in routed) / max(1, len(routed)),
            micro_f1([(one.flags, one.labelled) for one in told]),
        )
        yield f"{way:12s}{share:7.2f}" + "".join(f"{value:13.3f}" for value in values)
