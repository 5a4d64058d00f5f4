"""Answers the calls that look back at decisions."""

from diwan.routing.v1 import history_service_pb2 as pb
from diwan.routing.v1 import history_service_pb2_grpc

from services.chassis import pages
from services.chassis.checks import require_date, require_text, require_uuid
from services.chassis.database import Database
from services.chassis.door import Context
from services.chassis.requests import once
from services.chassis.server import current_call
from services.routing import listing
from services.routing.actions import backtesting
from services.routing.actions.exporting import LARGEST, Export, the_end_of
from services.routing.archive import Archive
from services.routing.council import Chamber
from services.routing.domain.backtest import BacktestUnknown, Plan
from services.routing.domain.calendar import day_before
from services.routing.store.memory import Store
from services.routing.wire import history as wire

USUAL, MOST = 100, 500
LONGEST = 2000


class History(history_service_pb2_grpc.HistoryServiceServicer):
    """Replays and back-tests, over gRPC."""

    def __init__(self, database: Database, chamber: Chamber) -> None:
        self._database = database
        self._archive = Archive(database, chamber)

    async def ReplayDecision(self, request: pb.ReplayDecisionRequest, context: Context) -> pb.ReplayDecisionResponse:
        """Take a decision of the rules again."""
        decision_id = require_uuid("decision_id", request.decision_id)
        return pb.ReplayDecisionResponse(replay=wire.replay(await self._archive.replayed(current_call(), decision_id)))

    async def StartBacktest(self, request: pb.StartBacktestRequest, context: Context) -> pb.StartBacktestResponse:
        """Begin to try rules on the decisions of a period."""
        call = current_call()
        require_uuid("request_id", request.request_id)
        plan = await self._plan(request)

        async def act() -> pb.StartBacktestResponse:
            begun = await backtesting.start(call, Store(connection), plan)
            return pb.StartBacktestResponse(backtest=wire.backtest(begun))

        async with self._database.transaction() as connection:
            return await once(connection, call, request, pb.StartBacktestResponse, act=act)

    async def GetBacktest(self, request: pb.GetBacktestRequest, context: Context) -> pb.GetBacktestResponse:
        """Show how far a back-test has come and what it found."""
        async with self._database.reading() as connection:
            found = await Store(connection).backtests.get(require_uuid("backtest_id", request.backtest_id))
        if found is None:
            raise BacktestUnknown
        return pb.GetBacktestResponse(backtest=wire.backtest(found))

    async def ListBacktests(self, request: pb.ListBacktestsRequest, context: Context) -> pb.ListBacktestsResponse:
        """List back-tests, the latest first."""
        page = pages.read(request, keys=2)
        where = listing.backtest_conditions(request, page)
        async with self._database.reading() as connection:
            found = await Store(connection).backtests.page(where.sql, where.values, page.size + 1)
        shown, more = found[: page.size], len(found) > page.size
        return pb.ListBacktestsResponse(
            backtests=[wire.backtest(each, with_shifts=False) for each in shown],
            next_page_token=page.token(shown[-1].started_at.isoformat(), shown[-1].backtest_id) if more else "",
        )

    async def CancelBacktest(self, request: pb.CancelBacktestRequest, context: Context) -> pb.CancelBacktestResponse:
        """End a back-test."""
        call, backtest_id = current_call(), require_uuid("backtest_id", request.backtest_id)
        require_uuid("request_id", request.request_id)

        async def act() -> pb.CancelBacktestResponse:
            ended = await backtesting.cancel(call, Store(connection), backtest_id)
            return pb.CancelBacktestResponse(backtest=wire.backtest(ended))

        async with self._database.transaction() as connection:
            return await once(connection, call, request, pb.CancelBacktestResponse, act=act)

    async def ExportCases(self, request: pb.ExportCasesRequest, context: Context) -> pb.ExportCasesResponse:
        """Hand out a ministry's own cases."""
        call, page = current_call(), pages.read(request, keys=3, usual=LARGEST, most=LARGEST)
        because = require_text("because", request.because, limit=LONGEST)
        first, last = require_date("from_day", request.from_day), require_date("to_day", request.to_day)
        day_before(first, last)
        act_id, *place = page.after or (call.new_id(),)
        export = Export(
            act_id=require_uuid("page_token", act_id),
            ministry_id=request.ministry_id,
            from_day=first,
            before=listing.place(*place) if place else the_end_of(last),
        )
        found, end = await self._archive.records(call, export, because="" if place else because, limit=page.size)
        return pb.ExportCasesResponse(
            records=[each for each in found if each],
            left_out=found.count(None),
            next_page_token=page.token(act_id, end[0].isoformat(), end[1]) if end else "",
        )

    async def AdvanceBacktests(
        self, request: pb.AdvanceBacktestsRequest, context: Context
    ) -> pb.AdvanceBacktestsResponse:
        """Take the back-test that has waited longest a step further."""
        limit = min(request.limit if request.limit > 0 else USUAL, MOST)
        return pb.AdvanceBacktestsResponse(done=await self._archive.advance(current_call(), limit=limit))

    async def _plan(self, request: pb.StartBacktestRequest) -> Plan:
        """Read what is to be tried; the rules must run."""
        first, last = require_date("from_day", request.from_day), require_date("to_day", request.to_day)
        day_before(first, last)
        slot, weighed_by = wire.read_slot(request.slot), wire.read_weighing(request.precedence)
        version, digest = await self._archive.runs(current_call(), request.ministry_id, slot)
        return Plan(
            ministry_id=request.ministry_id,
            slot=slot,
            plugin_version=version,
            plugin_digest=digest,
            from_day=first,
            to_day=last,
            weighed_by=weighed_by,
        )
