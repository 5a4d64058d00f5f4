"""`check`: loads the rules of a folder in the real worker and tells every mistake with its place, and rows of tables that overlap."""

from pathlib import Path

from diwan_rules.author import terminal
from diwan_rules.author.language import say, told
from diwan_rules.author.trial import Trial
from diwan_rules.sources import HERE
from diwan_rules.tables import plugin


def check(folder: Path) -> int:
    """Return 0 when all rules of a folder load, otherwise 1."""
    with Trial(folder) as trial:
        for ministry in trial.ministries:
            if ministry.load_errors:
                terminal.show(say("check_not_loaded", ministry=ministry.code), "red")
                for error in ministry.load_errors:
                    terminal.show(f"  {told(error)}")
                continue
            hooks = ", ".join(ministry.described["hooks"])
            version, guard = ministry.described["version"], ministry.described["guard"]
            terminal.show(say("check_loaded", ministry=ministry.code, version=version, hooks=hooks, guard=guard))
            for source in ministry.sources:
                if source.target == HERE:
                    for overlap in plugin.warnings(source.folder, source.name):
                        terminal.warn(f"  {told(overlap)}")
        return int(bool(trial.mistakes))
