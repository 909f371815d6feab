"""A process that is told to stop in the middle of slow work."""

import asyncio
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.faults.count import counted
from tests.faults.crew import ready
from tests.faults.scenes import ASKS
from tests.faults.stage import staged

pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.timeout(300)]

PROMISED_S = 10.0
FOREVER_S = 600.0


async def test_it_is_gone_within_ten_seconds_and_what_it_had_begun_is_done_by_the_next_at_once(tmp_path: Path) -> None:
    """The model answers in ten minutes, and so long are leases: only what was given back is done in time."""
    ready(model=True)
    waits = dict.fromkeys(("lease_s", "model_timeout_s", "model_deadline_s"), FOREVER_S)
    given: dict[str, Any] = {"engine": "model", **ASKS, **waits}
    async with staged(tmp_path, urls=("",), **given) as stage:
        stage.model.latency_s = FOREVER_S
        await stage.send(6)
        async with asyncio.timeout(60):
            while not stage.model.in_flight:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        (place,) = stage.places
        began = time.monotonic()
        place.kill(signal.SIGTERM)
        async with asyncio.timeout(60):
            while not place.deaths:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        took_s = time.monotonic() - began
        stage.model.latency_s = 0.0
        await stage.all_told(patience_s=60)
        count = counted(stage)
    assert took_s < PROMISED_S
    assert (count.accepted, count.lost, count.doubled) == (6, 0, 0)
