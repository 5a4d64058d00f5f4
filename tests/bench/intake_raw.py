"""The limit: PostgreSQL's own pgbench makes three inserts in one pipelined transaction, nothing else."""

import re
import subprocess
from pathlib import Path

SCHEMA = """
    CREATE TABLE IF NOT EXISTS raw_entry (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number text, body bytea, at timestamptz);
    CREATE TABLE IF NOT EXISTS raw_act (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number text, state text, at timestamptz);
    CREATE TABLE IF NOT EXISTS raw_event (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, number text, event bytea, at timestamptz);
"""
SCRIPT = """
\\startpipeline
BEGIN;
INSERT INTO raw_entry (number, body, at) VALUES (:client_id, decode(repeat('ab', 600), 'hex'), now());
INSERT INTO raw_act (number, state, at) VALUES (:client_id, 'registered', now());
INSERT INTO raw_event (number, event, at) VALUES (:client_id, decode(repeat('cd', 300), 'hex'), now());
COMMIT;
\\endpipeline
"""
RATE = re.compile(r"tps = ([\d.]+)")


def measure(pgbench: Path, dsn: str, folder: Path, *, clients: int, seconds: float) -> float:
    """Return how many such transactions a second so many clients get through."""
    script = folder / "raw.sql"
    script.write_text(SCRIPT, encoding="ascii")
    said = subprocess.run(
        [pgbench, "-n", "-M", "prepared", "-f", script, "-c", str(clients), "-j", "1", "-T", str(int(seconds)), dsn],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    found = RATE.search(said)
    if found is None:
        raise RuntimeError(said)
    return float(found[1])
