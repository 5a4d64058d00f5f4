"""The store of spans on one machine: a small SQLite file that every process writes and an operator reads."""

import json
import os
import sqlite3
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from services.chassis import attributes

SCHEMA = """
    CREATE TABLE IF NOT EXISTS span (
        id INTEGER PRIMARY KEY, trace_id TEXT NOT NULL, span_id TEXT NOT NULL, parent_id TEXT NOT NULL,
        process TEXT NOT NULL, pid INTEGER NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
        start INTEGER NOT NULL, "end" INTEGER NOT NULL, status TEXT NOT NULL,
        attributes TEXT NOT NULL, links TEXT NOT NULL, complaint_number TEXT, complaint_id TEXT
    );
    CREATE INDEX IF NOT EXISTS span_trace ON span (trace_id);
    CREATE INDEX IF NOT EXISTS span_number ON span (complaint_number) WHERE complaint_number IS NOT NULL;
    CREATE INDEX IF NOT EXISTS span_complaint ON span (complaint_id) WHERE complaint_id IS NOT NULL;
"""
INSERT = "INSERT INTO span VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
FORGET = "DELETE FROM span WHERE id <= (SELECT max(id) FROM span) - ?"
WAIT_SECONDS = 10


def bare(typed: str) -> str:
    """Reduce a number or an id to its letters and digits, however it was typed."""
    return "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign.lower() for sign in typed if sign.isalnum())


class SpanStore(SpanExporter):
    """Writes the spans of one process, off the hot path, and forgets the oldest."""

    def __init__(self, path: Path, *, process: str, keep: int) -> None:
        self._path = path
        self._process = process
        self._keep = keep
        self._connection: sqlite3.Connection | None = None

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Write a batch; a store that cannot be written costs spans, never a request."""
        try:
            connection = self._connection = self._connection or _open(self._path)
            with connection:
                connection.executemany(INSERT, [_row(span, self._process) for span in spans])
                connection.execute(FORGET, (self._keep,))
        except (sqlite3.Error, OSError):
            return SpanExportResult.FAILURE
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Close the file."""
        if self._connection:
            self._connection.close()
            self._connection = None


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    connection = sqlite3.connect(path, timeout=WAIT_SECONDS, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = OFF")
    connection.executescript(SCHEMA)
    return connection


def _row(span: ReadableSpan, process: str) -> tuple[Any, ...]:
    said = dict(span.attributes or {})
    context = span.get_span_context()
    number, complaint = said.get(attributes.COMPLAINT_NUMBER), said.get(attributes.COMPLAINT_ID)
    return (
        f"{context.trace_id:032x}" if context else "",
        f"{context.span_id:016x}" if context else "",
        f"{span.parent.span_id:016x}" if span.parent else "",
        process,
        os.getpid(),
        span.name,
        span.kind.name,
        span.start_time,
        span.end_time,
        span.status.description or span.status.status_code.name if not span.status.is_ok else "OK",
        json.dumps(said, ensure_ascii=False),
        json.dumps([f"{link.context.trace_id:032x}" for link in span.links]),
        bare(str(number)) if number else None,
        bare(str(complaint)) if complaint else None,
    )
