"""The kit for ministries' rules: all that an author imports."""

from diwan_rules.facts import Calendar, Case, Channel, Context, Directory, Kind, Stage, Unit
from diwan_rules.hooks import hookimpl
from diwan_rules.terms import Hits, Terms
from diwan_rules.text import normalise
from diwan_rules.topical import Topical
from diwan_rules.verdicts import Basis, Because, Bilingual, Claim, Decline, PluginInfo, UnitProposal, WorkingDays

__version__ = "1.0.0"
__all__ = [
    "Basis",
    "Because",
    "Bilingual",
    "Calendar",
    "Case",
    "Channel",
    "Claim",
    "Context",
    "Decline",
    "Directory",
    "Hits",
    "Kind",
    "PluginInfo",
    "Stage",
    "Terms",
    "Topical",
    "Unit",
    "UnitProposal",
    "WorkingDays",
    "hookimpl",
    "normalise",
]
