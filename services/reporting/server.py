"""Answers diwan.reporting.v1: reads tables from the rollups, gives them as messages or files."""

from collections.abc import AsyncIterator, Sequence

import grpc
from diwan.reporting.v1 import figures_pb2
from diwan.reporting.v1 import reporting_service_pb2 as pb2
from diwan.reporting.v1 import reporting_service_pb2_grpc as pb2_grpc

from services.chassis.access import call_scope
from services.chassis.call import ActorKind, Call
from services.chassis.checks import require_enum
from services.chassis.database import Database
from services.chassis.server import current_call
from services.reporting import actions, exports, wire
from services.reporting.domain import period as periods
from services.reporting.domain import tally
from services.reporting.domain.period import Period
from services.reporting.store import Store

ROLES = ("delegate", "wilaya_cell", "mediator", "unit_officer", "statistics_client", "operator")
PIECE = 64 * 1024
QUARTERS = ("الأول", "الثاني", "الثالث", "الرابع")
Context = grpc.aio.ServicerContext


class Reporting(pb2_grpc.ReportingServiceServicer):
    """The door of the figures."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def GetWilayaState(self, request: pb2.GetWilayaStateRequest, context: object) -> pb2.GetWilayaStateResponse:
        """Give the quarterly state of a wilaya."""
        state = await self._wilaya_state(
            request.wilaya_id, year=request.year, quarter=request.quarter, with_samples=request.with_samples
        )
        return pb2.GetWilayaStateResponse(state=state)

    async def GetNationalTable(
        self, request: pb2.GetNationalTableRequest, context: object
    ) -> pb2.GetNationalTableResponse:
        """Give the national table of a period."""
        period = periods.months(request.from_day, request.to_day)
        return pb2.GetNationalTableResponse(table=await self._national(period, with_samples=request.with_samples))

    async def ExportReport(
        self, request: pb2.ExportReportRequest, context: object
    ) -> AsyncIterator[pb2.ExportReportResponse]:
        """Give a report as a file, in pieces."""
        require_enum("format", pb2.ReportFormat, request.format)
        document = await (self._wilaya_file(request) if request.wilaya_id else self._national_file(request))
        for start in range(0, len(document), PIECE):
            yield pb2.ExportReportResponse(piece=document[start : start + PIECE])

    async def FoldFacts(self, request: pb2.FoldFactsRequest, context: object) -> pb2.FoldFactsResponse:
        """Fold what changed."""
        async with self._database.transaction() as connection:
            folded = await actions.fold(Store(connection), limit=request.limit or actions.AT_ONCE)
        return pb2.FoldFactsResponse(folded=folded)

    async def RecountFacts(self, request: pb2.RecountFactsRequest, context: object) -> pb2.RecountFactsResponse:
        """Check the rollups against the facts."""
        period = periods.months(request.from_day, request.to_day)
        await self._fold_all()
        async with self._database.reading() as connection:
            facts, rollups, differences = await actions.recount(Store(connection), period=period)
        return pb2.RecountFactsResponse(facts=facts, rollups=rollups, differences=differences)

    async def _wilaya_state(
        self, wilaya_id: str, *, year: int, quarter: int, with_samples: bool
    ) -> figures_pb2.WilayaState:
        call = current_call()
        call_scope(call, ROLES).require(territory_ids=[wilaya_id])
        period = periods.quarter(year, quarter)
        await self._fold_all()
        async with self._database.reading() as connection:
            store = Store(connection)
            state = figures_pb2.WilayaState(wilaya_id=wilaya_id, year=year, quarter=quarter)
            await _fill(state, call, store, period, wilaya_id=wilaya_id, with_samples=with_samples)
            state.registers = await store.registers.count(year=year, wilaya_id=wilaya_id)
            state.name.ar, state.name.fr = (await store.names.territories([wilaya_id])).get(wilaya_id, ("", ""))
        return state

    async def _national(self, period: Period, *, with_samples: bool) -> figures_pb2.NationalTable:
        call = current_call()
        if call.actor.kind is ActorKind.CLIENT:
            call_scope(call, ROLES).require()
        await self._fold_all()
        async with self._database.reading() as connection:
            table = figures_pb2.NationalTable(from_day=str(period.first), to_day=str(period.last))
            await _fill(table, call, Store(connection), period, with_samples=with_samples)
        return table

    async def _fold_all(self) -> None:
        """Fold what came in meanwhile, so that a report is never behind its facts."""
        folded = actions.AT_ONCE
        while folded == actions.AT_ONCE:
            async with self._database.transaction() as connection:
                folded = await actions.fold(Store(connection))

    async def _wilaya_file(self, asked: pb2.ExportReportRequest) -> bytes:
        state = await self._wilaya_state(
            asked.wilaya_id, year=asked.year, quarter=asked.quarter, with_samples=asked.with_samples
        )
        title = f"حالة الشكاوى والعرائض لولاية {state.name.ar}"
        subtitle = f"الثلاثي {QUARTERS[asked.quarter - 1]} {asked.year}، تقرير موجّه إلى مجلس الولاية"
        tables = [
            ("المجموع", [state.total]),
            ("حسب القطاع", state.by_sector),
            ("حسب القناة", state.by_channel),
            ("حسب البلدية", state.by_commune),
        ]
        return await _file(asked.format, state, tables, title=title, subtitle=subtitle)

    async def _national_file(self, asked: pb2.ExportReportRequest) -> bytes:
        period = periods.quarter(asked.year, asked.quarter)
        table = await self._national(period, with_samples=asked.with_samples)
        subtitle = f"من {period.first:%d/%m/%Y} إلى {period.last:%d/%m/%Y}"
        tables = [("المجموع", [table.total]), ("حسب القطاع", table.by_sector), ("حسب الولاية", table.by_wilaya)]
        return await _file(asked.format, table, tables, title="الجدول الوطني للشكاوى والعرائض", subtitle=subtitle)


Report = figures_pb2.WilayaState | figures_pb2.NationalTable
Tables = Sequence[tuple[str, Sequence[figures_pb2.FiguresRow]]]
AXES = {
    "by_sector": tally.SECTOR,
    "by_channel": tally.CHANNEL,
    "by_commune": tally.COMMUNE,
    "by_wilaya": tally.WILAYA,
}


async def _fill(
    report: Report, call: Call, store: Store, period: Period, *, wilaya_id: str = "", with_samples: bool = False
) -> None:
    """Fill the tables that a report has."""
    report.as_of.FromDatetime(call.now)
    lines = await actions.table(
        call, store, period=period, axis=tally.TOTAL, wilaya_id=wilaya_id, with_samples=with_samples
    )
    report.total.CopyFrom(wire.total(lines))
    for name, axis in AXES.items():
        if name in report.DESCRIPTOR.fields_by_name:
            rows = await actions.table(
                call, store, period=period, axis=axis, wilaya_id=wilaya_id, with_samples=with_samples
            )
            getattr(report, name).extend(wire.row(line) for line in rows)


async def _file(
    form: "pb2.ReportFormat.ValueType", report: Report, tables: Tables, *, title: str, subtitle: str
) -> bytes:
    if form == pb2.REPORT_FORMAT_JSON:
        return exports.as_json(report)
    if form == pb2.REPORT_FORMAT_CSV:
        return exports.as_csv(tables)
    return await exports.as_pdf(title, subtitle, tables, at=current_call().now)
