"""Pages that look back: a decision taken again bit for bit, and a ministry's rules tried on the decisions of a period."""

from datetime import timedelta

from diwan.routing.v1 import backtest_pb2
from diwan.routing.v1 import history_service_pb2 as history
from diwan.rules.v1 import ministry_pb2
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.portal import forms, shown
from services.portal.acts import act, desk
from services.portal.forms import N_, Form
from services.portal.neighbours import house_of
from services.portal.page import render
from services.portal.pages.choices import labelled, ministry_choices
from services.portal.visits import visit_of

LONG = 60.0
USUAL = timedelta(days=30)
RUNNING = backtest_pb2.BACKTEST_STATE_RUNNING
SLOTS = (ministry_pb2.SLOT_CANDIDATE, ministry_pb2.SLOT_STABLE)
WEIGHED = (backtest_pb2.BACKTEST_PRECEDENCE_OF_THEN, backtest_pb2.BACKTEST_PRECEDENCE_OF_NOW)


async def replay(request: Request) -> Response:
    """Take a decision again and say whether it is the same."""
    house, decision_id = house_of(request), request.path_params["decision_id"]
    asked = history.ReplayDecisionRequest(decision_id=decision_id)
    taken = (await house.history.ReplayDecision(asked, timeout=LONG)).replay
    names = await house.places.body_names(visit_of(request).language, (each.ministry_id for each in taken.verdicts))
    return render(request, "replay.html", replay=taken, bodies=names)


async def every(request: Request, form: Form | None = None) -> Response:
    """List back-tests and offer to start one."""
    house, visit = house_of(request), visit_of(request)
    found = await house.history.ListBacktests(
        history.ListBacktestsRequest(page_token=request.query_params.get("page", ""))
    )
    today = shown.today()
    usual = {"from_day": (today - USUAL).isoformat(), "to_day": today.isoformat(), "slot": str(SLOTS[0])}
    return render(
        request,
        "backtests.html",
        form=form or forms.empty(request, precedence=str(WEIGHED[0]), **usual),
        found=found,
        bodies=await house.places.body_names(visit.language, (each.ministry_id for each in found.backtests)),
        ministries=await ministry_choices(request),
        slots=labelled(request, "slot", SLOTS),
        weighed=labelled(request, "weighed", WEIGHED),
    )


async def start(request: Request) -> Response:
    """Start a back-test."""
    form = await forms.read(request)
    ministry_id = form.needs("ministry_id", N_("Choose the ministry."))
    slot = form.one_of("slot", map(str, SLOTS), N_("Choose which rules are tried."))
    weighed = form.one_of("precedence", map(str, WEIGHED), N_("Choose how claims are weighed."))
    asked = history.StartBacktestRequest(
        request_id=form["request_id"],
        ministry_id=ministry_id,
        slot=ministry_pb2.Slot.ValueType(int(slot or 0)),
        precedence=backtest_pb2.BacktestPrecedence.ValueType(int(weighed or 0)),
        from_day=form.text("from_day"),
        to_day=form.text("to_day"),
    )
    return await act(
        request,
        form,
        lambda: house_of(request).history.StartBacktest(asked),
        fields=("ministry_id", "slot", "from_day", "to_day", "precedence"),
        again=every,
        to="/backtests",
        done="backtest-started",
    )


async def one(request: Request, form: Form | None = None) -> Response:
    """Show how far a back-test has come and what it found."""
    house, visit = house_of(request), visit_of(request)
    asked = history.GetBacktestRequest(backtest_id=request.path_params["backtest_id"])
    it = (await house.history.GetBacktest(asked)).backtest
    bodies = [it.ministry_id, *(body for each in it.shifts for body in (each.from_ministry_id, each.to_ministry_id))]
    return render(
        request,
        "backtest.html",
        form=form,
        it=it,
        running=it.state == RUNNING,
        bodies=await house.places.body_names(visit.language, bodies),
    )


async def cancel(request: Request) -> Response:
    """End a back-test."""
    form, backtest_id = await forms.read(request), request.path_params["backtest_id"]
    asked = history.CancelBacktestRequest(request_id=form["request_id"], backtest_id=backtest_id)
    return await act(
        request,
        form,
        lambda: house_of(request).history.CancelBacktest(asked),
        fields=("backtest_id",),
        again=one,
        to=f"/backtests/{backtest_id}",
        done="backtest-cancelled",
    )


routes: list[Route] = [
    desk("/decisions/{decision_id}/replay", replay),
    desk("/backtests", every),
    desk("/backtests", start, "POST"),
    desk("/backtests/{backtest_id}", one),
    desk("/backtests/{backtest_id}/cancel", cancel, "POST"),
]
