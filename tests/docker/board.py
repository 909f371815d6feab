"""The dashboard, read and written again by Grafana's own types: whatever they do not know, or change, is named.

Run where Grafana's SDK is (`make manifests`): python tests/docker/board.py; exit code 1 where anything is named."""

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

BOARD = Path(__file__).resolve().parents[2] / "docker" / "grafana" / "aiguilleur.json"


def lost(given: Any, kept: Any, path: str = "") -> Iterator[str]:
    """Paths of what is in `given` and not the same in `kept`, which may have more."""
    if isinstance(given, dict) and isinstance(kept, dict):
        for name, value in given.items():
            yield from lost(value, kept.get(name), f"{path}/{name}")
    elif isinstance(given, list) and isinstance(kept, list) and len(given) == len(kept):
        for number, (one, other) in enumerate(zip(given, kept, strict=True)):
            yield from lost(one, other, f"{path}/{number}")
    elif given != kept or type(given) is not type(kept):
        yield path


def main() -> int:
    types = importlib.import_module("grafana_foundation_sdk.models.dashboard")
    encoder = importlib.import_module("grafana_foundation_sdk.cog.encoder")
    given = json.loads(BOARD.read_text("utf-8"))
    kept = json.loads(encoder.JSONEncoder().encode(types.Dashboard.from_json(given)))
    found = list(lost(given, kept))
    sys.stdout.write("".join(f"{BOARD.name}: {path}\n" for path in found))
    sys.stdout.write(f"{BOARD.name}: {len(found)} fields that Grafana does not know\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
