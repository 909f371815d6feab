"""The short form of `make fuzz`: what each target starts from, and what its words make of that."""

import random

import pytest

from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_no_target_breaks_a_promise_on_what_it_starts_from_and_its_words_thrown_in(name: str) -> None:
    target, chance = TARGETS[name], random.Random(1)
    target.try_(b"")
    for seed in target.seeds:
        target.try_(seed.encode())
        for _ in range(10):
            cut = chance.randrange(1, len(seed))
            target.try_(f"{seed[:cut]}{chance.choice(target.words)}{seed[cut + chance.randrange(3) :]}".encode())
