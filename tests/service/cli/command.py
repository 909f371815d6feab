"""`aiguilleur` as a process of its own, with a data folder and nothing else from the environment."""

import os
import subprocess
import sys
from pathlib import Path

COMMAND = [sys.executable, "-m", "service"]
ROOT = Path(__file__).resolve().parents[3]


def environment(data: Path, **settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AIGUILLEUR_")}
    given = {f"AIGUILLEUR_{name.upper()}": value for name, value in settings.items()}
    return kept | given | {"AIGUILLEUR_DATA": str(data), "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}


def started(data: Path, *arguments: str | Path, before: str = "", **settings: str) -> "subprocess.Popen[str]":
    """Runs on, in a session of its own, and in the data folder, where no `.env` is. Python looks for what it loads in
    the folder `before` first."""
    known = environment(data, **settings)
    found = known | {"PYTHONPATH": f"{before}{os.pathsep}{known['PYTHONPATH']}"} if before else known
    return subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        env=found,
        cwd=data,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def ran(data: Path, *arguments: str | Path, **settings: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        env=environment(data, **settings),
        cwd=data,
        text=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=150,
    )
