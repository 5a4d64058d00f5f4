"""What a caller learns of an exception: a refusal in full, a passing fault as such, of anything else the trace id only."""

import logging
import traceback

import asyncpg
import grpc
from google.protobuf.message import DecodeError
from google.rpc import code_pb2, error_details_pb2, status_pb2

from services.chassis import tracing
from services.chassis.client import DETAILS, DOMAIN, refused
from services.chassis.refusals import LANGUAGES, FieldInvalid, Refusal, TryAgain

UNAVAILABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
    asyncpg.TransactionRollbackError,
    asyncpg.LockNotAvailableError,
    ConnectionError,
    TimeoutError,
)
PASSING = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED})
TELLING = (AttributeError, ImportError, OSError, TypeError)  # their messages name types and paths; others may quote
Answer = tuple[grpc.StatusCode, str, tuple[tuple[str, str | bytes], ...]]

_log = logging.getLogger(__name__)


def answer(error: Exception, *, method: str, language: str) -> Answer:
    """Return the status, the developer's message and the details for a caller."""
    refusal = _refusal(error)
    if refusal is not None:
        return _said(refusal, language)
    if isinstance(error, grpc.aio.AioRpcError) and refused(error).reason:
        return error.code(), error.details() or "", ((DETAILS, dict(error.trailing_metadata())[DETAILS]),)
    _log.error("internal error", extra={"fault": described(error), "method": method, "trace": tracing.trace_id()})
    return grpc.StatusCode.INTERNAL, f"internal error, trace {tracing.trace_id()}", ()


def _refusal(error: Exception) -> Refusal | None:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, DecodeError):
        return FieldInvalid(field="request", problem="unreadable")
    if isinstance(error, asyncpg.CharacterNotInRepertoireError):
        return FieldInvalid(field="request", problem="control")  # a NUL in a field that no door asks about
    closed = type(error) is asyncpg.InterfaceError and "clos" in str(error)
    neighbour = isinstance(error, grpc.aio.AioRpcError) and error.code() in PASSING
    if closed or neighbour or isinstance(error, UNAVAILABLE):
        _log.warning("passing fault", extra={"fault": described(error), "trace": tracing.trace_id()})
        return TryAgain()
    return None


def _said(refusal: Refusal, language: str) -> Answer:
    code = grpc.StatusCode[refusal.status]
    status = status_pb2.Status(code=code_pb2.Code.Value(refusal.status), message=refusal.message("en"))
    info = error_details_pb2.ErrorInfo(reason=refusal.reason, domain=DOMAIN, metadata=refusal.facts)
    status.details.add().Pack(info)
    asked = error_details_pb2.LocalizedMessage(locale=language, message=refusal.message(language))
    if refusal.where:
        violation = error_details_pb2.BadRequest.FieldViolation(
            field=refusal.where,
            description=refusal.message("en"),
            reason=refusal.reason,
            localized_message=asked,
        )
        status.details.add().Pack(error_details_pb2.BadRequest(field_violations=[violation]))
    status.details.add().Pack(asked)
    for other in LANGUAGES:
        if other != language:
            said = error_details_pb2.LocalizedMessage(locale=other, message=refusal.message(other))
            status.details.add().Pack(said)
    return code, status.message, ((DETAILS, status.SerializeToString()),)


def described(error: BaseException) -> dict[str, object]:
    """Describe an exception for the log: where and what, without the values that it quotes."""
    frames = [f"{each.filename}:{each.lineno} {each.name}" for each in traceback.extract_tb(error.__traceback__)]
    found: dict[str, object] = {"type": type(error).__qualname__, "frames": frames}
    if isinstance(error, asyncpg.PostgresError):
        found |= {"sqlstate": error.sqlstate, "constraint": getattr(error, "constraint_name", None)}
    elif isinstance(error, grpc.aio.AioRpcError):
        found |= {"status": error.code().name, "reason": refused(error).reason}
    elif isinstance(error, TELLING):
        found["message"] = str(error)
    if error.__cause__ is not None:
        found["cause"] = described(error.__cause__)
    return found
