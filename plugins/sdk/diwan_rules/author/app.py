"""Puts the commands behind the one name `diwan-rules`; each imports what it needs when it is called."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from diwan_rules.author import terminal
from diwan_rules.author.language import Mistake, say, told
from diwan_rules.load_errors import NotLoaded

app = typer.Typer(
    help=say("help"), no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)
Folder = Annotated[Path, typer.Argument(show_default=False)]
Key = Annotated[Path, typer.Option("--key", show_default=False, help=say("option_key"))]


def main() -> None:
    """Run a command; `diwan_rules FOLDER TEXT` asks."""
    known = {command.name for command in app.registered_commands}
    if len(sys.argv) == 3 and sys.argv[1] not in known and not sys.argv[1].startswith("-"):
        sys.argv.insert(1, "ask")
    app()


def _ended(command: Callable[[], int]) -> None:
    """Run a command to its exit code; what is wrong with what the author gave is told, not traced."""
    try:
        code = command()
    except Mistake as mistake:
        terminal.warn(str(mistake))
        code = 2
    except NotLoaded as not_loaded:
        for error in not_loaded.errors:
            terminal.warn(told(error))
        code = 2
    raise typer.Exit(code)


@app.command("new", help=say("help_new"))
def _new(
    code: str,
    into: Annotated[Path | None, typer.Option(help=say("option_into"))] = None,
    table: Annotated[bool, typer.Option("--table", help=say("option_table"))] = False,
) -> None:
    from diwan_rules.author.scaffold import new

    _ended(lambda: new(code, into, table=table))


@app.command("check", help=say("help_check"))
def _check(folder: Folder) -> None:
    from diwan_rules.author.checking import check

    _ended(lambda: check(folder))


@app.command("ask", help=say("help_ask"))
def _ask(folder: Folder, text: str) -> None:
    from diwan_rules.author.asking import ask

    _ended(lambda: ask(folder, text))


@app.command("test", help=say("help_test"))
def _test(
    folder: Folder,
    cases: Annotated[list[Path] | None, typer.Argument()] = None,
    junit: Annotated[Path | None, typer.Option(help=say("option_junit"))] = None,
) -> None:
    from diwan_rules.author.testing import run

    _ended(lambda: run(folder, cases or [], junit))


@app.command("bench", help=say("help_bench"))
def _bench(
    folder: Folder,
    asks: Annotated[int, typer.Option(help=say("option_asks"))] = 500,
    budget_ms: Annotated[float, typer.Option(help=say("option_budget"))] = 5.0,
) -> None:
    from diwan_rules.author.benching import bench

    _ended(lambda: bench(folder, asks, budget_ms))


@app.command("backtest", help=say("help_backtest"))
def _backtest(
    folder: Folder,
    *,
    cases: Annotated[Path, typer.Option(show_default=False, help=say("option_cases"))],
    against: Annotated[Path | None, typer.Option(help=say("option_against"))] = None,
    max_changed: Annotated[int | None, typer.Option(help=say("option_max_changed"))] = None,
    show: Annotated[int, typer.Option(help=say("option_show"))] = 10,
) -> None:
    from diwan_rules.author.backtesting import backtest

    _ended(lambda: backtest(folder, cases, against, max_changed=max_changed, show=show))


@app.command("replay", help=say("help_replay"))
def _replay(decision: Path, folder: Annotated[Path, typer.Argument()] = Path()) -> None:
    from diwan_rules.author.replaying import replay

    _ended(lambda: replay(decision, folder))


@app.command("docs", help=say("help_docs"))
def _docs(
    folder: Annotated[Path | None, typer.Argument()] = None,
    records: Annotated[bool, typer.Option("--records", help=say("option_records"))] = False,
) -> None:
    from diwan_rules.author.docs import docs

    _ended(lambda: docs(folder, records=records))


@app.command("to-excel", help=say("help_to-excel"))
def _to_excel(
    folder: Folder, into: Annotated[Path | None, typer.Option(show_default=False, help=say("option_workbook"))] = None
) -> None:
    from diwan_rules.author.excel import to_excel

    _ended(lambda: to_excel(folder, into))


@app.command("from-excel", help=say("help_from-excel"))
def _from_excel(workbook: Path, folder: Folder) -> None:
    from diwan_rules.author.excel import from_excel

    _ended(lambda: from_excel(workbook, folder))


@app.command("pack", help=say("help_pack"))
def _pack(folder: Folder, into: Annotated[Path, typer.Option(help=say("option_into"))] = Path("dist")) -> None:
    from diwan_rules.author.packing import pack

    _ended(lambda: pack(folder, into))


@app.command("keygen", help=say("help_keygen"))
def _keygen(name: Path) -> None:
    from diwan_rules.author.keys import keygen

    _ended(lambda: keygen(name))


@app.command("sign", help=say("help_sign"))
def _sign(wheel: Path, key: Key) -> None:
    from diwan_rules.author.keys import sign

    _ended(lambda: sign(wheel, key))


@app.command("verify", help=say("help_verify"))
def _verify(wheel: Path, key: Key) -> None:
    from diwan_rules.author.keys import verify

    _ended(lambda: verify(wheel, key))


@app.command("serve", help=say("help_serve"))
def _serve(folder: Folder, text: Annotated[str, typer.Argument()] = "") -> None:
    from diwan_rules.author.serving import serve

    _ended(lambda: serve(folder, text))
