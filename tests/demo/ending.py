"""What to look at after the demo: counts, agreement, times, and where everything is."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from services.premises import Premises
from tests.demo.deciding import Agreement
from tests.demo.play import Played


def show(console: Console, premises: Premises, played: Played) -> bool:
    """Print it all; say whether everything is as it must be."""
    good = _counts(console, played)
    _rules(console, played)
    _times(console, played)
    _places(console, premises, played)
    return good


def _counts(console: Console, played: Played) -> bool:
    assert played.totals is not None
    assert played.books is not None
    totals, kept = played.totals, played.books
    rows = [
        ("filed now", str(len(played.filed)), True),
        ("decided or in triage", str(len(played.rulings.first)), len(played.rulings.first) == len(played.filed)),
        ("left in triage", str(played.triage_left), played.triage_left == 0),
        ("dead letters", str(len(played.dead)), not played.dead),
        ("complaints in intake, by any run", f"{totals.entered}", True),
        (f"entries of {kept.registers} registers", f"{kept.entries}", kept.entries == totals.entered),
        ("registers with a gap", ", ".join(kept.gaps) or "0", not kept.gaps),
        ("complaints in the national table", str(totals.reported), totals.reported == totals.entered),
        ("facts, and their rollups", f"{totals.facts}, {totals.rollups}", totals.facts == totals.rollups),
        ("closed in intake, in the table", f"{totals.states.get('CLOSED', 0)}, {totals.reported_closed}", totals.equal),
    ]
    table = Table("count", "", "", title="What the house holds", title_justify="left", box=None, padding=(0, 2, 0, 0))
    for what, count, good in rows:
        table.add_row(what, count, "[green]✓[/]" if good else "[bold red]✗[/]")
    console.print(table)
    states = ", ".join(f"{name.lower().replace('_', ' ')} {count}" for name, count in sorted(totals.states.items()))
    console.print(f"states        {states}")
    acts = ", ".join(f"{what} {count}" for what, count in played.done.items())
    console.print(f"acts          {acts}")
    if played.carried < played.referred:
        console.print(
            f"letters       followed for {played.carried} of {played.referred} referred; LETTERS=all follows each"
        )
    return all(good for _, _, good in rows)


def _rules(console: Console, played: Played) -> None:
    outcomes = ", ".join(f"{name.lower()} {count}" for name, count in played.rulings.outcomes().most_common())
    console.print(f"by the rules  {outcomes}")
    for where, sectors in (("in the sectors with rules", played.sectors), ("over all sectors", frozenset[str]())):
        found = played.rulings.agreement(played.filed, sectors)
        if found.expected:
            console.print(f"              {where}: {_said(found)}")


def _said(found: Agreement) -> str:
    return (
        f"coverage {found.coverage:.2f} ({found.assigned} of {found.expected} with a known ministry),"
        f" agreement {found.share:.2f} ({found.right} of {found.assigned})"
    )


def _times(console: Console, played: Played) -> None:
    phases = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in played.seconds.items())
    console.print(f"times         {phases}; together {sum(played.seconds.values()):.0f} s")


def _places(console: Console, premises: Premises, played: Played) -> None:
    folder = premises.home / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    portal = f"http://{premises.settings('portal').listen}"
    example = played.example or played.filed[0]
    console.print(f"portal        [bold]{portal}[/]")
    console.print(f"receipt       number {example.number}, secret {example.secret}; track it at {portal}")
    for name, content, what in (("letter.pdf", played.letter, "letter"), ("state.pdf", played.report, "report")):
        if content:
            console.print(f"{what:<13} {_saved(folder / name, content)}")
    console.print(f"trace         make trace N={example.number}")


def _saved(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
