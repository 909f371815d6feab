"""What was started by a process that is gone."""

import subprocess
import sys

CHILD = """
import sys
from service.lifeline import end_with_parent

end_with_parent()
print("watching", flush=True)
sys.stdin.read()
"""
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {CHILD!r}])"


def test_a_process_ends_with_the_one_that_started_it_even_if_that_is_killed() -> None:
    """Both hold the same pipe open: it ends when both are gone."""
    with subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"watching\n"
        parent.kill()
        assert parent.stdout.read() == b""


STUCK = """
import asyncio, threading
from service.lifeline import end_within

async def main():
    asyncio.get_running_loop().run_in_executor(None, threading.Event().wait)
    end_within(0.3)

asyncio.run(main())
"""


def test_a_process_that_was_told_to_stop_waits_for_no_thread_without_end() -> None:
    assert subprocess.run([sys.executable, "-c", STUCK], check=False, timeout=60).returncode == 0
