"""Loads one plugin and checks it before it is ever asked: a mistake is told at once, with file and line."""

import difflib
import importlib
import inspect
import linecache
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, ModuleType

import pluggy
from pydantic import BaseModel, ValidationError

from diwan_rules.hooks import PROJECT, Hooks
from diwan_rules.load_errors import LoadError, NotLoaded, Place, mistake
from diwan_rules.sources import Source
from diwan_rules.verdicts import PluginInfo

KNOWN = {
    name: tuple(inspect.signature(spec).parameters)[1:]
    for name, spec in vars(Hooks).items()
    if hasattr(spec, "diwan_spec")
}


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """A plugin that may be asked."""

    name: str
    folder: Path
    info: PluginInfo
    config: BaseModel | None
    hooks: dict[str, "Implementation"]


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
    plugins = pluggy.PluginManager(PROJECT)
    plugins.add_hookspecs(Hooks)
    module = _imported(source)
    if errors := list(_mistakes(source, plugins, module)):
        raise NotLoaded(errors)
    plugins.register(module, source.name)
    hooks = {
        name: Implementation(implementation.function, implementation.argnames)
        for name in KNOWN
        for implementation in getattr(plugins.hook, name).get_hookimpls()
    }
    info = _info(source, hooks["plugin_info"].function)
    return Plugin(name=source.name, folder=source.folder, info=info, config=_config(source, info), hooks=hooks)


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
    """Import the module of a source afresh, from its own folder."""
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


def _mistakes(source: Source, plugins: pluggy.PluginManager, module: ModuleType) -> Iterator[LoadError]:
    """Yield what is wrong with the functions of a module."""
    found = False
    for name, function in inspect.getmembers(module, inspect.isfunction):
        options = plugins.parse_hookimpl_opts(module, name)
        if options is not None:
            hook = options.get("specname") or name
            found = found or hook == "plugin_info"
            yield from _wrong_hook(source, hook, function)
        elif name in KNOWN:
            yield mistake("hook_unmarked", source.name, _where(function), hook=name)
    if not found:
        yield mistake("info_missing", source.name, Place(Path(module.__file__ or "")))


def _wrong_hook(source: Source, hook: str, function: FunctionType) -> Iterator[LoadError]:
    """Yield what is wrong with one function that answers a hook."""
    place = _where(function)
    if hook not in KNOWN:
        yield mistake("hook_unknown", source.name, place, hook=hook, known=", ".join(KNOWN), **_hints(hook))
        return
    if (
        inspect.iscoroutinefunction(function)
        or inspect.isgeneratorfunction(function)
        or inspect.isasyncgenfunction(function)
    ):
        yield mistake("hook_async", source.name, place, hook=hook)
    known = ", ".join(KNOWN[hook]) or "—"
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            yield mistake("parameter_star", source.name, place, hook=hook, parameter=name, known=known)
        elif name not in KNOWN[hook]:
            yield mistake("parameter_unknown", source.name, place, hook=hook, parameter=name, known=known)
        elif parameter.default is not parameter.empty:
            yield mistake("parameter_default", source.name, place, hook=hook, parameter=name)


def _hints(hook: str) -> dict[str, str]:
    """Return the question "did you mean" in three languages, or nothing when no hook is near."""
    near = difflib.get_close_matches(hook, KNOWN, n=1)
    if not near:
        return {"hint_ar": "", "hint_fr": "", "hint_en": ""}
    return {
        "hint_ar": f" هل تقصد «{near[0]}»؟",
        "hint_fr": f" Vouliez-vous dire « {near[0]} » ?",
        "hint_en": f" Did you mean {near[0]!r}?",
    }


def _where(function: FunctionType) -> Place:
    """Return where a function is written."""
    code = inspect.unwrap(function).__code__
    return Place(Path(code.co_filename), code.co_firstlineno)


def _info(source: Source, plugin_info: FunctionType) -> PluginInfo:
    """Ask a plugin who it is."""
    try:
        info = plugin_info()
    except Exception as error:
        place = place_of(error, source.folder)
        raise NotLoaded([mistake("info_failed", source.name, place, error=told(error, place))]) from error
    place = Place(Path(plugin_info.__code__.co_filename), plugin_info.__code__.co_firstlineno)
    if not isinstance(info, PluginInfo):
        raise NotLoaded([mistake("info_wrong", source.name, place, found=type(info).__name__)])
    if info.ministry != source.ministry:
        raise NotLoaded(
            [mistake("ministry_differs", source.name, place, found=info.ministry, expected=source.ministry)]
        )
    return info


def _config(source: Source, info: PluginInfo) -> BaseModel | None:
    """Return the plugin's configuration with its defaults."""
    if info.config_model is None:
        return None
    try:
        return info.config_model()
    except ValidationError as error:
        raise NotLoaded([mistake("config_invalid", source.name, Place(), error=told(error, Place()))]) from error
