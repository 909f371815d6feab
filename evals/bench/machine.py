"""The machine that the figures are from, and whether it had anything else to do."""

import os
import platform
from pathlib import Path

LOAD_A_CORE = 0.5
"""A load average above this many a core, before anything is measured, is somebody else's work."""


def cores() -> int:
    return len(os.sched_getaffinity(0))


def described() -> dict[str, object]:
    return {
        "processor": _processor(),
        "cores": cores(),
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
        "load_average": round(os.getloadavg()[0], 2),
    }


def warning(load: float) -> str:
    """A sentence where the machine is too busy for its figures to be believed; empty where it is not."""
    if load <= LOAD_A_CORE * cores():
        return ""
    return f"The machine is busy (load average {load:.1f} on {cores()} cores): expect worse figures than it can do."


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()
