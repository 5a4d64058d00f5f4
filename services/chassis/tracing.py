"""Spans of one trace across processes: named in the house's words, carried in metadata and outbox rows."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, Status, StatusCode, TraceFlags

TRACEPARENT = "traceparent"
Value = str | int | float | bool


@contextmanager
def span(name: str, **attributes: Value) -> Iterator[trace.Span]:
    """Run the block as a span; an exception marks it failed with its type only."""
    current = _TRACER.start_span(name, attributes=attributes or None)
    token = contexts.attach(trace.set_span_in_context(current))
    try:
        yield current
    except BaseException as error:
        current.set_status(Status(StatusCode.ERROR, type(error).__name__))
        raise
    finally:
        contexts.detach(token)
        current.end()


def annotate(**attributes: Value) -> None:
    """Add to the current span what is known only now."""
    trace.get_current_span().set_attributes(attributes)


def inject() -> dict[str, str]:
    """Return the headers that carry the current trace onwards."""
    current = trace.get_current_span().get_span_context()
    if not current.is_valid:
        return {}
    return {TRACEPARENT: f"00-{current.trace_id:032x}-{current.span_id:016x}-{int(current.trace_flags):02x}"}


def extract(headers: Mapping[str, str]) -> contexts.Context:
    """Return the context of the trace that the headers carry; a malformed header starts a new trace."""
    parts = headers.get(TRACEPARENT, "").split("-")
    try:
        _, trace_id, span_id, flags = parts
        parent = SpanContext(
            int(trace_id, 16), int(span_id, 16), is_remote=True, trace_flags=TraceFlags(int(flags, 16))
        )
    except ValueError:
        return contexts.Context()
    return trace.set_span_in_context(NonRecordingSpan(parent), contexts.Context())


_TRACER = trace.get_tracer("diwan")
