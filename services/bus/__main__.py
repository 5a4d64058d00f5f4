"""Starts the bus: relays, workers and clocks as nameko containers on one event loop, with a health door."""

import os

os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")

import eventlet
from eventlet import hubs

hubs.use_hub("eventlet.hubs.asyncio")
eventlet.monkey_patch(thread=False)

from services.bus import launcher

if __name__ == "__main__":
    eventlet.spawn(launcher.run).wait()
