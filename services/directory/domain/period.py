"""When something holds: from one day on, until another."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """Days of validity; no first day means longer than we know, no end means that it still holds."""

    first: date | None = None
    end: date | None = None

    def holds(self, day: date) -> bool:
        """Say whether it holds on that day."""
        return (self.first is None or self.first <= day) and (self.end is None or day < self.end)


ALWAYS = Period()
