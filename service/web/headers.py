"""What every page tells the browser: nothing from elsewhere, no script but ours, in nobody's frame."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
CONTENT = "Content-Security-Policy"
"""A page that is not made from our templates brings a stricter one of its own."""
HEADERS = {
    CONTENT: POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
SECURE = {"Strict-Transport-Security": "max-age=31536000"}
UNCACHED = "no-store"
"""Pages hold customers' words: nothing of them stays in a browser's cache."""


class Headers:
    """ASGI middleware around everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                own = headers.get(CONTENT)
                headers.update(HEADERS | (SECURE if scope.get("scheme") == "https" else {}))
                headers[CONTENT] = own or POLICY
                headers.setdefault("Cache-Control", UNCACHED)
            await send(message)

        await self._app(scope, receive, headed)
