"""Answers questions about registers."""

from diwan.intake.v1 import intake_service_pb2 as contract

from services.chassis import pages
from services.chassis.database import Connection
from services.chassis.refusals import FieldInvalid
from services.chassis.server import current_call
from services.intake.actions import opening, reading
from services.intake.domain.day import day
from services.intake.server.answering import Answering, Context
from services.intake.store.registers import Registers
from services.intake.wire import files

YEARS = range(2000, 2200)


class Books(Answering):
    """The methods that open, show and seal registers."""

    async def OpenRegisters(
        self, request: contract.OpenRegistersRequest, context: Context
    ) -> contract.OpenRegistersResponse:
        """Open the registers of a year."""
        call, year = current_call(), _year(request.year)
        await self._office.refresh()

        async def do(connection: "Connection") -> contract.OpenRegistersResponse:
            bodies = opening.keepers(self._office.atlas, request.body_ids, call=call)
            opened = await opening.open_registers(call, connection, bodies, year=year)
            total = await Registers(connection).count(year)
            return contract.OpenRegistersResponse(
                opened=opened, total=total, known_bodies=len(self._office.atlas.bodies)
            )

        return await self._once(request, contract.OpenRegistersResponse, do)

    async def SealRegister(
        self, request: contract.SealRegisterRequest, context: Context
    ) -> contract.SealRegisterResponse:
        """Seal a register at the year's end."""
        call = current_call()

        async def do(connection: "Connection") -> contract.SealRegisterResponse:
            register = await opening.seal_register(call, connection, request.register_id, request.etag)
            return contract.SealRegisterResponse(register=files.register(register))

        return await self._once(request, contract.SealRegisterResponse, do)

    async def GetRegister(self, request: contract.GetRegisterRequest, context: Context) -> contract.GetRegisterResponse:
        """Give one register."""
        async with self._office.database.reading() as connection:
            register = await reading.get_register(
                current_call(), connection, register_id=request.register_id, body_id=request.body_id, year=request.year
            )
        return contract.GetRegisterResponse(register=files.register(register))

    async def ListRegisters(
        self, request: contract.ListRegistersRequest, context: Context
    ) -> contract.ListRegistersResponse:
        """List registers of a year, by id."""
        call, page = current_call(), pages.read(request, keys=1)
        after = page.after[0] if page.after else ""
        async with self._office.database.reading() as connection:
            found = await reading.list_registers(
                call, connection, year=_year(request.year or day(call.now).year), wilaya_id=request.wilaya_id,
                after=after, size=page.size + 1,
            )  # fmt: skip
        shown = found[: page.size]
        token = page.token(shown[-1].register_id) if len(found) > page.size else ""
        return contract.ListRegistersResponse(registers=map(files.register, shown), next_page_token=token)


def _year(year: int) -> int:
    if year not in YEARS:
        raise FieldInvalid(field="year")
    return year
