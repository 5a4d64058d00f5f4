"""Reads plugin.yaml: which ministry speaks, who answers for the tables, and the policy of each table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from diwan_rules.declarations import PluginInfo
from diwan_rules.load_errors import LoadError, NotLoaded, Place, mistake
from diwan_rules.tables.columns import KINDS, HitPolicy
from diwan_rules.tables.extra import needed
from diwan_rules.tables.suggestions import nearest
from diwan_rules.verdicts import Bilingual

FILE = "plugin.yaml"
DEFAULT_MINIMUM = 1
_LONGEST = 64 * 1024
_REQUIRED = ("ministry", "name.ar", "name.fr", "version", "owner")
_KNOWN = (*_REQUIRED, "policy.claim.minimum", *(f"policy.{table}.hit_policy" for table in KINDS))


@dataclass(frozen=True)
class Setting:
    """One value of plugin.yaml and the line where it stands."""

    value: str
    line: int


@dataclass(frozen=True, kw_only=True)
class TableSettings:
    """What plugin.yaml says, checked; `info` has no terms yet."""

    info: PluginInfo
    policies: Mapping[str, HitPolicy]
    minimum: int


def ministry_of(folder: Path) -> str:
    """Return whose a folder's rules are, as its plugin.yaml says; raise NotLoaded when that cannot be read."""
    said = _settings(folder, folder.name.upper()).get("ministry")
    return said.value if said else ""


def read(folder: Path, plugin: str) -> TableSettings:
    """Read the plugin.yaml of a folder; raise NotLoaded with every mistake in it."""
    settings = _settings(folder, plugin)
    errors = [*_unknown(settings, plugin, folder), *_missing(settings, plugin, folder)]
    policies, minimum = _policies(settings, plugin, folder, errors), _minimum(settings, plugin, folder, errors)
    if errors:
        raise NotLoaded(errors)
    try:
        info = PluginInfo(
            ministry=settings["ministry"].value.partition(".")[0],
            name=Bilingual(ar=settings["name.ar"].value, fr=settings["name.fr"].value),
            version=settings["version"].value,
            owner=settings["owner"].value,
        )
    except ValidationError as error:
        raise NotLoaded(list(_wrong(error, settings, plugin, folder))) from error
    return TableSettings(info=info, policies=policies, minimum=minimum)


def _settings(folder: Path, plugin: str) -> Mapping[str, Setting]:
    """Return the values of plugin.yaml by their dotted keys, all of them as text: `1.10` stays a version."""
    yaml = needed("yaml", plugin, folder / FILE)
    try:
        text = (folder / FILE).read_bytes()[:_LONGEST].decode("utf-8-sig")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        return dict(_flat(root, "", set())) if root else {}
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(folder / FILE, mark.line + 1 if mark else 1)
        said = getattr(error, "problem", None) or str(error).partition("\n")[0]
        raise NotLoaded([mistake("settings_unreadable", plugin, place, error=said)]) from error


def _flat(node: Any, key: str, seen: set[int]) -> Iterator[tuple[str, Setting]]:
    """Yield every value below a node of YAML with its dotted key."""
    line = node.start_mark.line + 1
    if id(node) in seen:
        raise ValueError(f"an *alias stands at {key}")
    seen.add(id(node))
    if isinstance(node.value, str):
        yield key, Setting(node.value.strip(), line)
        return
    for pair in node.value:
        if not isinstance(pair, tuple):
            raise ValueError(f"a list stands at {key or 'the top'}, line {line}")
        inner, below = pair
        yield from _flat(below, f"{key}.{inner.value}" if key else str(inner.value), seen)


def _unknown(settings: Mapping[str, Setting], plugin: str, folder: Path) -> Iterator[LoadError]:
    """Yield the keys that mean nothing."""
    for key, setting in settings.items():
        if key not in _KNOWN:
            place, known = Place(folder / FILE, setting.line), ", ".join(_KNOWN)
            yield mistake("setting_unknown", plugin, place, setting=key, known=known, **nearest(key, _KNOWN))


def _missing(settings: Mapping[str, Setting], plugin: str, folder: Path) -> Iterator[LoadError]:
    """Yield the keys that every plugin.yaml has."""
    for key in _REQUIRED:
        if key not in settings or not settings[key].value:
            yield mistake("setting_missing", plugin, Place(folder / FILE, 1), setting=key)


def _policies(
    settings: Mapping[str, Setting], plugin: str, folder: Path, errors: list[LoadError]
) -> Mapping[str, HitPolicy]:
    """Return the hit policy of each table."""
    policies = {}
    for table, kind in KINDS.items():
        setting = settings.get(f"policy.{table}.hit_policy", Setting(kind.policies[0], 0))
        if setting.value in kind.policies:
            policies[table] = HitPolicy(setting.value)
        else:
            known = ", ".join(kind.policies)
            place = Place(folder / FILE, setting.line)
            hints = nearest(setting.value.upper(), kind.policies)
            errors.append(
                mistake("hit_policy_unknown", plugin, place, policy=setting.value, table=table, known=known, **hints)
            )
    return policies


def _minimum(settings: Mapping[str, Setting], plugin: str, folder: Path, errors: list[LoadError]) -> int:
    """Return the score under which no claim is made."""
    setting = settings.get("policy.claim.minimum", Setting(str(DEFAULT_MINIMUM), 0))
    if setting.value.isdecimal() and 0 < int(setting.value) <= 1000:
        return int(setting.value)
    place = Place(folder / FILE, setting.line)
    errors.append(mistake("setting_wrong", plugin, place, setting="policy.claim.minimum", error="1 … 1000"))
    return DEFAULT_MINIMUM


def _wrong(error: ValidationError, settings: Mapping[str, Setting], plugin: str, folder: Path) -> Iterator[LoadError]:
    """Yield the values that are not as they must be."""
    for each in error.errors(include_input=False, include_url=False):
        key = ".".join(map(str, each["loc"]))
        setting = settings.get(key) or settings.get(f"name.{key}", Setting("", 1))
        yield mistake("setting_wrong", plugin, Place(folder / FILE, setting.line), setting=key, error=each["msg"])
