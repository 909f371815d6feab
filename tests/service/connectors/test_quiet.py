"""Nobody but the configured model hears of a message, whatever the environment asks for."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.loopback_model import LoopbackModel

TALKATIVE = {
    "LANGSMITH_TRACING": "true",
    "LANGSMITH_TRACING_V2": "true",
    "LANGCHAIN_TRACING_V2": "true",
    "LANGSMITH_API_KEY": "lsv2_x",
    "LANGCHAIN_API_KEY": "lsv2_x",
    "LANGSMITH_ENDPOINT": "https://traces.invalid",
    "LANGFUSE_PUBLIC_KEY": "pk",
    "LANGFUSE_SECRET_KEY": "sk",
    "LITELLM_LOCAL_MODEL_COST_MAP": "False",
    "LITELLM_TELEMETRY": "True",
    "LITELLM_MODE": "DEV",
    "HF_HUB_OFFLINE": "0",
}


@pytest.fixture(scope="module")
def server() -> Iterator[LoopbackModel]:
    with LoopbackModel() as running:
        yield running


@pytest.fixture(scope="module")
def told(server: LoopbackModel, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a process of its own says that it did."""
    data = str(tmp_path_factory.mktemp("data"))
    run = subprocess.run(
        [sys.executable, "-m", "tests.service.connectors.quiet_run", server.base, data],
        env={**os.environ, **TALKATIVE},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    said: dict[str, Any] = json.loads(run.stdout)
    return said


def test_nothing_but_the_configured_server_is_contacted(server: LoopbackModel, told: dict[str, Any]) -> None:
    assert told["failure"] is None
    expected = {f"connect 127.0.0.1:{server.port}", f"lookup 127.0.0.1:{server.port}"}
    assert f"connect 127.0.0.1:{server.port}" in told["contacted"]
    assert set(told["contacted"]) <= expected


def test_the_encoding_that_litellm_counts_in_is_loaded_only_when_something_is_counted(told: dict[str, Any]) -> None:
    assert not told["spare_encoding"]
    assert told["counted"] == 4
