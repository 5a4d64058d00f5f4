"""Spans of one trace across processes: named in the house's words, carried in metadata and outbox rows."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import Link, NonRecordingSpan, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from services.chassis.settings import Settings
from services.chassis.spans import SpanStore

TRACEPARENT = "traceparent"
QUEUE = 20_000
FLUSH_MILLISECONDS = 2000
Value = str | int | float | bool

_tracer: trace.Tracer = trace.NoOpTracer()
_provider: TracerProvider | None = None


def start(process: str, settings: Settings) -> None:
    """Keep the spans of this process from now on, in the machine's store or at a collector."""
    global _tracer, _provider
    stop()
    _provider = TracerProvider(
        sampler=ParentBased(TraceIdRatioBased(settings.trace_sample)),
        resource=Resource.create({"service.name": process}),
        shutdown_on_exit=False,
    )
    _provider.add_span_processor(
        BatchSpanProcessor(
            _exporter(process, settings), max_queue_size=QUEUE, schedule_delay_millis=500, max_export_batch_size=1000
        )
    )
    _tracer = _provider.get_tracer("diwan")


def _exporter(process: str, settings: Settings) -> SpanExporter:
    if settings.otlp_endpoint:
        return OTLPSpanExporter(endpoint=f"{settings.otlp_endpoint.rstrip('/')}/v1/traces", timeout=5)
    return SpanStore(settings.home / "traces.sqlite", process=process, keep=settings.trace_spans)


def flush() -> None:
    """Send what has ended so far."""
    if _provider:
        _provider.force_flush(FLUSH_MILLISECONDS)


def stop() -> None:
    """Send what is left and keep no more spans."""
    global _tracer, _provider
    if _provider:
        flush()
        _provider.shutdown()
    _tracer, _provider = trace.NoOpTracer(), None


def begin(
    name: str, *, kind: SpanKind = SpanKind.INTERNAL, parent: contexts.Context | None = None, **attributes: Value
) -> trace.Span:
    """Begin a span without making it the current one; whoever begins it ends it."""
    return _tracer.start_span(name, context=parent, kind=kind, attributes=attributes or None)


@contextmanager
def span(
    name: str,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    parent: contexts.Context | None = None,
    links: tuple[Link, ...] = (),
    **attributes: Value,
) -> Iterator[trace.Span]:
    """Run the block as a span; an exception marks it failed with its type only."""
    current = _tracer.start_span(name, context=parent, kind=kind, attributes=attributes or None, links=links)
    token = contexts.attach(trace.set_span_in_context(current, parent))
    try:
        yield current
    except BaseException as error:
        fail(current, type(error).__name__)
        raise
    finally:
        contexts.detach(token)
        current.end()


@contextmanager
def apart(name: str) -> Iterator[trace.Span]:
    """Run the block as a trace of its own, linked to the present span: for one of several that came in together."""
    present = trace.get_current_span().get_span_context()
    links = (Link(present),) if present.is_valid else ()
    with span(name, parent=contexts.Context(), links=links) as current:
        yield current


def fail(current: trace.Span, why: str) -> None:
    """Mark a span as failed."""
    current.set_status(Status(StatusCode.ERROR, why))


def annotate(**attributes: Value) -> None:
    """Add to the current span what is known only now."""
    trace.get_current_span().set_attributes(attributes)


def trace_id() -> str:
    """Return the id of the current trace, by which an operator finds it; empty outside any."""
    current = trace.get_current_span().get_span_context()
    return f"{current.trace_id:032x}" if current.is_valid else ""


def inject() -> dict[str, str]:
    """Return the headers that carry the current trace onwards."""
    current = trace.get_current_span().get_span_context()
    if not current.is_valid:
        return {}
    return {TRACEPARENT: f"00-{current.trace_id:032x}-{current.span_id:016x}-{int(current.trace_flags):02x}"}


def remote(headers: Mapping[str, str | bytes]) -> SpanContext | None:
    """Read where in which trace the headers come from; a malformed header counts as none."""
    try:
        _, trace_id, span_id, flags = str(headers[TRACEPARENT]).split("-")
        found = SpanContext(int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=TraceFlags(int(flags, 16)))
    except (KeyError, ValueError):
        return None
    return found if found.is_valid else None


def extract(headers: Mapping[str, str | bytes]) -> contexts.Context:
    """Return the context of the trace that the headers carry, or of none."""
    found = remote(headers)
    return trace.set_span_in_context(NonRecordingSpan(found), contexts.Context()) if found else contexts.Context()
