"""Reads an operator's CSV list of administrations, whatever language its headers are in."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from diwan.directory.v1 import directory_service_pb2 as pb
from diwan_rules.text import normalise

HEADERS: Mapping[str, tuple[str, ...]] = {
    "key": ("key", "id", "code unique", "cle", "identifiant", "المعرف", "الرمز"),
    "name_ar": ("name_ar", "nom_ar", "arabic name", "الاسم", "الاسم بالعربية", "التسمية"),
    "name_fr": ("name_fr", "nom_fr", "name", "nom", "denomination", "الاسم بالفرنسية"),
    "wilaya_label": ("wilaya_code", "wilaya_label", "code wilaya", "wilaya", "رمز الولاية", "الولاية"),
    "commune_code": ("commune_code", "code commune", "ons_code", "commune", "رمز البلدية", "البلدية"),
    "ministry_id": ("ministry", "ministry_id", "ministere", "الوزارة"),
    "service_code": ("service_code", "type", "kind", "statut", "class", "nature", "النوع", "الصنف"),
}


class ListUnreadable(Exception):
    """The file is not a list that can be entered."""


def read(file: Path, *, ministry_id: str = "", service_code: str = "") -> list[pb.AdministrationRow]:
    """Read the rows; what no column says is taken from the arguments."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            head, *lines = csv.reader(opened)
    except (UnicodeDecodeError, ValueError, csv.Error) as error:
        raise ListUnreadable(f"{file.name} is not a CSV file in UTF-8 with a line of headers: {error}") from error
    columns = _columns(head)
    _require(columns, ministry_id=ministry_id)
    given = {"ministry_id": ministry_id.strip().lower(), "service_code": service_code.strip()}
    return [_row(line, columns, given) for line in lines if any(line)]


def _columns(head: Iterable[str]) -> dict[str, int]:
    """Find the column of each field: the first header in its list of names that the file has."""
    there = {_plain(name): number for number, name in reversed(list(enumerate(head)))}
    found = {field: _first(there, names) for field, names in HEADERS.items()}
    return {field: number for field, number in found.items() if number is not None}


def _first(there: Mapping[str, int], names: Iterable[str]) -> int | None:
    return next((there[plain] for name in names if (plain := _plain(name)) in there), None)


def _plain(header: str) -> str:
    return normalise(header)


def _require(columns: Mapping[str, int], *, ministry_id: str) -> None:
    missing = list(_missing(columns, ministry_id))
    if missing:
        raise ListUnreadable("Missing: " + "; ".join(missing) + ".")


def _missing(columns: Mapping[str, int], ministry_id: str) -> Iterator[str]:
    if "key" not in columns:
        yield f"a column with the key of each row ({_names('key')})"
    if not {"name_ar", "name_fr"} & columns.keys():
        yield f"a column with the name ({_names('name_ar')}, {_names('name_fr')})"
    if not {"wilaya_label", "commune_code"} & columns.keys():
        yield f"a column with the wilaya or the commune ({_names('wilaya_label')}, {_names('commune_code')})"
    if "ministry_id" not in columns and not ministry_id:
        yield f"the ministry: a column ({_names('ministry_id')}) or --ministry, for example --ministry msan"


def _names(field: str) -> str:
    return ", ".join(HEADERS[field])


def _row(line: list[str], columns: Mapping[str, int], given: Mapping[str, str]) -> pb.AdministrationRow:
    said = {field: line[number].strip() for field, number in columns.items() if number < len(line)}
    said["ministry_id"] = said.get("ministry_id", "").lower()
    said |= {field: value for field, value in given.items() if value}
    if label := said.get("wilaya_label"):
        said["wilaya_label"] = label.zfill(2)
    if code := said.get("commune_code"):
        said["commune_code"] = code.zfill(4)
    return pb.AdministrationRow(**said)
