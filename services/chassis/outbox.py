"""Events on their way out: saved in the transaction of the change they tell of."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from diwan.common.v1 import event_pb2
from google.protobuf.message import Message

from services.chassis import tracing
from services.chassis.call import Call
from services.chassis.database import Connection

SAVE = """
    INSERT INTO outbox (event_id, type, aggregate_id, aggregate_version, event_time, event, headers)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::timestamptz[], $6::bytea[], $7::jsonb[])
"""
Told = tuple[event_pb2.Event, Mapping[str, str]]


def envelope(call: Call, *, payload: Message, aggregate_id: str, aggregate_version: int) -> event_pb2.Event:
    """Put a fact into its envelope."""
    event = event_pb2.Event(
        event_id=call.new_id(),
        type=payload.DESCRIPTOR.full_name,
        aggregate_id=aggregate_id,
        aggregate_version=aggregate_version,
        actor=str(call.actor),
        causation_id=call.causation_id,
    )
    event.event_time.FromDatetime(call.now)
    event.payload.Pack(payload)
    return event


async def save(connection: "Connection", *events: event_pb2.Event) -> None:
    """Save events with the trace they belong to; the database tells the relay on commit."""
    headers = tracing.inject()
    await save_each(connection, [(event, headers) for event in events])


async def save_each(connection: "Connection", told: Sequence[Told]) -> None:
    """Save events of several calls, each with the headers of its own trace."""
    await connection.execute(
        SAVE,
        [event.event_id for event, _ in told],
        [event.type for event, _ in told],
        [event.aggregate_id for event, _ in told],
        [event.aggregate_version for event, _ in told],
        [_moment(event) for event, _ in told],
        [event.SerializeToString() for event, _ in told],
        [headers for _, headers in told],
    )


def _moment(event: event_pb2.Event) -> datetime:
    return event.event_time.ToDatetime(tzinfo=UTC)
