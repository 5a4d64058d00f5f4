"""The operator's page: how the machines handled one complaint."""

from collections.abc import Sequence
from dataclasses import dataclass

from diwan.intake.v1 import intake_service_pb2 as intake
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.chassis.traces import Kept, by_trace, find
from services.portal import forms
from services.portal.acts import desk, session_of
from services.portal.neighbours import house_of
from services.portal.page import render


@dataclass(frozen=True, kw_only=True)
class Line:
    """One span as it is drawn: where it begins and how long it is, of 100."""

    depth: int
    process: str
    name: str
    milliseconds: str
    failed: bool
    left: float
    width: float


@dataclass(frozen=True)
class Drawn:
    """One trace as it is drawn."""

    trace_id: str
    lines: Sequence[Line]
    processes: int


async def traces(request: Request) -> Response:
    """Draw the traces of one complaint."""
    form = forms.empty(request, number=request.query_params.get("number", ""))
    drawn = []
    if typed := form.text("number"):
        if not session_of(request).holds("operator"):
            asked = intake.GetComplaintRequest(number=typed)
            typed = (await house_of(request).intake.GetComplaint(asked)).complaint.number
        home = request.app.state.settings.home
        drawn = [_drawn(tree) for tree in by_trace(await run_in_threadpool(find, home, typed))]
    return render(request, "traces.html", form=form, traces=drawn)


def _drawn(tree: Sequence[tuple[int, Kept]]) -> Drawn:
    """Place each span on a line of 0 to 100."""
    start = min(span.start for _, span in tree)
    whole = max(max(span.end for _, span in tree) - start, 1)
    lines = [
        Line(
            depth=depth,
            process=span.process,
            name=span.name,
            milliseconds=f"{span.milliseconds:.1f}",
            failed=span.status not in ("OK", "UNSET"),
            left=round(100 * (span.start - start) / whole, 2),
            width=max(0.5, round(100 * (span.end - span.start) / whole, 2)),
        )
        for depth, span in tree
    ]
    return Drawn(tree[0][1].trace_id, lines, len({span.process for _, span in tree}))


routes: list[Route] = [desk("/traces", traces)]
