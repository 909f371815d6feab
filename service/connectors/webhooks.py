"""Posts deliveries, signed as the Standard Webhooks specification 1.0 has it (github.com/standard-webhooks)."""

import asyncio
import base64
import hmac
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ssl import SSLContext
from typing import Any

from service.connectors.targets import Target, Targets
from service.domain.webhook import Answer, Parcel
from service.errors import RefusedError

PREFIX = "whsec_"
SECRET_BYTES = 32
LONGEST_RETRY_AFTER_S = 4 * 3600.0
MOST_ADDRESSES = 3
"""Of a name, tried in turn where nothing listens."""


def new_webhook_secret() -> str:
    """`whsec_` and 32 random bytes in base64, as the specification writes secrets."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed(parcel: Parcel, at: datetime) -> dict[str, str]:
    """The headers that prove who sent it and when: HMAC-SHA-256 over `id.timestamp.body`, in base64."""
    timestamp = str(int(at.timestamp()))
    key = base64.b64decode(parcel.secret.removeprefix(PREFIX))
    proof = hmac.digest(key, f"{parcel.id}.{timestamp}.{parcel.payload}".encode(), "sha256")
    return {
        "webhook-id": parcel.id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(proof).decode()}",
    }


class Poster:
    """Never raises for what an endpoint does: whatever it is, it is an Answer with a code. Follows no redirect, reads
    no answer's body, uses no proxy, and takes `timeout_s` at most, resolving included. `trust`: which certificates are
    believed; those that are public, where it is None."""

    def __init__(self, targets: Targets, timeout_s: float = 15.0, trust: SSLContext | None = None) -> None:
        self._targets = targets
        self._timeout_s = timeout_s
        self._trust = trust

    async def __call__(self, parcel: Parcel, at: datetime) -> Answer:
        try:
            async with asyncio.timeout(self._timeout_s):
                target = self._targets.check(parcel.url)
                addresses = await self._targets.addresses(target)
                return await self._posted(target, addresses[:MOST_ADDRESSES], parcel, signed(parcel, at))
        except TimeoutError:
            return Answer(error="timeout")
        except RefusedError:
            return Answer(error="refused_target")
        except (OSError, UnicodeError):
            return Answer(error="unknown_host")

    async def _posted(self, target: Target, addresses: list[str], parcel: Parcel, headers: Mapping[str, str]) -> Answer:
        httpx = await asyncio.to_thread(_loaded)
        if self._trust is None:
            self._trust = await asyncio.to_thread(httpx.create_ssl_context)
        for address in addresses:
            try:
                return await _post(target, address, parcel, headers, self._trust)
            except httpx.ConnectError:
                continue
            except httpx.HTTPError as error:
                return Answer(error=f"broken_answer: {type(error).__name__}")
        return Answer(error="no_connection")


async def _post(target: Target, address: str, parcel: Parcel, headers: Mapping[str, str], trust: Any) -> Answer:
    """To that address, under the target's name: in the Host header, in the TLS handshake and in the certificate."""
    import httpx  # noqa: PLC0415 - 0.15 s that only a delivery should cost

    place = f"[{address}]" if ":" in address else address
    sent = {"content-type": "application/json", "user-agent": "Aiguilleur", "host": target.authority, **headers}
    async with httpx.AsyncClient(verify=trust, timeout=None, trust_env=False, follow_redirects=False) as client:  # noqa: S113 - the caller's timeout bounds all of it
        request = client.build_request(
            "POST",
            f"{target.scheme}://{place}:{target.port}{target.path}",
            content=parcel.payload.encode(),
            headers=sent,
            extensions={"sni_hostname": target.host},
        )
        response = await client.send(request, stream=True)
        await response.aclose()
    return _answer(response.status_code, response.headers.get("retry-after"))


def _loaded() -> Any:
    import httpx  # noqa: PLC0415

    return httpx


def _answer(status: int, retry_after: str | None) -> Answer:
    if 200 <= status < 300:
        return Answer(status=status)
    error = "redirected" if 300 <= status < 400 else "refused" if status < 500 else "failed"
    return Answer(status=status, error=error, retry_after_s=_seconds(retry_after))


def _seconds(retry_after: str | None) -> float | None:
    """Of seconds or an HTTP date (RFC 9110, section 10.2.3); None where it is neither."""
    if retry_after is None:
        return None
    try:
        wanted = float(int(retry_after)) if retry_after.strip().isdigit() else _until(retry_after)
    except (ValueError, OverflowError):
        return None
    return min(max(0.0, wanted), LONGEST_RETRY_AFTER_S)


def _until(date: str) -> float:
    moment = parsedate_to_datetime(date)
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
