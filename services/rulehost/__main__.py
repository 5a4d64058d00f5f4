"""Starts the rule host: the worked examples in plugins/ and the folder that DIWAN_PLUGINS names."""

import asyncio
import logging
import sys
from pathlib import Path

from diwan.rules.v1 import rule_host_service_pb2 as pb2
from diwan.rules.v1 import rule_host_service_pb2_grpc as pb2_grpc
from diwan_rules.host.supervisor import Host

from services.chassis import journal, tracing
from services.chassis.server import Server, told_to_stop
from services.chassis.settings import Settings
from services.rulehost.server import RuleHost

PROCESS = "rulehost"
EXAMPLES = Path(__file__).parents[2] / "plugins"
SERVICE = pb2.DESCRIPTOR.services_by_name["RuleHostService"].full_name

_log = logging.getLogger(__name__)


def main() -> None:
    """Run until told to stop."""
    settings = Settings.read(PROCESS)
    journal.start(PROCESS)
    tracing.start(PROCESS, settings)
    try:
        asyncio.run(_run(settings))
    finally:
        tracing.stop()


async def _run(settings: Settings) -> None:
    server = Server(settings)
    await server.start()
    folders = [EXAMPLES, *([Path(settings.plugins)] if settings.plugins else [])]
    async with Host(*folders) as host:
        if not _tell(host) and settings.rules_strict:
            await server.stop()
            sys.exit("DIWAN_RULES_STRICT=1: some rules do not load; correct them, or set it to 0 to run the others.")
        await server.open([(SERVICE, pb2_grpc.add_RuleHostServiceServicer_to_server, RuleHost(host))])
        await told_to_stop()
        await server.stop()


def _tell(host: Host) -> bool:
    """Say loudly which rules did not load; tell whether all did."""
    for ministry in host.ministries.values():
        for error in ministry.load_errors:
            _log.error("rules not loaded", extra={"ministry": ministry.code, "code": error.code, "says": str(error)})
    _log.info("rules loaded", extra={"ministries": [m.code for m in host.ministries.values() if not m.load_errors]})
    return not any(ministry.load_errors for ministry in host.ministries.values())


if __name__ == "__main__":
    main()
