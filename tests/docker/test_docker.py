"""What can be held of the container without an engine: its files are linted and its entry script runs."""

import json
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

DOCKER = Path(__file__).resolve().parents[2] / "docker"
BIN = Path(sys.executable).parent


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    everything = os.environ | environment
    called = [str(part) for part in command]
    return subprocess.run(called, check=False, capture_output=True, text=True, timeout=60, env=everything)


def test_the_dockerfile_passes_its_linter() -> None:
    linted = run(BIN / "hadolint", DOCKER / "Dockerfile")
    assert (linted.returncode, linted.stdout) == (0, "")


def test_the_compose_file_follows_the_compose_specification() -> None:
    checked = run(BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", DOCKER / "compose.yaml")
    assert checked.returncode == 0, checked.stdout


def test_the_container_does_not_run_as_root() -> None:
    users = [line for line in (DOCKER / "Dockerfile").read_text().splitlines() if line.startswith("USER ")]
    assert users == ["USER 10001:10001"]


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """A folder with an `aiguilleur` that prints how it was called."""
    command = tmp_path / "aiguilleur"
    command.write_text('#!/bin/sh\necho "$@"\n')
    command.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "called"),
    [
        ([], "serve --host 0.0.0.0 --port 8000"),
        (["serve", "--help"], "serve --host 0.0.0.0 --port 8000 --help"),
        (["doctor"], "doctor"),
        (["aiguilleur", "key", "list"], "key list"),
    ],
)
def test_the_entry_script_passes_on_what_was_asked(recorded: Path, arguments: list[str], called: str) -> None:
    path = f"{recorded}:{os.environ['PATH']}"
    ended = run("sh", DOCKER / "entrypoint.sh", *arguments, PATH=path, AIGUILLEUR_DATA=str(recorded))
    assert ended.stdout.strip() == called


def test_the_health_check_asks_where_the_settings_have_it_listen(tmp_path: Path) -> None:
    class Alive(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/healthz" else 404)
            self.end_headers()

    (check,) = re.findall(r"HEALTHCHECK .*\n +CMD (\[.*\])", (DOCKER / "Dockerfile").read_text())
    entry, *arguments = json.loads(check)
    assert entry == "entrypoint"
    with HTTPServer(("127.0.0.1", 0), Alive) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        given = {"AIGUILLEUR_PORT": str(server.server_port), "AIGUILLEUR_DATA": str(tmp_path)}
        given["PATH"] = f"{BIN}:{os.environ['PATH']}"
        assert run("sh", DOCKER / "entrypoint.sh", *arguments, **given).returncode == 0
        server.shutdown()
    assert run("sh", DOCKER / "entrypoint.sh", *arguments, **given).returncode != 0


def test_the_entry_script_says_when_the_data_folder_is_missing(recorded: Path) -> None:
    ended = run("sh", DOCKER / "entrypoint.sh", "serve", AIGUILLEUR_DATA=str(recorded / "nowhere"))
    assert ended.returncode == 2
    assert "mount a volume" in ended.stderr
