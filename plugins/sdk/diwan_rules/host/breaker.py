"""Lets a ministry's rules rest for a while when they keep failing, so that nobody waits for them in vain."""

from dataclasses import dataclass


@dataclass
class Breaker:
    """Opens after so many failures in a row, asks once after a pause, and ignores calls begun before its last change."""

    limit: int = 5
    pause: float = 10.0
    _failures: int = 0
    _open: bool = False
    _changed_at: float = 0.0

    def allows(self, now: float) -> bool:
        """Tell whether the rules may be asked."""
        return not self._open or now >= self._changed_at + self.pause

    def succeeded(self, begun: float, now: float) -> None:
        """Note an answer."""
        if begun >= self._changed_at:
            self._failures = 0
            if self._open:
                self._open, self._changed_at = False, now

    def failed(self, begun: float, now: float) -> None:
        """Note a failure."""
        if begun < self._changed_at:
            return
        self._failures += 1
        if self._open or self._failures >= self.limit:
            self._open, self._changed_at, self._failures = True, now, 0
