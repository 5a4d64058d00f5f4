"""What our nameko entrypoints have in common: a green thread that turns until it is told to stop."""

import logging
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import Any

from eventlet.event import Event
from eventlet.queue import Empty, LightQueue
from nameko.extensions import DependencyProvider, Entrypoint

_log = logging.getLogger(__name__)


class Signal:
    """Something to rest on until somebody rings; many rings before a rest count once."""

    def __init__(self) -> None:
        self._rings: LightQueue = LightQueue(1)

    def ring(self, *_: object) -> None:
        """End the present or the next rest."""
        if not self._rings.full():
            self._rings.put_nowait(None)

    def rest(self, seconds: float) -> None:
        """Wait for a ring, so many seconds at most."""
        with suppress(Empty):
            self._rings.get(timeout=seconds)


class Given(DependencyProvider):
    """Puts what the launcher made, once for all containers, into a service."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        self._name = name
        super().__init__(**kwargs)

    def get_dependency(self, worker_ctx: Any) -> Any:
        """Return the thing of that name from the containers' configuration."""
        return self.container.config[self._name]


class Loop(Entrypoint, ABC):
    """Turns again at once while a turn found work, rests otherwise; a failed turn is logged and tried again."""

    rest_seconds = 1.0

    def __init__(self, **kwargs: Any) -> None:
        self.signal = Signal()
        self.stopping = False
        self._thread: Any = None
        super().__init__(**kwargs)

    @abstractmethod
    def turn(self) -> bool:
        """Do what there is to do; say whether there was any."""

    def ended(self) -> None:
        """Let go of what the turns held."""

    def start(self) -> None:
        """Begin to turn."""
        self._thread = self.container.spawn_managed_thread(self._run)

    def stop(self) -> None:
        """Finish the present turn and end."""
        self.stopping = True
        self.signal.ring()
        self._thread.wait()

    def kill(self) -> None:
        """End at once."""
        self._thread.kill()

    def _run(self) -> None:
        while not self.stopping:
            try:
                busy = self.turn()
            except Exception as error:  # noqa: BLE001 (the loop outlives every neighbour)
                _log.warning("%s tries again: %s", self, type(error).__name__)
                self.ended()
                busy = False
            if not busy:
                self.signal.rest(self.rest_seconds)
        self.ended()

    def fire(self, *args: object) -> Event:
        """Run the service's method in a worker; the returned event brings its result or raises its error."""
        done = Event()

        def settle(worker_ctx: Any, result: Any, failure: Any) -> Any:
            done.send(result, failure)
            return result, failure

        self.container.spawn_worker(self, args, {}, handle_result=settle)
        return done
