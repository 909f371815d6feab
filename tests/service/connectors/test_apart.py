"""A process that thinks apart ends with whoever started it, at whatever moment."""

import asyncio
import sys
import time
from pathlib import Path

import pytest

from service.connectors.apart import run_apart

DEAF = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(120)"
"""Never reads what it is given."""


async def still_wanted() -> bool:
    return True


def test_one_that_does_not_read_what_it_is_given_ends_too(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    command = [sys.executable, "-c", DEAF, str(told)]
    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(run_apart(command, b"x" * 5_000_000, still_wanted, 60), 3))
    end = time.monotonic() + 10
    while Path(f"/proc/{told.read_text()}").exists():
        assert time.monotonic() < end
        time.sleep(0.02)
