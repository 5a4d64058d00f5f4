"""What an author's tests build from: a case with its hits, and a context."""

from dataclasses import replace
from datetime import UTC, datetime

from pydantic import BaseModel

from diwan_rules.declarations import PluginInfo
from diwan_rules.facts import Calendar, Case, Context, Directory, Unit
from diwan_rules.terms import NO_HITS, Terms


def a_case(info: PluginInfo, text: str, facts: Case | None = None) -> Case:
    """Return a case with this text, its hits as the core would hand them over, and otherwise these facts."""
    case = replace(facts or Case(complaint_id="test", text=""), text=text)
    found = Terms(info.terms).scan(case.words)
    return replace(case, hits={group: found.get(group, NO_HITS) for group in info.terms})


def a_context(*units: Unit, now: datetime | None = None, config: BaseModel | None = None) -> Context:
    """Return a context with these units in the ministry's directory, and this configuration."""
    moment = now or datetime(2026, 11, 1, 9, tzinfo=UTC)
    return Context(now=moment, calendar=Calendar(), directory=Directory(units), config=config)
