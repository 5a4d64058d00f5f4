"""Reports as files: JSON, CSV that a spreadsheet cannot misread, and the Arabic PDF for the wilaya council."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from diwan.reporting.v1 import figures_pb2
from google.protobuf import json_format
from google.protobuf.message import Message

from services.chassis.press import Fact, press
from services.reporting.wire import SHOWN

TEMPLATE = Path(__file__).with_name("state.typ")
COLUMNS = (*SHOWN, "overdue", "median_days", "p95_days")
BYTE_ORDER_MARK = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(report: Message) -> bytes:
    """Write every figure under its name in the contract."""
    text = json_format.MessageToJson(
        report, preserving_proto_field_name=True, always_print_fields_with_no_presence=True, ensure_ascii=False
    )
    return text.encode()


def as_csv(tables: Iterable[tuple[str, Sequence[figures_pb2.FiguresRow]]]) -> bytes:
    """Write one row a line and kind; petitions and register entries apart."""
    out = io.StringIO(BYTE_ORDER_MARK)
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out)
    writer.writerow(("table", "key", "name_ar", "name_fr", "kind", *COLUMNS))
    for name, rows in tables:
        for row in rows:
            for kind, figures in (("complaints", row.complaints), ("petitions", row.petitions)):
                counted = [getattr(figures, column) for column in COLUMNS]
                counted = ["" if value == -1 else value for value in counted]
                writer.writerow(
                    (name, *(_defused(text) for text in (row.key, row.name.ar, row.name.fr)), kind, *counted)
                )
    return out.getvalue().encode()


def _defused(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


async def as_pdf(
    title: str, subtitle: str, tables: Iterable[tuple[str, Sequence[figures_pb2.FiguresRow]]], *, at: datetime
) -> bytes:
    """Set the report in Arabic on paper."""
    facts: dict[str, Fact] = {
        "title": title,
        "subtitle": subtitle,
        "as_of": f"{at:%d/%m/%Y}",
        "tables": [{"title": name, "rows": [_facts(row) for row in rows]} for name, rows in tables if rows],
    }
    return await press(TEMPLATE, facts, at=at)


def _facts(row: figures_pb2.FiguresRow) -> dict[str, Fact]:
    return {
        "name": row.name.ar or row.key,
        "complaints": {column: getattr(row.complaints, column) for column in COLUMNS},
        "petitions": {column: getattr(row.petitions, column) for column in COLUMNS},
    }
