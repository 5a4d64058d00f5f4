"""The figures: the quarterly state of a wilaya and the national table, to read here and to take away as files."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

from diwan.reporting.v1 import reporting_service_pb2 as messages
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from services.portal import forms, shown
from services.portal.acts import desk, own_wilaya, session_of
from services.portal.forms import Form
from services.portal.neighbours import house_of
from services.portal.page import render
from services.portal.pages.choices import wilaya_choices
from services.portal.visits import visit_of

FORMATS = {
    "json": (messages.REPORT_FORMAT_JSON, "application/json"),
    "csv": (messages.REPORT_FORMAT_CSV, "text/csv; charset=utf-8"),
    "pdf": (messages.REPORT_FORMAT_PDF, "application/pdf"),
}
FIRST_YEAR = 2022
QUARTERS = range(1, 5)


async def state(request: Request) -> Response:
    """Show the quarterly state of a wilaya."""
    form = _asked(request)
    wilayas = await wilaya_choices(request)
    if not form["wilaya"]:
        form.values["wilaya"] = wilayas[0][0] if wilayas else ""
    asked = messages.GetWilayaStateRequest(
        wilaya_id=form["wilaya"],
        year=form.whole("year"),
        quarter=form.whole("quarter"),
        with_samples=bool(form["samples"]),
    )
    found = (await house_of(request).reporting.GetWilayaState(asked)).state
    return render(request, "wilaya_state.html", form=form, it=found, wilayas=wilayas, **_periods(request))


async def national(request: Request) -> Response:
    """Show the national table of a year."""
    form = _asked(request)
    year = form.whole("year")
    asked = messages.GetNationalTableRequest(
        from_day=f"{year}-01-01", to_day=f"{year}-12-31", with_samples=bool(form["samples"])
    )
    found = (await house_of(request).reporting.GetNationalTable(asked)).table
    return render(request, "national.html", form=form, it=found, **_periods(request))


async def file(request: Request) -> Response:
    """Hand out a report as a file."""
    form = _asked(request)
    ending = request.path_params["ending"]
    if ending not in FORMATS or form["wilaya"] not in ("", *(known for known, _ in await wilaya_choices(request))):
        raise HTTPException(404)
    kind, media_type = FORMATS[ending]
    asked = messages.ExportReportRequest(
        format=kind,
        wilaya_id=form["wilaya"],
        year=form.whole("year"),
        quarter=form.whole("quarter") if form["wilaya"] else 0,
        with_samples=bool(form["samples"]),
    )
    pieces = aiter(house_of(request).reporting.ExportReport(asked))
    first = await anext(pieces)

    async def content() -> AsyncIterator[bytes]:
        yield first.piece
        async for each in pieces:
            yield each.piece

    name = f"diwan-{form['wilaya'] or 'national'}-{asked.year}" + (f"-{asked.quarter}" if asked.quarter else "")
    return StreamingResponse(
        content(), media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}.{ending}"'}
    )


def _asked(request: Request) -> Form:
    """Read which figures are asked for; without a word those of the present quarter and the officer's own wilaya."""
    asked, today = request.query_params, shown.today()
    form = forms.empty(
        request,
        wilaya=asked.get("wilaya", own_wilaya(request)),
        year=asked.get("year", ""),
        quarter=asked.get("quarter", ""),
        samples=asked.get("samples", ""),
    )
    if form.whole("year") not in range(FIRST_YEAR, today.year + 1):
        form.values["year"] = str(today.year)
    if form.whole("quarter") not in QUARTERS:
        form.values["quarter"] = str(_quarter(today))
    return form


def _periods(request: Request) -> dict[str, Any]:
    return {
        "years": [(str(year), str(year)) for year in range(shown.today().year, FIRST_YEAR - 1, -1)],
        "quarters": [(str(number), visit_of(request).say(f"quarter.{number}")) for number in QUARTERS],
        "nation": session_of(request).holds("mediator", "operator", "delegate", "wilaya_cell"),
        "formats": FORMATS,
    }


def _quarter(today: date) -> int:
    return (today.month - 1) // 3 + 1


routes: list[Route] = [
    desk("/figures", state),
    desk("/figures/national", national),
    desk("/figures/file.{ending}", file),
]
