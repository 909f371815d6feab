"""A real OpenID provider in a process of its own on loopback, with people whose groups are known."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx2


@contextmanager
def provider(**people: Mapping[str, Any]) -> Iterator[str]:
    """Its issuer. `people`: the claims of each, by subject."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "oidc_provider_mock",
        "--port",
        str(port),
        "--require-nonce",
        "true",
    ]
    for subject, claims in people.items():
        command += ["--user-claims", json.dumps({"sub": subject} | dict(claims))]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    issuer = f"http://127.0.0.1:{port}"
    try:
        _answers(process, f"{issuer}/.well-known/openid-configuration")
        yield issuer
    finally:
        process.kill()
        process.wait(10)


def _answers(process: "subprocess.Popen[bytes]", url: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx2.get(url, trust_env=False, timeout=10).status_code == 200:
                return
        except httpx2.HTTPError:
            time.sleep(0.1)
    raise AssertionError("The provider did not start.")
