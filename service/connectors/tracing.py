"""The only file that imports OpenTelemetry: what is done for a request or a message, told as spans to a collector.

A span holds ids, codes and numbers, as a line of the log does, and never a customer's words.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from threading import Thread
from typing import TYPE_CHECKING, Any, Literal

from service.log import TRACEPARENT, Code, code_of

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

About = Mapping[str, Code | int | float]
"""Attributes of a span, by the names of OpenTelemetry's conventions where there is one."""

Kind = Literal["server", "consumer", "client", "internal"]

STANDARD = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
"""What every program reads that tells traces; the exporter reads them itself."""

FLUSH_S = 2.0
"""How long a program that ends waits for a collector that does not answer."""


class Span:
    """What is being done, as it is told. Without a collector, nothing is kept of it."""

    def __init__(self, span: Any = None) -> None:
        self._span = span

    def tell(self, about: About) -> None:
        if self._span is not None:
            self._span.set_attributes(dict(about))

    def name(self, *words: Code) -> None:
        """Another name, now that more is known."""
        if self._span is not None:
            self._span.update_name(" ".join(words))

    def failed(self, cause: Code) -> None:
        if self._span is not None:
            from opentelemetry.trace import StatusCode  # noqa: PLC0415 - loaded already, where there is a span

            self._span.set_attribute("error.type", cause)
            self._span.set_status(StatusCode.ERROR)


class Tracing:
    """Tells nothing before `start`, and without a `collector` (`http://host:4317`, OTLP over gRPC) never anything.

    Which part is told, and how, is set by OpenTelemetry's own variables (`OTEL_TRACES_SAMPLER`, `OTEL_SERVICE_NAME`…).
    A collector that is away costs nothing but its spans.
    """

    def __init__(self, collector: str = "") -> None:
        self.collector = collector or next((os.environ[name] for name in STANDARD if os.environ.get(name)), "")
        self._own = collector
        self._provider: TracerProvider | None = None

    @property
    def on(self) -> bool:
        return self._provider is not None

    def start(self) -> None:
        """Loads what it needs (a second), where there is a collector."""
        if self.collector and self._provider is None:
            self._provider = _provider(self._own or None)

    def close(self) -> None:
        """Sends what is left. Blocks for `FLUSH_S` at most."""
        provider, self._provider = self._provider, None
        if provider is not None:  # in a thread, since it would try for half a minute
            ending = Thread(target=provider.shutdown, daemon=True)
            ending.start()
            ending.join(FLUSH_S)

    @contextmanager
    def span(self, kind: Kind, *name: Code, parent: str = "", about: About | None = None) -> Iterator[Span]:
        """What is done inside, under the `parent` (a W3C traceparent) or what this task is about already.

        An error that comes out is told by its kind and place.
        """
        if self._provider is None:
            yield Span()
            return
        begun, now = _begin(self._provider, kind, name, parent or TRACEPARENT.get(), about or {})
        before, span = TRACEPARENT.set(now), Span(begun)
        try:
            yield span
        except Exception as error:
            span.failed(code_of(error))
            raise
        finally:
            TRACEPARENT.reset(before)
            begun.end()

    def carried(self) -> str:
        """The W3C traceparent of what this task is about; empty without a collector."""
        return TRACEPARENT.get() if self.on else ""


def _provider(endpoint: str | None) -> "TracerProvider":
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    told = {"service.version": version("aiguilleur")}
    if not os.environ.get("OTEL_SERVICE_NAME"):
        told["service.name"] = "aiguilleur"
    # Not the process's global one: what libraries would tell of themselves is not ours to send.
    provider = TracerProvider(resource=Resource.create(told), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    return provider


def _begin(
    provider: "TracerProvider", kind: Kind, name: tuple[Code, ...], parent: str, about: About
) -> tuple[Any, str]:
    """The span, and its own traceparent. A parent that is no traceparent is none."""
    from opentelemetry.context import Context  # noqa: PLC0415
    from opentelemetry.trace import SpanKind, set_span_in_context  # noqa: PLC0415
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

    w3c, carrier = TraceContextTextMapPropagator(), dict[str, str]()
    under = w3c.extract({"traceparent": parent}, Context())
    tracer = provider.get_tracer("aiguilleur")
    span = tracer.start_span(" ".join(name), under, SpanKind[kind.upper()], dict(about))
    w3c.inject(carrier, set_span_in_context(span, Context()))
    return span, carrier.get("traceparent", "")
