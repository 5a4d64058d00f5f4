"""Opens and seals registers."""

from collections.abc import Sequence

from services.chassis import outbox
from services.chassis.access import call_scope
from services.chassis.call import Call
from services.chassis.database import Connection
from services.chassis.refusals import EtagStale
from services.intake.actions.reach import WARDENS
from services.intake.domain.day import day
from services.intake.domain.places import Atlas, Body
from services.intake.domain.register import Register, RegisterUnknown, opened, sealed
from services.intake.store.registers import Registers
from services.intake.wire import events

AT_ONCE = 500


async def open_registers(call: Call, connection: "Connection", bodies: Sequence[Body], *, year: int) -> int:
    """Open the registers of a year for those bodies that have none; return how many."""
    registers = Registers(connection)
    await registers.open_in_turn()
    fresh = await registers.without(bodies, year)
    for start in range(0, len(fresh), AT_ONCE):
        some = fresh[start : start + AT_ONCE]
        series = await registers.series_of(some)
        books = [opened(each, series[each.body_id], year=year, at=call.now) for each in some]
        await registers.open(books)
        await outbox.save(connection, *(events.register_opened(call, each) for each in books))
    return len(fresh)


def keepers(atlas: Atlas, body_ids: Sequence[str], *, call: Call) -> list[Body]:
    """Return the bodies that keep a register today, all or those named, in a fixed order."""
    today = day(call.now)
    named = [atlas.body(body_id, on=today) for body_id in body_ids] or atlas.bodies.values()
    return sorted((each for each in named if each.keeps(today)), key=lambda each: each.body_id)


async def seal_register(call: Call, connection: "Connection", register_id: str, etag: str) -> Register:
    """Seal a register; it takes no more entries."""
    registers = Registers(connection)
    if (register := await registers.hold(register_id)) is None:
        raise RegisterUnknown(register_id=register_id)
    call_scope(call, WARDENS).require(territory_ids=[register.wilaya_id])
    if not etag.isdecimal():
        raise EtagStale
    register = sealed(register, etag=int(etag))
    await registers.seal(register)
    return register
