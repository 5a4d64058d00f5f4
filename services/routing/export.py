"""The operator's command `export-cases`: a ministry's own cases into a file for its authors, for a stated purpose."""

import asyncio
import os
from datetime import datetime
from pathlib import Path
from typing import Annotated

import grpc
import typer
from diwan.routing.v1 import history_service_pb2 as pb
from diwan.routing.v1 import history_service_pb2_grpc
from rich.console import Console
from rich.progress import Progress

from services.chassis.client import connect, refused
from services.chassis.incoming import acting
from services.chassis.settings import Settings

OWNER_ONLY = 0o600
DAY = "%Y-%m-%d"
console = Console(highlight=False, soft_wrap=True)


def export_cases(
    file: Annotated[Path, typer.Argument(help="a new file; only its owner may read it")],
    *,
    ministry: Annotated[str, typer.Option(help="the ministry's code, such as MSAN")],
    first: Annotated[datetime, typer.Option("--from", formats=[DAY], help="first day of the period")],
    last: Annotated[datetime, typer.Option("--to", formats=[DAY], help="last day of the period")],
    purpose: Annotated[str, typer.Option(prompt=True, help="what it is for; kept for good with the act")],
) -> None:
    """Write a ministry's own cases, complainants' words included, as JSON lines for `diwan-rules backtest`.

    Its own are the cases that it claimed or was given. The act is recorded with its purpose and shown to the Mediator.
    """
    request = pb.ExportCasesRequest(
        ministry_id=ministry.lower(), from_day=f"{first:{DAY}}", to_day=f"{last:{DAY}}", because=purpose
    )
    try:
        with acting(language="en"):
            written, left_out = asyncio.run(_written(request, file))
    except FileExistsError:
        raise _failure(f"{file} exists; name a new file") from None
    except grpc.aio.AioRpcError as error:
        file.unlink(missing_ok=True)
        said = refused(error)
        raise _failure(f"{said.message or error.details()} ({said.reason or said.kind})") from None
    console.print(f"{written} cases written to {file}, {left_out} left out because erased or changed since.")
    console.print("They hold citizens' words: hand them to the ministry's authors only, and delete them afterwards.")


async def _written(request: pb.ExportCasesRequest, file: Path) -> tuple[int, int]:
    """Fetch page by page into a file that nobody else can read."""
    written = left_out = 0
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as lines:
        async with connect(Settings.read("operator"), "routing") as channel:
            history = history_service_pb2_grpc.HistoryServiceStub(channel)
            with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
                bar = progress.add_task("writing cases", total=None)
                while True:
                    page = await history.ExportCases(request)
                    lines.writelines(page.records)
                    written, left_out = written + len(page.records), left_out + page.left_out
                    progress.update(bar, completed=written, description=f"writing cases: {written}")
                    if not page.next_page_token:
                        return written, left_out
                    request.page_token = page.next_page_token


def _failure(message: str) -> typer.Exit:
    Console(stderr=True, highlight=False, soft_wrap=True).print(message, markup=False, style="red")
    return typer.Exit(1)
