"""A provider of single sign-on whose keys are none is not believed; nothing else comes of it."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from service.connectors.single_sign_on import OpenIdProvider
from service.errors import RefusedError


class Provider(ThreadingHTTPServer):
    """Gives a token that nobody can verify, for its keys are `keys`."""

    def __init__(self, keys: Any) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        ends = {name: f"{self.issuer}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
        self.told = {
            "/.well-known/openid-configuration": {"issuer": self.issuer, **ends},
            "/token_endpoint": {"access_token": "a", "token_type": "Bearer", "id_token": "e30.e30.e30"},
            "/jwks_uri": keys,
        }


class Answering(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        body = json.dumps(self.server.told[self.path]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_: Any) -> None:
        """Tells nobody."""


@pytest.fixture(params=[{}, {"keys": None}, {"keys": []}, {"keys": [{"kty": "RSA"}]}], ids=str)
def issuer(request: pytest.FixtureRequest) -> Iterator[str]:
    with Provider(request.param) as provider:
        Thread(target=provider.serve_forever, daemon=True).start()
        yield provider.issuer
        provider.shutdown()


async def test_keys_that_are_none_are_not_believed(issuer: str) -> None:
    with pytest.raises(RefusedError, match="its token does not hold"):
        await OpenIdProvider(issuer, "aiguilleur", "s3").claims("code", "http://here/back", "nonce", "v" * 43)
