"""The operator's commands: `train`, `train-varieties` and `export-cases`; each speaks to the running house."""

import asyncio
import csv
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeAlias

import grpc
import typer
from diwan.routing.v1 import classifier_pb2, routing_service_pb2_grpc
from diwan.routing.v1 import routing_service_pb2 as pb
from rich.console import Console
from rich.progress import Progress

from services.chassis.client import connect, refused
from services.chassis.incoming import acting
from services.chassis.settings import Settings
from services.routing.export import export_cases

EVERY = 0.5
MOST_BYTES = 3_500_000
LONGEST = 2000
VARIETIES = {
    "ar": "MSA", "msa": "MSA", "dz": "DARIJA", "darija": "DARIJA", "fr": "FRENCH", "french": "FRENCH", "arabizi": "ARABIZI",
}  # fmt: skip
UNDER_WAY = (classifier_pb2.TRAINING_STAGE_FETCHING, classifier_pb2.TRAINING_STAGE_LEARNING)
Stub: TypeAlias = "routing_service_pb2_grpc.RoutingServiceAsyncStub"
Begin = Callable[[Stub], Awaitable[pb.TrainClassifierResponse | pb.TrainVarietiesResponse]]

console = Console(highlight=False, soft_wrap=True)
commands = typer.Typer(
    help="Commands of routing's operator.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)


commands.command()(export_cases)


@commands.command()
def train(
    samples: Annotated[bool, typer.Option(help="learn from samples too; for trying things out")] = False,
) -> None:
    """Learn anew from the office's confirmed decisions, and show how good the model is."""
    request = pb.TrainClassifierRequest(always=True, with_samples=samples)
    _run(lambda routing: routing.TrainClassifier(request), classifier_pb2.MODEL_KIND_COMPETENCE)


@commands.command()
def train_varieties(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV with the columns text and language")],
) -> None:
    """Learn to tell standard Arabic, Darija, French and Arabizi apart from texts that you give.

    Languages: ar or msa, dz or darija, fr or french, arabizi; other rows are left aside.
    """
    request = pb.TrainVarietiesRequest(examples=_examples(file))
    _run(lambda routing: routing.TrainVarieties(request), classifier_pb2.MODEL_KIND_VARIETY)


def _examples(file: Path) -> list[pb.VarietyExample]:
    """Read the rows whose language is known, as many as one call can carry."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        if not {"text", "language"} <= set(rows.fieldnames or ()):
            raise _failure(f"{file} needs the columns text and language; it has {', '.join(rows.fieldnames or ())}")
        found, size = list[pb.VarietyExample](), 0
        for row in rows:
            variety, text = (
                VARIETIES.get((row["language"] or "").strip().lower()),
                (row["text"] or "").strip()[:LONGEST],
            )
            size += len(text.encode())
            if variety and text and size < MOST_BYTES:
                value = classifier_pb2.Variety.Value(f"VARIETY_{variety}")
                found.append(pb.VarietyExample(text=text, variety=value))
    return found


def _run(begin: Begin, kind: "classifier_pb2.ModelKind.ValueType") -> None:
    try:
        with acting(language="en"):
            ended = asyncio.run(_trained(begin, kind))
    except grpc.aio.AioRpcError as error:
        said = refused(error)
        if said.kind == "UNAVAILABLE":
            raise _failure("the house does not answer; start it with `make run`") from None
        raise _failure(f"{said.message or error.details()} ({said.reason or said.kind})") from None
    if isinstance(ended, classifier_pb2.Training):
        raise _failure(f"the training failed: {ended.error}; see the log of routing")
    _show(ended)


async def _trained(
    begin: Begin, kind: "classifier_pb2.ModelKind.ValueType"
) -> classifier_pb2.Model | classifier_pb2.Training:
    """Begin, or join the training that runs, and follow it to its end."""
    async with connect(Settings.read("operator"), "routing") as channel:
        routing = routing_service_pb2_grpc.RoutingServiceStub(channel)
        training = (await begin(routing)).training
        with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
            bar = progress.add_task("fetching words", total=training.total)
            while training.stage in UNDER_WAY:
                await asyncio.sleep(EVERY)
                found = await routing.GetClassifier(pb.GetClassifierRequest())
                training = next(each for each in found.trainings if each.kind == kind)
                learning = training.stage == classifier_pb2.TRAINING_STAGE_LEARNING
                progress.update(bar, completed=training.done, description="learning" if learning else "fetching words")
        found = await routing.GetClassifier(pb.GetClassifierRequest())
    return next((model for model in found.models if model.version == training.model_version), training)


def _show(model: classifier_pb2.Model) -> None:
    state = "in use" if model.in_use else "kept, not used"
    console.print(f"Model {model.version}, {state}: {model.because.fr}")
    console.print(f"learned from {sum(each.examples for each in model.classes)} of {model.examples} examples", end="")
    console.print(f" in {len(model.classes)} classes, {model.size_bytes:,} bytes")
    if model.tested:
        console.print(f"of the {model.tested} newest: first {_percent(model.right, model.tested)}", end="")
        console.print(f", among three {_percent(model.right_in_three, model.tested)}", end="")
        console.print(f", sure of {_percent(model.proposed, model.tested)}", end="")
        console.print(f" and right there in {_percent(model.proposed_right, model.proposed)}")
    console.print("Next: the page /classifier of the portal shows what it confuses.")


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _failure(message: str) -> typer.Exit:
    Console(stderr=True, highlight=False, soft_wrap=True).print(message, markup=False, style="red")
    return typer.Exit(1)


if __name__ == "__main__":
    commands()
