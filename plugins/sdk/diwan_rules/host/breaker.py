"""Lets a ministry's rules rest for a while when they keep failing, so that nobody waits for them in vain."""

from collections import deque
from dataclasses import dataclass, field

_LATELY = 20


@dataclass
class Breaker:
    """Opens when half of the last calls and at least so many failed, asks once after a pause, and ignores calls begun before its last change."""

    limit: int = 5
    pause: float = 10.0
    _lately: deque[bool] = field(default_factory=lambda: deque(maxlen=_LATELY))
    _open: bool = False
    _changed_at: float = 0.0

    def allows(self, now: float) -> bool:
        """Tell whether the rules may be asked."""
        return not self._open or now >= self._changed_at + self.pause

    def succeeded(self, begun: float, now: float) -> None:
        """Note an answer."""
        if begun >= self._changed_at:
            self._lately.append(False)
            if self._open:
                self._change(now, opened=False)

    def failed(self, begun: float, now: float) -> None:
        """Note a failure."""
        if begun < self._changed_at:
            return
        self._lately.append(True)
        failures = sum(self._lately)
        if self._open or (failures >= self.limit and 2 * failures >= len(self._lately)):
            self._change(now, opened=True)

    def _change(self, now: float, *, opened: bool) -> None:
        self._open, self._changed_at = opened, now
        self._lately.clear()
