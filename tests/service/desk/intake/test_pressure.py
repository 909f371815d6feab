"""Too much at once is refused before it costs anything, with the time to come back after."""

from collections.abc import Callable

import pytest

from service.desk.intake.pressure import KNOWN_S, UNKNOWN_S, Backpressure, Gate, Rates
from service.desk.intake.receiving import Intake
from service.desk.intake.triage import TriageDesk
from service.errors import BusyError
from service.storage.database import Database
from tests.service.samples import NOW, a_message


class Timer:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def timer() -> Timer:
    return Timer()


def refused(ask: Callable[[], object]) -> BusyError:
    with pytest.raises(BusyError) as caught:
        ask()
    assert caught.value.problems
    return caught.value


async def test_a_full_backlog_refuses_until_there_is_room(
    database: Database, club: str, triage_desk: TriageDesk, timer: Timer
) -> None:
    intake = Intake(database, lambda: None, pressure=Backpressure(database, 10, timer, lambda: NOW))
    ids = [(await intake.receive(a_message(f"m-{n}"))).id for n in range(10)]
    with pytest.raises(BusyError) as caught:
        await intake.receive(a_message("m-10"))
    assert caught.value.retry_after == UNKNOWN_S
    for one in ids[:6]:
        await triage_desk.finish(one)
    timer.now += KNOWN_S + 0.1
    for n in range(10, 16):
        await intake.receive(a_message(f"m-{n}"))
    with pytest.raises(BusyError) as caught:
        await intake.receive(a_message("m-16", account=club))
    assert caught.value.retry_after == 10  # one message above nine tenths of the bound, at six a minute


def test_a_gate_lets_so_many_through_at_a_time_and_says_how_long_one_takes(timer: Timer) -> None:
    gate = Gate(2, timer)
    for _ in range(50):
        with gate.entered():
            timer.now += 4.0
    with gate.entered(), gate.entered():
        assert refused(lambda: gate.entered().__enter__()).retry_after == 4
    with gate.entered():
        pass


def test_a_key_has_a_rate_and_a_burst_of_its_own(timer: Timer) -> None:
    rates = Rates(0.5, 3, timer)
    for _ in range(3):
        rates.take("one")
    assert refused(lambda: rates.take("one")).retry_after == 2
    rates.take("other")
    timer.now += 2.0
    rates.take("one")
    refused(lambda: rates.take("one"))
    for _ in range(1_000):
        Rates(0, 1, timer).take("one")
