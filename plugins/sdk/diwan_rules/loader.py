"""Loads one plugin and checks it before it is ever asked: a mistake is told at once, with file and line."""

import importlib
import linecache
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pluggy
from pydantic import ValidationError

from diwan_rules import configuration
from diwan_rules.answers import ANSWERS, DECLARING, OFFERS, WrongType
from diwan_rules.checking import mistakes, where
from diwan_rules.declarations import Definition, PluginInfo
from diwan_rules.hooks import PROJECT, Hooks
from diwan_rules.load_errors import LoadError, NotLoaded, Place, mistake
from diwan_rules.sources import Source, digest
from diwan_rules.tables import plugin, settings

_SPECIFIED = pluggy.PluginManager(PROJECT)
_SPECIFIED.add_hookspecs(Hooks)


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """A plugin that may be asked."""

    name: str
    folder: Path
    info: PluginInfo
    hooks: dict[str, "Implementation"]
    declared: dict[str, tuple[Definition, ...]]


@dataclass(frozen=True)
class Implementation:
    """One function of a plugin that answers a hook, and the parameters that it asks for."""

    function: FunctionType
    parameters: tuple[str, ...]


def load(source: Source) -> Plugin:
    """Return the plugin of a source, or raise NotLoaded with every mistake found in it."""
    if source.broken:
        raise NotLoaded([source.broken])
    if tuple(map(int, pluggy.__version__.split(".")[:2])) < (1, 7):
        raise NotLoaded([mistake("pluggy_too_old", source.name, Place(), found=pluggy.__version__)])
    module = _imported(source)
    if errors := list(mistakes(source.name, _SPECIFIED, module)):
        raise NotLoaded(errors)
    hooks = _hooks(source, module)
    info = _info(source, hooks["plugin_info"].function)
    return Plugin(
        name=source.name,
        folder=source.folder,
        info=info,
        hooks=hooks,
        declared={hook: _declared(source, hook, hooks[hook].function) for hook in DECLARING if hook in hooks},
    )


def _hooks(source: Source, module: ModuleType) -> dict[str, Implementation]:
    """Return the functions of a module that answer hooks."""
    _SPECIFIED.register(module, source.name)
    try:
        return {
            name: Implementation(implementation.function, implementation.argnames)
            for name in OFFERS
            for implementation in getattr(_SPECIFIED.hook, name).get_hookimpls()
        }
    finally:
        _SPECIFIED.unregister(module)


def place_of(error: BaseException, folder: Path) -> Place:
    """Return the last place in the plugin's folder that an exception went through."""
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_relative_to(folder):
        return Place(Path(error.filename), error.lineno or 0)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(folder)]
    return Place(Path(frames[-1].filename), frames[-1].lineno or 0) if frames else Place()


def told(error: BaseException, place: Place) -> str:
    """Say what an exception is by its type and the plugin's own line, never by its text: that may hold a citizen's words."""
    if isinstance(error, ValidationError):
        wrong = (
            f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False, include_url=False)
        )
        return f"{error.title}: {'; '.join(wrong)}"[:500]
    line = linecache.getline(str(place.file), place.line).strip() if place.file else ""
    return f"{type(error).__name__}: {line}"[:500] if line else type(error).__name__


def _imported(source: Source) -> ModuleType:
    """Import the module of a source afresh, from its own folder; tables need no import."""
    tables = source.path / source.target
    if (tables / settings.FILE).is_file():
        return plugin.of_folder(tables, source.name, digest(source.folder))
    name, _, attribute = source.target.partition(":")
    if str(source.path) not in sys.path:
        sys.path.insert(0, str(source.path))
    if not Path(getattr(sys.modules.get(name), "__file__", None) or source.path).is_relative_to(source.path):
        del sys.modules[name]
    try:
        module = importlib.import_module(name)
        return getattr(module, attribute) if attribute else module
    except (Exception, SystemExit) as error:
        place = place_of(error, source.folder)
        said = told(error, place) if isinstance(error, ValidationError) else f"{type(error).__name__}: {error}"
        raise NotLoaded([mistake("import_failed", source.name, place, error=said)]) from error


def _info(source: Source, plugin_info: FunctionType) -> PluginInfo:
    """Ask a plugin who it is."""
    info = _said(source, "plugin_info", plugin_info)
    if not isinstance(info, PluginInfo) or info.ministry != source.ministry:
        found = getattr(info, "ministry", "—")
        place = where(plugin_info)
        raise NotLoaded([mistake("ministry_differs", source.name, place, found=found, expected=source.ministry)])
    if info.config_model is not None:
        configuration.check(source.name, info.config_model, where(plugin_info))
    return info


def _declared(source: Source, hook: str, function: FunctionType) -> tuple[Definition, ...]:
    """Ask a plugin what it declares; each code once."""
    declared: dict[str, Definition] = {}
    for definition in _said(source, hook, function) or ():
        if definition.code in declared:
            raise NotLoaded([code_taken(source.name, hook, definition.code, where(function))])
        declared[definition.code] = definition
    return tuple(declared.values())


def code_taken(plugin: str, hook: str, declared: str, place: Place) -> LoadError:
    """Say that a code was declared twice by a ministry."""
    return mistake("code_taken", plugin, place, hook=hook, declared=declared)


def _said(source: Source, hook: str, function: FunctionType) -> Any:
    """Return what a plugin declares, checked."""
    try:
        return ANSWERS[hook].checked(function())
    except WrongType as wrong:
        facts = {"hook": hook, "wanted": str(ANSWERS[hook]), "found": str(wrong)}
        raise NotLoaded([mistake("declared_wrong", source.name, where(function), **facts)]) from wrong
    except Exception as error:
        place = place_of(error, source.folder)
        facts = {"hook": hook, "error": told(error, place)}
        raise NotLoaded([mistake("declared_failed", source.name, place, **facts)]) from error
