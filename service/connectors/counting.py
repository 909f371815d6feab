"""Where several processes of one server count together: prometheus_client's own way, a folder of files."""

import os

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""prometheus_client reads it when it is first imported."""


def uncounted() -> dict[str, str]:
    """The environment for a process that counts nothing of its own: it leaves no file in that folder."""
    return {name: value for name, value in os.environ.items() if name != FOLDER}


def ended(pid: int) -> None:
    """What a process of the server told of the present, such as a breaker that is open, went with it; what it counted
    stays."""
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - of no use to one process

    mark_process_dead(pid, os.environ[FOLDER])  # type: ignore[no-untyped-call]
