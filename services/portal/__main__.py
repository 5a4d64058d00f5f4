"""Starts the portal: `python -m services.portal`."""

import uvicorn

from services.chassis import journal, tracing
from services.chassis.settings import Settings
from services.portal.app import build

PROCESS = "portal"


def main() -> None:
    """Serve the pages until the order to stop."""
    settings = Settings.read(PROCESS)
    journal.start(PROCESS)
    tracing.start(PROCESS, settings)
    host, _, port = settings.listen.rpartition(":")
    address = {"uds": port} if host == "unix" else {"host": host, "port": int(port)}
    try:
        uvicorn.run(
            build(settings),
            **address,
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=int(settings.grace_seconds),
        )
    finally:
        tracing.stop()


if __name__ == "__main__":
    main()
