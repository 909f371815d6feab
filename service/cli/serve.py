"""`aiguilleur serve`: the API, with a key to try it."""

import asyncio
import json
from pathlib import Path

import click
import uvicorn

from service.api.app import create_app
from service.cli.options import settings_for
from service.settings import PROMPTS
from service.wiring import Desk, open_desk

STOP_S = 10


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def serve(host: str, port: int) -> None:
    """Serve the API. A first start imports the reference account and makes a key to try it with."""
    desk = open_desk(settings_for())
    key = asyncio.run(_key_to_try(desk))
    click.echo(_banner(f"http://{host}:{port}", key), err=True)
    config = uvicorn.Config(
        create_app(desk),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_S,
    )
    uvicorn.Server(config).run()


async def _key_to_try(desk: Desk) -> str | None:
    """The key in `first-key` of the data folder, made at the first start; None once somebody has revoked it."""
    file: Path = desk.settings.data / "first-key"
    if file.exists():
        secret = file.read_text().strip()
        return secret if await desk.keys.verify(secret) else None
    if await desk.keys.list():
        return None
    _, secret = await desk.keys.create("first key", "admin", by="serve")
    file.touch(mode=0o600)
    file.write_text(f"{secret}\n")
    return secret


def _banner(address: str, key: str | None) -> str:
    lines = [f"Aiguilleur listens on {address}  (documentation: {address}/docs)"]
    if key:
        message = json.loads((PROMPTS / "examples" / "curl.json").read_text("utf-8"))
        lines += [
            f"Sign in with the key  {key}",
            "Try it:",
            f"  curl -s {address}/v1/triage -H 'Authorization: Bearer {key}' "
            f"-H 'Content-Type: application/json' -d '{json.dumps(message, ensure_ascii=False)}'",
        ]
    else:
        lines.append("Sign in with a key: aiguilleur key create --name me --scope admin")
    return "\n".join(lines)
