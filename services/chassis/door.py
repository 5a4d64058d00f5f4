"""The one door of a process: identity, call, span and refusals around every method, as lean as it can be."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, Self

import grpc
from google.protobuf.descriptor import MethodDescriptor
from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.trace import SpanKind

from services.chassis import attributes, faults, tracing
from services.chassis.access import CLIENT, Rule, actor_for, identify
from services.chassis.call import begin
from services.chassis.incoming import STANDING, Standing
from services.chassis.refusals import LANGUAGES, Refusal
from services.chassis.tokens import Verifier

LONGEST_CAUSE = 64
Metadata = Mapping[str, str | bytes]
Handler = Any  # grpc.RpcMethodHandler: its types speak of the synchronous world
Context = grpc.aio.ServicerContext[Any, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Method:
    """What is known of a method before the first call."""

    name: str
    rule: Rule
    has_request_id: bool
    behave: Callable[[Any, Context], Any]
    read: Callable[[bytes], Any]
    write: Callable[[Any], bytes]

    @classmethod
    def of(cls, found: MethodDescriptor, handler: Handler, behave: Callable[[Any, Context], Any]) -> Self:
        """Put the contract's word and the servicer's deed together."""
        package, name = found.containing_service.full_name.split("."), found.name
        return cls(
            name=f"{package[1]}.{name}",
            rule=Rule.of(found),
            has_request_id=not handler.request_streaming and "request_id" in found.input_type.fields_by_name,
            behave=behave,
            read=handler.request_deserializer,
            write=handler.response_serializer,
        )


class Door:
    """Wraps the methods of servicers; what reaches them has been let in."""

    def __init__(self, verifier: Verifier, *, language: str) -> None:
        self._verifier = verifier
        self._language = language

    def guard(self, found: MethodDescriptor, handler: Handler) -> Handler:
        """Return the handler behind the door; messages are read and written inside, so that no failure leaks."""
        if handler.request_streaming and handler.response_streaming:
            return grpc.stream_stream_rpc_method_handler(self._stream(Method.of(found, handler, handler.stream_stream)))
        if handler.request_streaming:
            return grpc.stream_unary_rpc_method_handler(self._unary(Method.of(found, handler, handler.stream_unary)))
        if handler.response_streaming:
            return grpc.unary_stream_rpc_method_handler(self._stream(Method.of(found, handler, handler.unary_stream)))
        return grpc.unary_unary_rpc_method_handler(self._unary(Method.of(found, handler, handler.unary_unary)))

    def _unary(self, method: Method) -> Callable[[Any, Context], Awaitable[bytes]]:
        async def answer(raw: Any, context: Context) -> bytes:
            metadata: Metadata = dict(context.invocation_metadata() or ())
            span = _enter(method, metadata)
            try:
                request = self._admit(method, metadata, raw, context)
                return method.write(await method.behave(request, context))
            except BaseException as error:  # noqa: BLE001 (the door answers for everything)
                await self._refuse(error, method, metadata, context)
            finally:
                span.end()

        return answer

    def _stream(self, method: Method) -> Callable[[Any, Context], AsyncIterator[bytes]]:
        async def answer(raw: Any, context: Context) -> AsyncIterator[bytes]:
            metadata: Metadata = dict(context.invocation_metadata() or ())
            span = _enter(method, metadata)
            try:
                request = self._admit(method, metadata, raw, context)
                async for response in method.behave(request, context):
                    yield method.write(response)
            except BaseException as error:  # noqa: BLE001 (the door answers for everything)
                await self._refuse(error, method, metadata, context)
            finally:
                span.end()

        return answer

    def _admit(self, method: Method, metadata: Metadata, raw: Any, context: Context) -> Any:
        process, given = identify(self._verifier, metadata)
        method.rule.admit(process, given)
        request: Any = method.read(raw) if isinstance(raw, bytes) else _each(method, raw)
        cause = "" if process == CLIENT else str(metadata.get("diwan-causation", ""))[:LONGEST_CAUSE]
        if not cause and method.has_request_id:
            cause = request.request_id[:LONGEST_CAUSE]
        language = self._spoken(metadata)
        call = begin(actor_for(process, given), process=process, language=language, causation_id=cause)
        STANDING.set(
            Standing(
                call=call,
                actor_token=str(metadata.get("authorization", "")).removeprefix("Bearer "),
                language=language,
                causation_id=cause,
                remaining=context.time_remaining,
            )
        )
        return request

    def _spoken(self, metadata: Metadata) -> str:
        asked = str(metadata.get("accept-language", ""))
        if asked in LANGUAGES:
            return asked
        wanted = (part.strip()[:2].lower() for part in asked.split(","))
        return next((each for each in wanted if each in LANGUAGES), self._language)

    async def _refuse(self, error: BaseException, method: Method, metadata: Metadata, context: Context) -> NoReturn:
        span = trace.get_current_span()
        tracing.fail(span, type(error).__name__)
        if not isinstance(error, Exception) or isinstance(error, (grpc.aio.AbortError, asyncio.CancelledError)):
            raise error
        code, message, details = faults.answer(error, method=method.name, language=self._spoken(metadata))
        span.set_attribute(attributes.RPC_STATUS, code.value[0])
        if isinstance(error, Refusal):
            span.set_attribute(attributes.REASON, error.reason)
        await context.abort(code, message, details)
        raise AssertionError("abort always raises")


def _enter(method: Method, metadata: Metadata) -> trace.Span:
    """Begin the span of a call in the task that serves it; the task ends with the call."""
    parent = tracing.extract(metadata) if tracing.TRACEPARENT in metadata else contexts.Context()
    span = tracing.begin(method.name, kind=SpanKind.SERVER, parent=parent)
    contexts.attach(trace.set_span_in_context(span, parent))
    return span


async def _each(method: Method, raw: AsyncIterator[bytes]) -> AsyncIterator[Any]:
    async for each in raw:
        yield method.read(each)
