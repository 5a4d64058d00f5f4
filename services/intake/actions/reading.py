"""Shows complaints and registers to those who may see them."""

from collections.abc import Mapping, Sequence

from services.chassis import attributes, tracing
from services.chassis.access import Scope, ScopeMissing, call_scope
from services.chassis.call import Call
from services.chassis.database import Connection
from services.intake.actions.office import Office
from services.intake.actions.reach import KEEPERS, WATCHERS, reach
from services.intake.domain.complaint import Complaint, ComplaintUnknown, State
from services.intake.domain.file import File
from services.intake.domain.number import RegisterNumber
from services.intake.domain.register import Register, RegisterUnknown
from services.intake.store.complaints import Complaints, Match
from services.intake.store.files import Files
from services.intake.store.referrals import Referrals
from services.intake.store.registers import Registers

BASIC, TEXT, FULL = range(1, 4)


async def get_complaint(call: Call, office: Office, *, complaint_id: str, number: str, view: int) -> File:
    """Return one complaint as far as the caller may see it."""
    async with office.database.reading() as connection:
        complaints = Complaints(connection)
        found = await (
            complaints.find(complaint_id) if complaint_id else complaints.numbered(RegisterNumber.parse(number))
        )
        if found is None:
            raise ComplaintUnknown(complaint=complaint_id or number)
        tracing.annotate(**{attributes.COMPLAINT_NUMBER: found.number, attributes.COMPLAINT_ID: found.complaint_id})
        if not reach(call).reads(found, await Referrals(connection).of(found.complaint_id)):
            raise ScopeMissing
        return await _viewed(Files(connection, office.vault), found, view)


async def _viewed(files: Files, complaint: Complaint, view: int) -> File:
    if view == FULL:
        return await files.whole(complaint)
    return await files.text(complaint) if view == TEXT else File(complaint=complaint)


async def list_complaints(
    call: Call, office: Office, match: Match, *, before: str | None, size: int, with_text: bool
) -> Sequence[File]:
    """Return complaints that match and that the caller may see, newest first."""
    async with office.database.reading() as connection:
        found = await Complaints(connection).page(reach(call).narrow(match), before=before, size=size)
        texts: Mapping[str, str] = {}
        if with_text:
            texts = await Files(connection, office.vault).texts([each.complaint_id for each in found])
    return [File(complaint=each, text=texts.get(each.complaint_id, "")) for each in found]


async def count_complaints(call: Call, office: Office, match: Match) -> Mapping[State, int]:
    """Count complaints that match and that the caller may see, by state."""
    async with office.database.reading() as connection:
        return await Complaints(connection).count(reach(call).narrow(match))


async def get_register(call: Call, connection: "Connection", *, register_id: str, body_id: str, year: int) -> Register:
    """Return one register that the caller may see."""
    registers = Registers(connection)
    found = await (registers.get(register_id) if register_id else registers.of_body(body_id, year))
    if found is None:
        raise RegisterUnknown(register_id=register_id or f"{body_id} {year}")
    if not _watches(call).permits(territory_ids=[found.wilaya_id]):
        _keeps(call).require(body_ids=[found.body_id], register=found.register_id)
    return found


async def list_registers(
    call: Call, connection: "Connection", *, year: int, wilaya_id: str, after: str, size: int
) -> list[Register]:
    """Return registers of a year that the caller may see, by id."""
    watching, values = _watches(call).predicate({"wilaya": "wilaya_id"}, 4)
    keeping, more = _keeps(call).predicate({"body": "body_id", "register": "series"}, 4 + len(values))
    where = f"($3 = '' OR wilaya_id = $3) AND ({watching} OR {keeping})"
    if watching == keeping == "FALSE":
        raise ScopeMissing
    return await Registers(connection).page(year, where, [wilaya_id, *values, *more], after=after, size=size)


def _watches(call: Call) -> Scope:
    return call_scope(call, WATCHERS | {"operator"})


def _keeps(call: Call) -> Scope:
    return call_scope(call, KEEPERS | {"unit_officer"})
