"""Events that came in: each has its effect once, because the note and the effect are one transaction."""

from diwan.common.v1 import event_pb2

from services.chassis.database import Connection


async def first_time(connection: "Connection", event: event_pb2.Event) -> bool:
    """Note the event; say whether it was new here."""
    seen = await connection.fetchval(
        "INSERT INTO inbox (event_id, type) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING true",
        event.event_id,
        event.type,
    )
    return seen is True
