"""Drives the main job over a running house: `python -m tests.demo [--texts FILE.csv]`."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import grpc
import typer
from diwan.directory.v1 import directory_service_pb2
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from services.premises import Premises
from tests.demo import ending
from tests.demo.cast import a_cast
from tests.demo.play import ALL, Advance, Played, play
from tests.demo.texts import OWN, NoTexts, Sample, read

LETTERS = 400
FEW = 500
console = Console(highlight=False, soft_wrap=True)


def demo(
    texts: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="a CSV file with a column of texts")] = OWN,
    column: Annotated[str, typer.Option(help="the column of texts, where its name does not say so")] = "",
    rows: Annotated[int, typer.Option(help="file at most so many; 0 for all")] = 0,
    letters: Annotated[str, typer.Option(help="follow so many letters to the end, or all")] = "",
) -> None:
    """File complaints over all channels, let officers work, and show what came of it."""
    premises = Premises.find(os.environ)
    try:
        samples = read(texts, column=column, at_most=rows or None)
    except NoTexts as error:
        raise typer.BadParameter(str(error)) from None
    most = ALL if letters == "all" or (not letters and len(samples) <= FEW) else int(letters or LETTERS)
    console.print(f"{len(samples)} texts of {texts}, filed as marked samples")
    played = asyncio.run(_played(premises, samples, most))
    if not ending.show(console, premises, played):
        console.print("[bold red]Something is not as it must be[/]: see the counts marked ✗, and make dead-letters.")
        raise typer.Exit(1)


async def _played(premises: Premises, samples: list[Sample], letters: int) -> Played:
    columns = (SpinnerColumn(), TextColumn("{task.description:<32}"), BarColumn(), TextColumn("{task.completed:>6.0f}"))
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:

        def bar(what: str, of: int) -> Advance:
            task = progress.add_task(what, total=of or None)
            return lambda more: progress.update(task, advance=more)

        async with a_cast(premises) as cast:
            try:
                await cast.portal.directory.ListTopics(directory_service_pb2.ListTopicsRequest(), timeout=5)
            except (grpc.aio.AioRpcError, OSError):
                console.print("No house answers here: start it with `make run`, then run this in another terminal.")
                sys.exit(1)
            played = await play(cast, samples, letters=letters, bar=bar)
        for task in progress.tasks:
            progress.update(task.id, total=task.completed)
        return played


if __name__ == "__main__":
    typer.run(demo)
