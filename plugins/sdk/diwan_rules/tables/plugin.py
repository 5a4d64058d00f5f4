"""Makes a plugin of a folder of tables: the same hooks as in Python, answered by rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from diwan_rules.declarations import DocumentDefinition, PluginInfo
from diwan_rules.facts import Case, Context, Stage
from diwan_rules.hooks import hookimpl
from diwan_rules.load_errors import LoadError, NotLoaded, Place, mistake
from diwan_rules.tables import settings, sheets
from diwan_rules.tables.answers import Deciding
from diwan_rules.tables.columns import HitPolicy
from diwan_rules.tables.overlaps import Overlap, never, overlaps
from diwan_rules.tables.reading import Reader
from diwan_rules.tables.rows import Table
from diwan_rules.tables.settings import TableSettings
from diwan_rules.verdicts import Claim, RequiredDocument, UnitProposal, WorkingDays


@dataclass(frozen=True, kw_only=True)
class Tables:
    """The tables of one folder, read and checked; `info` declares their terms."""

    info: PluginInfo
    settings: TableSettings
    tables: tuple[Table, ...]


def of_folder(folder: Path, plugin: str, version: str) -> ModuleType:
    """Return a folder's tables as the module of a plugin; `version` is the digest that its verdicts name."""
    read_tables = read(folder, plugin)
    module = ModuleType(f"{plugin} in {folder.name}")
    module.__file__ = str(folder / settings.FILE)

    @hookimpl
    def plugin_info() -> PluginInfo:
        return read_tables.info

    module.__dict__["plugin_info"] = plugin_info
    for deciding in decisions(read_tables, version):
        module.__dict__.update(_HOOKS[deciding.table.name](deciding))
    return module


def decisions(tables: Tables, version: str) -> list[Deciding]:
    """Return what each table decides."""
    return [
        Deciding(
            table=table,
            ministry=tables.info.ministry,
            policy=tables.settings.policies[table.name],
            digest=version,
            minimum=tables.settings.minimum,
        )
        for table in tables.tables
    ]


def read(folder: Path, plugin: str) -> Tables:
    """Read and check the tables of a folder; raise NotLoaded with every mistake in them."""
    said = settings.read(folder, plugin)
    found = [Reader(sheet, folder, plugin, said.policies[sheet.table]) for sheet in sheets.in_folder(folder, plugin)]
    tables = tuple(reader.table() for reader in found)
    errors = [error for reader in found for error in reader.errors]
    for table in tables:
        errors += _unreachable(table, said, folder, plugin)
        errors += _undescribed(table, folder, plugin)
        if said.policies[table.name] is HitPolicy.UNIQUE:
            errors += _overlapping(table, HitPolicy.UNIQUE, folder, plugin)
    if errors:
        raise NotLoaded(errors)
    terms = {group: words for table in tables for group, words in table.terms.items()}
    info = said.info.model_copy(update={"terms": terms})
    return Tables(info=info, settings=said, tables=tables)


def warnings(folder: Path, plugin: str) -> list[LoadError]:
    """Return what an author should look at in tables that load: rows of which only their order decides."""
    said = read(folder, plugin)
    return [
        each
        for table in said.tables
        for each in _overlapping(table, said.settings.policies[table.name], folder, plugin)
    ]


def _overlapping(table: Table, policy: HitPolicy, folder: Path, plugin: str) -> list[LoadError]:
    """Say of each pair of rows that can match together where it stands; every pair is looked at, which takes its time."""
    return [_told(each, folder, plugin) for each in overlaps(table, policy)]


def _told(overlap: Overlap, folder: Path, plugin: str) -> LoadError:
    """Say which rows can match together."""
    others = ", ".join(map(str, overlap.others[:10])) + (" …" if len(overlap.others) > 10 else "")
    return mistake("rows_overlap", plugin, Place(folder / overlap.file, overlap.line), others=others)


def _unreachable(table: Table, said: TableSettings, folder: Path, plugin: str) -> Iterator[LoadError]:
    """Yield the rows that can never decide anything."""
    for row, code, other in never(table, said.policies[table.name], said.minimum):
        yield mistake(code, plugin, Place(folder / table.file, row.line), other=other)


def _undescribed(table: Table, folder: Path, plugin: str) -> Iterator[LoadError]:
    """Yield the documents whose first row does not say what they are."""
    known: set[str] = set()
    for row in table.rows:
        if row.document and row.document not in known:
            known.add(row.document)
            if not (row.name_ar and row.name_fr and row.shows_ar and row.shows_fr):
                yield mistake(
                    "document_undescribed", plugin, Place(folder / table.file, row.line), document=row.document
                )


def _claim(deciding: Deciding) -> dict[str, Callable[..., object]]:
    """Answer `claim` from its table."""

    @hookimpl
    def claim(case: Case) -> Claim | None:
        return deciding.claim(case)

    return {"claim": claim}


def _units(deciding: Deciding) -> dict[str, Callable[..., object]]:
    """Answer `assign_unit` from its table."""

    @hookimpl
    def assign_unit(case: Case, ctx: Context) -> UnitProposal | None:
        return deciding.unit(case, ctx)

    return {"assign_unit": assign_unit}


def _deadlines(deciding: Deciding) -> dict[str, Callable[..., object]]:
    """Answer `deadline` from its table."""

    @hookimpl
    def deadline(case: Case, stage: Stage, ctx: Context) -> WorkingDays | None:
        return deciding.deadline(case, stage, ctx)

    return {"deadline": deadline}


def _documents(deciding: Deciding) -> dict[str, Callable[..., object]]:
    """Answer `documents` and `required_documents` from their table."""

    @hookimpl
    def documents() -> list[DocumentDefinition]:
        return deciding.definitions()

    @hookimpl
    def required_documents(case: Case, ctx: Context) -> list[RequiredDocument]:
        return deciding.documents(case, ctx)

    return {"documents": documents, "required_documents": required_documents}


_HOOKS = {"claim": _claim, "units": _units, "deadlines": _deadlines, "documents": _documents}
