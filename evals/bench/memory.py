"""Peak resident memory, as Linux counts it for a process."""

from pathlib import Path


def peak_mb(process: int | str) -> float:
    """The most megabytes (10^6 bytes) that a process (or "self") has held so far; 0 once it has gone."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    kib = next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)
    return kib * 1024 / 1e6


def children(process: int) -> list[int]:
    """The processes that it started and that live."""
    found: list[int] = []
    for listing in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found += map(int, listing.read_text().split())
        except OSError:
            continue
    return found
