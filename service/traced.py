"""ASGI: each request as a span, under the trace that its caller names (W3C traceparent)."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.connectors.tracing import Span, Tracing
from service.log import Code, code

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
PROBES = {"/healthz", "/readyz", "/metrics"}
"""Asked every few seconds by whoever watches, and about no message."""


class Traced:
    """Around all doors. The path as declared is told, never the real one: a caller may have put anything into it."""

    def __init__(self, app: ASGIApp, tracing: Tracing) -> None:
        self._app = app
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._tracing.on or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        method = code(scope["method"] if scope["method"] in METHODS else "_OTHER")
        with self._tracing.span("server", method, parent=_parent(scope)) as span:

            async def noted(message: Message) -> None:
                if message["type"] == "http.response.start":
                    _answered(span, method, scope, message["status"])
                await send(message)

            await self._app(scope, receive, noted)


def _parent(scope: Scope) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"traceparent"), "")


def _answered(span: Span, method: Code, scope: Scope, status: int) -> None:
    route = code(getattr(scope.get("route"), "path", "/"))
    span.name(method, route)
    span.tell({"http.request.method": method, "http.route": route, "http.response.status_code": status})
    if status >= 500:
        span.failed(code(f"http/{status}"))
