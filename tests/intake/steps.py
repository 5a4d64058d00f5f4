"""Steps that tests of the door take: file, look, act, hand in an event, count what is left."""

from uuid import uuid4

from diwan.common.v1 import event_pb2, subscriber_service_pb2
from diwan.intake.v1 import complaint_pb2
from diwan.intake.v1 import intake_service_pb2 as contract

from services.intake.domain.secret import shown, with_check
from tests.intake.builders import (
    MEDIATOR,
    a_request,
)

STATE = complaint_pb2.ComplaintState
WRONG = shown(with_check("0000111122223333"))


async def filed(door, **facts) -> contract.Receipt:
    """File a complaint as a citizen."""
    return (await door.ask("RegisterComplaint", a_request(**facts))).receipt


async def seen(door, receipt, actor=MEDIATOR, view=contract.COMPLAINT_VIEW_FULL):
    """Look at a complaint."""
    answer = await door.ask(
        "GetComplaint", contract.GetComplaintRequest(complaint_id=receipt.complaint_id, view=view), actor=actor
    )
    return getattr(answer, "complaint", answer)


async def act(door, name, receipt, actor, **facts):
    """Do something with a complaint as it is now."""
    etag = facts.pop("etag", "") or (await seen(door, receipt)).etag
    request = getattr(contract, f"{name}Request")(
        request_id=str(uuid4()), complaint_id=receipt.complaint_id, etag=etag, **facts
    )
    answer = await door.ask(name, request, actor=actor)
    return getattr(answer, "complaint", answer)


async def told(door, payload, *, aggregate_id="x", version=1, event_id=""):
    """Hand in an event."""
    event = event_pb2.Event(
        event_id=event_id or str(uuid4()),
        type=payload.DESCRIPTOR.full_name,
        aggregate_id=aggregate_id,
        aggregate_version=version,
    )
    event.payload.Pack(payload)
    event.event_time.GetCurrentTime()
    await door.deliver(subscriber_service_pb2.DeliverRequest(event=event))


async def events(office) -> list[tuple[str, int]]:
    """Return the events that went out, with their versions."""
    async with office.database.reading() as connection:
        rows = await connection.fetch("SELECT type, aggregate_version FROM outbox ORDER BY position")
    return [(row["type"].rpartition(".")[2], row["aggregate_version"]) for row in rows]


async def counts(office) -> list[int]:
    """Count what is in the tables that a filing writes."""
    async with office.database.reading() as connection:
        return [
            await connection.fetchval(f"SELECT count(*) FROM {table}")
            for table in ("complaint", "entry", "record_key", "outbox", "act")
        ]


def disclosure(receipt, purpose="تحديد موعد مع المعني"):
    return contract.DiscloseComplainantRequest(
        request_id=str(uuid4()), complaint_id=receipt.complaint_id, purpose=purpose
    )
