"""A collector of traces (OTLP over gRPC) on the loopback interface, which keeps what it is told."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import (
    TraceServiceServicer,
    add_TraceServiceServicer_to_server,
)


@dataclass(frozen=True)
class Told:
    """A span as it arrived."""

    name: str
    trace: str
    id: str
    parent: str
    failed: bool
    about: dict[str, Any]


@dataclass
class Collector(TraceServiceServicer):
    port: int = 0
    spans: list[Told] = field(default_factory=list)
    raw: bytes = b""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def Export(self, request: ExportTraceServiceRequest, context: object) -> ExportTraceServiceResponse:
        with self._lock:
            self.raw += request.SerializeToString()
            for resource in request.resource_spans:
                for scope in resource.scope_spans:
                    self.spans.extend(map(_told, scope.spans))
        return ExportTraceServiceResponse()

    def named(self, name: str) -> Sequence[Told]:
        return [one for one in self.spans if one.name == name]


def _told(span: Any) -> Told:
    about = {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in span.attributes}
    ids = (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex())
    return Told(span.name, *ids, failed=span.status.code == 2, about=about)


@contextmanager
def collector() -> Iterator[Collector]:
    kept, server = Collector(), grpc.server(ThreadPoolExecutor(2))
    add_TraceServiceServicer_to_server(kept, server)  # type: ignore[no-untyped-call]
    kept.port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield kept
    finally:
        server.stop(None).wait()
