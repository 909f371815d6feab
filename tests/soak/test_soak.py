"""The verdict of a soak: what it says of a series that grows, that does not, and of one that tells neither."""

import os
import random
from contextlib import ExitStack
from pathlib import Path

import pytest

from service.storage.database import Database
from service.storage.migrate import migrate
from tests.soak.slopes import slope_of
from tests.soak.watch import sample

HOURS = [minute / 60 for minute in range(45)]


def series(an_hour: float, noise: float) -> list[float]:
    """Each value a little like the one before."""
    chance, value, found = random.Random(4), 0.0, []
    for at in HOURS:
        value = 0.5 * value + chance.gauss(0, noise)
        found.append(1_000 + an_hour * at + value)
    return found


@pytest.mark.parametrize(
    ("an_hour", "noise", "verdict"),
    [(0, 1, "steady"), (100, 1, "grows"), (-100, 1, "steady"), (60, 60, "cannot tell")],
)
def test_the_verdict_goes_by_the_interval_of_the_slope(an_hour: float, noise: float, verdict: str) -> None:
    slope = slope_of(HOURS, series(an_hour, noise))
    assert slope.low <= slope.middle <= slope.high
    assert slope.verdict(bearable=20) == verdict


def test_one_jump_is_no_growth() -> None:
    values = series(0, 1)
    assert slope_of(HOURS, [*values[:40], *(value + 500 for value in values[40:])]).verdict(bearable=20) != "grows"


def test_too_few_samples_have_no_slope() -> None:
    with pytest.raises(ValueError, match="too few"):
        slope_of(HOURS[:9], HOURS[:9])


def test_a_sample_tells_what_a_process_holds(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'aiguilleur.db'}")
    migrate(database)
    before = sample(os.getpid(), tmp_path / "aiguilleur.db", 0)
    with ExitStack() as held:
        for number in range(20):
            held.enter_context((tmp_path / str(number)).open("w"))
        after = sample(os.getpid(), tmp_path / "aiguilleur.db", 1)
    assert after.files >= before.files + 15
    assert after.memory_mb >= after.own_mb > 0
    assert (after.threads > 0, after.messages, after.database_mb > 0) == (True, 0, True)
    database.close()
