"""What the bus is told to carry: who subscribes to what, and which clocks tick."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PLAN = Path(__file__).with_name("plan.toml")


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """Event types of one source that one subscriber takes in."""

    subscriber: str
    source: str
    types: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Tick:
    """An idempotent RPC that is called again and again."""

    service: str
    method: str
    every: float
    request: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """All subscriptions and ticks."""

    subscriptions: tuple[Subscription, ...]
    ticks: tuple[Tick, ...]

    @classmethod
    def read(cls, path: Path = PLAN) -> "Plan":
        """Read the declarative file."""
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls(
            subscriptions=tuple(
                Subscription(
                    subscriber=subscriber, source=source, types=tuple(f"diwan.{source}.v1.{name}" for name in names)
                )
                for subscriber, sources in told["subscribers"].items()
                for source, names in sources.items()
            ),
            ticks=tuple(
                Tick(
                    service=tick["method"].split(".")[1],
                    method=tick["method"],
                    every=tick["every"],
                    request=tick.get("request", {}),
                )
                for tick in told["ticks"]
            ),
        )

    @property
    def sources(self) -> tuple[str, ...]:
        """The services whose outboxes are read."""
        return tuple(sorted({each.source for each in self.subscriptions}))

    @property
    def subscribers(self) -> tuple[str, ...]:
        """The services that events are handed to."""
        return tuple(sorted({each.subscriber for each in self.subscriptions}))

    def routes(self, source: str) -> list[tuple[str, str]]:
        """Return (event type, subscriber) for each event that a source's outbox is read for."""
        return [
            (type_, each.subscriber) for each in self.subscriptions if each.source == source for type_ in each.types
        ]
