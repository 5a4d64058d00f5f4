"""The operator's commands: `load`, `account`, `token`, `import-administrations`; each speaks to the running house."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import grpc
import typer
from diwan.common.v1 import access_pb2
from diwan.directory.v1 import directory_service_pb2 as pb
from diwan.directory.v1 import directory_service_pb2_grpc, officer_pb2
from rich.console import Console
from rich.progress import track

from services.chassis.client import connect, refused
from services.chassis.incoming import acting
from services.chassis.settings import Settings
from services.directory import lists

PATIENCE = 120.0
PORTION = 500
SHOWN = 10
ROLES = {name.removeprefix("ROLE_").lower(): value for name, value in access_pb2.Role.items() if value}
Answer = TypeVar("Answer")
RoleOption = Annotated[str, typer.Option(help="keeper, supervisor, delegate, wilaya_cell, unit_officer, mediator, …")]
ScopeOption = Annotated[str, typer.Option(help="national, wilaya:wilaya-alger, body:dsp-alger or register:16/0412")]

console = Console(highlight=False, soft_wrap=True)
commands = typer.Typer(
    help="Commands of the directory: who and where.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)


@commands.command()
def load() -> None:
    """Load the reference data of this version; loading again changes nothing."""
    loaded = _ask(_load())
    console.print(
        f"New or changed: {loaded.territories} territories, {loaded.bodies} bodies, {loaded.topics} topics."
        f" Bodies valid today: {loaded.bodies_total}."
    )
    console.print("Next: `make account ROLE=delegate SCOPE=wilaya:wilaya-alger` creates an account.")


@commands.command()
def account(
    role: RoleOption,
    scope: ScopeOption,
    username: Annotated[str, typer.Option(help="name for signing in; made from role and scope when empty")] = "",
    display_name: Annotated[str, typer.Option(help="name shown on acts; made from role and scope when empty")] = "",
) -> None:
    """Create an officer's account, or reset its password."""
    made = _ask(_set_account(_appointment(role, scope), username=username, display_name=display_name))
    console.print(f"{made.officer.display_name}")
    console.print(f"name      [bold]{made.officer.username}[/]")
    console.print(f"password  [bold]{made.password}[/]  (shown this once)")
    console.print("Next: sign in at the portal.")


@commands.command()
def token(
    client: Annotated[str, typer.Option(help="name of the client service, for example app.mobile")],
    role: Annotated[str, typer.Option(help="filing_client or statistics_client")],
    scope: Annotated[str, typer.Option(help="national or wilaya:wilaya-alger")],
    days: Annotated[int, typer.Option(help="days of validity, 1 to 366")] = 90,
) -> None:
    """Issue a token for a client service."""
    issued = _ask(_issue(client, _appointment(role, scope), days))
    ends = issued.token.expire_time.ToDatetime().strftime("%d/%m/%Y")
    console.print(f"For {client}, until {ends}, shown this once; send it as metadata `authorization: Bearer …`:")
    typer.echo(issued.token.token)


@commands.command()
def import_administrations(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="a CSV file with a line of headers")],
    ministry: Annotated[str, typer.Option(help="their ministry, for example msan, where no column names it")] = "",
    service: Annotated[str, typer.Option(help="their kind, for example EPH, where no column names it")] = "",
    source: Annotated[str, typer.Option(help="permanent name of the list; the file's name when empty")] = "",
) -> None:
    """Enter administrations of a CSV file; each opens a complaint register. Entering again changes nothing.

    Columns (first line; in any order, others are left aside):
    key | id | المعرّف · name_ar | الاسم · name_fr | name | nom · wilaya_code | wilaya | الولاية ·
    commune_code | commune | البلدية · ministry | ministère | الوزارة · type | kind | النوع.
    Needed: a key, one of the names, a wilaya or a commune code, and a ministry by column or --ministry.
    """
    try:
        rows = lists.read(file, ministry_id=ministry, service_code=service)
    except lists.ListUnreadable as error:
        raise _failure(str(error)) from None
    changed, refusals = _ask(_import(source or file.stem.lower(), rows))
    console.print(f"{len(rows)} rows: {changed} new or changed, {len(refusals)} not taken.")
    for each in refusals[:SHOWN]:
        console.print(f"  {each.key}: {each.field}: {each.message}", markup=False)
    if len(refusals) > SHOWN:
        console.print(f"  … and {len(refusals) - SHOWN} more.")
    if rows and len(refusals) == len(rows):
        raise typer.Exit(1)
    console.print("Next: their registers open by themselves within a moment.")


async def _load() -> pb.LoadReferenceResponse:
    async with _channel() as channel:
        directory = directory_service_pb2_grpc.DirectoryServiceStub(channel)
        return await directory.LoadReference(pb.LoadReferenceRequest(), timeout=PATIENCE)


async def _set_account(
    appointment: officer_pb2.Appointment, *, username: str, display_name: str
) -> pb.SetAccountResponse:
    request = pb.SetAccountRequest(username=username, display_name=display_name, appointments=[appointment])
    async with _channel() as channel:
        return await directory_service_pb2_grpc.DirectoryServiceStub(channel).SetAccount(request)


async def _issue(client: str, appointment: officer_pb2.Appointment, days: int) -> pb.IssueClientTokenResponse:
    request = pb.IssueClientTokenRequest(client=client, appointments=[appointment], days=days)
    async with _channel() as channel:
        return await directory_service_pb2_grpc.DirectoryServiceStub(channel).IssueClientToken(request)


async def _import(source: str, rows: list[pb.AdministrationRow]) -> tuple[int, list[pb.RefusedRow]]:
    changed, refusals = 0, list[pb.RefusedRow]()
    async with _channel() as channel:
        directory = directory_service_pb2_grpc.DirectoryServiceStub(channel)
        portions = range(0, len(rows), PORTION)
        quiet = not console.is_terminal
        for start in track(portions, description="entering", console=console, transient=True, disable=quiet):
            request = pb.ImportAdministrationsRequest(source=source, rows=rows[start : start + PORTION])
            answer = await directory.ImportAdministrations(request, timeout=PATIENCE)
            changed += answer.changed
            refusals += answer.refused
    return changed, refusals


def _channel() -> grpc.aio.Channel:
    return connect(Settings.read("operator"), "directory")


def _appointment(role: str, scope: str) -> officer_pb2.Appointment:
    if (value := ROLES.get(role.strip().lower())) is None:
        raise _failure(f"ROLE={role} is not known; choose one of {', '.join(ROLES)}")
    return officer_pb2.Appointment(role=value, scope=scope)


def _ask(question: Coroutine[Any, Any, Answer]) -> Answer:
    """Ask the house; a refusal ends the command with its reason."""
    try:
        with acting(language="en"):
            return asyncio.run(question)
    except grpc.aio.AioRpcError as error:
        said = refused(error)
        if said.kind == "UNAVAILABLE":
            raise _failure("the house does not answer; start it with `make run`") from None
        raise _failure(f"{said.message or error.details()} ({said.reason or said.kind})") from None


def _failure(message: str) -> typer.Exit:
    Console(stderr=True, highlight=False, soft_wrap=True).print(message, markup=False, style="red")
    return typer.Exit(1)


if __name__ == "__main__":
    commands()
