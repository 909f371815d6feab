"""Where several processes of one server count together: prometheus_client's own way, a folder of files."""

import os

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""prometheus_client reads it when it is first imported."""


def uncounted() -> dict[str, str]:
    """The environment for a process that counts nothing of its own: it leaves no file in that folder."""
    return {name: value for name, value in os.environ.items() if name != FOLDER}
