"""What can be set from outside: every DIWAN_ variable, read once; the defaults run on one machine."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from diwan.common.v1 import access_pb2

FIRST_PORT = "7400"
PROCESSES = {name.removeprefix("PROCESS_").lower(): number for name, number in access_pb2.Process.items() if number}


class SettingUnclear(ValueError):
    """A setting holds what cannot be read."""


def _setting(variable: str, default: str, says: str, read: Callable[[str], Any] = str) -> Any:
    """Describe one variable; <PROCESS> stands for the process that reads, <EACH> for every process."""
    return field(metadata={"variable": variable, "default": default, "says": says, "read": read})


def _flag(text: str) -> bool:
    return {"0": False, "1": True}[text]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one process."""

    process: str
    home: Path = _setting("DIWAN_HOME", ".diwan", "Data folder of this machine.", Path)  # noqa: RUF009 (a field)
    first_port: int = _setting(
        "DIWAN_FIRST_PORT", FIRST_PORT, "`<PORT>` is this plus the process's number in `access.proto`.", int
    )
    listen: str = _setting(
        "DIWAN_<PROCESS>_LISTEN", "127.0.0.1:<PORT>", "Where the process listens, `host:port` or `unix:path`."
    )
    addresses: Mapping[str, str] = _setting(
        "DIWAN_<EACH>_ADDRESS", "127.0.0.1:<PORT>", "Where the others find that process."
    )
    databases: Mapping[str, str] = _setting(
        "DIWAN_<EACH>_DATABASE",
        "",
        "PostgreSQL of that service as a DSN; the launcher sets it when the server is embedded.",
    )
    database_connections: int = _setting(
        "DIWAN_DATABASE_CONNECTIONS", "8", "Connections that a process keeps at most.", int
    )
    keys: Path = _setting(  # noqa: RUF009 (a field)
        "DIWAN_KEYS",
        "<HOME>/keys",
        "Folder of the signing keys: `<process>.pem`, and `public/<process>.pem` of all.",
        Path,
    )
    bus: str = _setting(
        "DIWAN_BUS", "straight", "How events travel: `straight` from the outbox, or the broker's `amqp://` address."
    )
    language: str = _setting(
        "DIWAN_LANGUAGE", "ar", "Language of messages when the caller asks for none: `ar`, `fr` or `en`."
    )
    plugins: str = _setting(
        "DIWAN_PLUGINS", "", "Folder with ministries' rules; they are run beside the worked examples in `plugins/`."
    )
    rules_strict: bool = _setting(
        "DIWAN_RULES_STRICT", "0", "`1` ends the rule host when rules do not load; for those who write them.", _flag
    )
    rules_unsigned: bool = _setting(
        "DIWAN_RULES_UNSIGNED", "0", "`1` lets wheels of rules in that nobody signed; for development only.", _flag
    )
    trace_sample: float = _setting("DIWAN_TRACE_SAMPLE", "1.0", "Share of new traces that are kept, 0 to 1.", float)
    trace_spans: int = _setting(
        "DIWAN_TRACE_SPANS", "500000", "Spans that the trace store of this machine keeps; the oldest go first.", int
    )
    otlp_endpoint: str = _setting(
        "DIWAN_OTLP_ENDPOINT", "", "Collector that takes the spans over OTLP/HTTP instead of the store of this machine."
    )
    drain_seconds: float = _setting(
        "DIWAN_DRAIN", "0", "Seconds to serve on as NOT_SERVING after the order to stop.", float
    )
    grace_seconds: float = _setting("DIWAN_GRACE", "20", "Seconds that calls in flight get to finish.", float)
    connection_age_seconds: int = _setting(
        "DIWAN_CONNECTION_AGE",
        "60",
        "Age after which a server asks a client to connect anew, so that new servers get their share.",
        int,
    )
    reuse_port: bool = _setting(
        "DIWAN_REUSE_PORT", "0", "`1` lets several processes of a service share one port.", _flag
    )

    @classmethod
    def read(cls, process: str, environ: Mapping[str, str] | None = None) -> Self:
        """Read the settings of a process from the environment."""
        environment = os.environ if environ is None else environ
        values: dict[str, Any] = {"process": process}
        for each in fields(cls):
            if each.name != "process":
                values[each.name] = _read(each.metadata, process, environment)
        return cls(**values)

    @property
    def database(self) -> str:
        """The DSN of the process's own database."""
        if not (dsn := self.databases.get(self.process, "")):
            raise SettingUnclear(
                f"DIWAN_{self.process.upper()}_DATABASE is not set: it names the PostgreSQL of {self.process}"
            )
        return dsn


def _read(described: Mapping[str, Any], process: str, environment: Mapping[str, str]) -> Any:
    if "<EACH>" in described["variable"]:
        return {each: _value(described, each, environment) for each in PROCESSES}
    return _value(described, process, environment)


def _value(described: Mapping[str, Any], process: str, environment: Mapping[str, str]) -> Any:
    variable = described["variable"].replace("<PROCESS>", process.upper()).replace("<EACH>", process.upper())
    default = described["default"].replace("<PORT>", str(_port(process, environment)))
    default = default.replace("<HOME>", environment.get("DIWAN_HOME") or ".diwan")
    text = environment.get(variable) or default
    try:
        return described["read"](text)
    except (ValueError, KeyError) as error:
        raise SettingUnclear(f"{variable}={text!r} cannot be read: {described['says']}") from error


def _port(process: str, environment: Mapping[str, str]) -> int:
    first = environment.get("DIWAN_FIRST_PORT") or FIRST_PORT
    try:
        return int(first) + PROCESSES.get(process, 0)
    except ValueError as error:
        raise SettingUnclear(f"DIWAN_FIRST_PORT={first!r} cannot be read: it is a port") from error


def table() -> str:
    """Write the settings as a table in Markdown, for services/README.md."""
    rows = ["| Variable | Default | Meaning |", "|---|---|---|"]
    for each in fields(Settings):
        if said := each.metadata:
            default = f"`{said['default']}`" if said["default"] else ""
            rows.append(f"| `{said['variable']}` | {default} | {said['says']} |".replace("`<HOME>", "`$DIWAN_HOME"))
    return "\n".join(rows)
