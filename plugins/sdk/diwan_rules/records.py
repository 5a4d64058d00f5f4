"""Recorded questions: one JSON object per line, as the core exports them for `backtest` and keeps them for `replay`."""

from datetime import date
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from diwan_rules.facts import Calendar


class _Recorded(BaseModel):
    """Without fields that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RecordedAnswer(_Recorded):
    """What one ministry said; neither verdict nor failure is: nothing to say."""

    verdict: list[Any] | None = Field(default=None, description='`["Claim", {…fields}]`, or a list of such pairs.')
    failure: str = Field(default="", description="How the rules failed, such as timed_out; empty when they did not.")
    version: str = Field(default="", description="The version of the rules that answered.")
    digest: str = Field(default="", description="The digest of the files that answered.")


class RecordedConfiguration(_Recorded):
    """The values of one ministry's configuration."""

    revision: int = Field(default=0, description="The number of the revision; 0 stands for the defaults.")
    values_json: str = Field(default="", description="The values as JSON.")


class Record(_Recorded):
    """One question about one case, with all that the rules were shown and all that they answered."""

    format: Literal[1] = Field(description="The version of this format.")
    hook: str = Field(default="claim", description="The hook that was asked.")
    asked_at: AwareDatetime = Field(description="The moment of the question, with its offset: `ctx.now`.")
    facts: dict[str, Any] = Field(description="The fields of `Case`, complaint_id and text among them; no hits.")
    besides: dict[str, Any] = Field(default={}, description="What the hook was asked about besides: stage, reply …")
    holidays: tuple[date, ...] = Field(default=(), description="The holidays of `ctx.calendar`.")
    weekend: tuple[int, ...] = Field(default=(5, 6), description="The weekend of `ctx.calendar`, ISO days.")
    units: dict[str, list[dict[str, str]]] = Field(default={}, description="Each ministry's units in `ctx.directory`.")
    configurations: dict[str, RecordedConfiguration] = Field(
        default={}, description="The values that each ministry's rules worked with; none are the defaults."
    )
    outcomes: dict[str, RecordedAnswer] = Field(default={}, description="What each ministry said, by its code.")
    assigned: str = Field(default="", description="The ministry that the complaint was given to in the end.")

    @property
    def calendar(self) -> Calendar:
        """Return the working days as they were known."""
        return Calendar(frozenset(self.holidays), frozenset(self.weekend))

    def line(self) -> str:
        """Return the record as one line of a file."""
        return self.model_dump_json(exclude_defaults=False) + "\n"
