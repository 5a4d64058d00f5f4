"""The log of a process: one JSON object a line on standard error."""

import json
import logging
import sys
from datetime import UTC, datetime

from services.chassis import tracing

PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class _Lines(logging.Formatter):
    """Writes a record as JSON; exceptions by their type, without the values that they quote."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """Write one line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": self._process,
            "logger": record.name,
            "message": _message(record),
        }
        if trace := tracing.trace_id():
            line["trace"] = trace
        line |= {name: value for name, value in vars(record).items() if name not in PLAIN}
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__qualname__
        return json.dumps(line, ensure_ascii=False, default=str)


def _message(record: logging.LogRecord) -> str:
    """Return the message; of one that tells of an exception the first line, because libraries quote it in the rest."""
    message = record.getMessage()
    return message.partition("\n")[0] if record.exc_info else message


def start(process: str) -> None:
    """Write the log of this process from now on."""
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(_Lines(process))
    logging.basicConfig(level=logging.INFO, handlers=[lines], force=True)
