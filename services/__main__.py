"""Runs everything on one machine: `python -m services`; with a module's name, runs that command with this machine's settings."""

import asyncio
import os
import signal
import sys
import time

from rich.console import Console

from services.chassis import keys
from services.chassis.settings import PROCESSES as KEY_HOLDERS
from services.chassis.settings import SettingUnclear
from services.first_start import load_reference, make_accounts
from services.house import House, HouseNotReady
from services.postgres import PostgresUnusable
from services.premises import CHECKOUT, Premises

console = Console(highlight=False, soft_wrap=True)


def main() -> int:
    """Run the house, or one command of it."""
    premises = Premises.find(os.environ)
    if len(sys.argv) > 1:
        return _command(premises, sys.argv[1], sys.argv[2:])
    try:
        return asyncio.run(_run(premises))
    except (HouseNotReady, PostgresUnusable, SettingUnclear) as error:
        console.print(f"[bold red]Diwan did not start.[/] {error}")
        return 1


def _command(premises: Premises, module: str, arguments: list[str]) -> int:
    """Become a service's command."""
    process = "bus" if module.startswith("bus.") else "operator"
    os.chdir(CHECKOUT)
    os.execve(sys.executable, [sys.executable, "-m", f"services.{module}", *arguments], premises.environment(process))


async def _run(premises: Premises) -> int:
    """Start, say what is where, wait for the order to stop, stop."""
    stop = asyncio.Event()
    for order in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(order, stop.set)
    began = time.monotonic()
    _prepare(premises)
    house = House(premises, console.print)
    running = asyncio.create_task(_open(house, began))
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
            await stopped
    finally:
        running.cancel()
        with console.status("stopping"):
            await house.stop()
    console.print("Diwan has stopped; its data are in", str(premises.home))
    return 0


def _prepare(premises: Premises) -> None:
    premises.home.mkdir(parents=True, exist_ok=True)
    keys.make(premises.settings("operator").keys, [name for name in KEY_HOLDERS if name != "client"])


async def _open(house: House, began: float) -> None:
    settings = house.premises.settings("operator")
    with console.status("starting PostgreSQL and the services"):
        await house.start()
    with console.status("loading reference data; only the first start does"):
        await load_reference(settings, console.print)
        accounts = await make_accounts(settings)
    _welcome(house.premises, accounts)
    console.print(f"Ready after {time.monotonic() - began:.1f} s. Ctrl-C stops everything.")


def _welcome(premises: Premises, accounts: list[tuple[str, str, str, str]]) -> None:
    """Say where everything is and what to do next."""
    if accounts:
        console.print("Accounts, with passwords that are shown this once:")
        for name, role, scope, password in accounts:
            console.print(f"  {name:<26} [bold]{password}[/]   {role}, {scope}")
    console.print(f"portal    [bold]http://{premises.settings('portal').listen}[/]")
    console.print("accounts  make account ROLE=delegate SCOPE=wilaya:wilaya-oran   creates or resets one")
    console.print("traces    make trace N=16/0412/2026/000123   draws what happened to a complaint")
    console.print(f"logs      {premises.home / 'logs'}")
    console.print("next      make demo   in another terminal files sample complaints and lets officers work")


if __name__ == "__main__":
    sys.exit(main())
