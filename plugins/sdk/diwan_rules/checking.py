"""Checks a plugin before it is asked: its functions, the kit it was written for, and its configuration."""

import difflib
import inspect
import re
import tomllib
from collections.abc import Iterator, Sequence
from importlib.metadata import distributions
from pathlib import Path
from types import FunctionType, ModuleType, NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pluggy

from diwan_rules.answers import ANSWERS, OFFERS, Answers
from diwan_rules.load_errors import LoadError, Place, mistake
from diwan_rules.versions import RangeUnreadable, allows

_REQUIREMENT = re.compile(r"^diwan[-_.]rules(?:\[[^\]]*\])?\s*\(?([^;)]*)", re.IGNORECASE)


def mistakes(plugin: str, plugins: pluggy.PluginManager, module: ModuleType) -> Iterator[LoadError]:
    """Yield what is wrong with the functions of a plugin's module."""
    found = False
    for name, function in inspect.getmembers(module, inspect.isfunction):
        options = plugins.parse_hookimpl_opts(module, name)
        if options is not None:
            hook = options.get("specname") or name
            found = found or hook == "plugin_info"
            yield from _wrong_hook(plugin, hook, function)
        elif name in OFFERS:
            yield mistake("hook_unmarked", plugin, where(function), hook=name)
    if not found:
        yield mistake("info_missing", plugin, Place(Path(module.__file__ or "")))


def where(function: FunctionType) -> Place:
    """Return where a function is written."""
    code = inspect.unwrap(function).__code__
    return Place(Path(code.co_filename), code.co_firstlineno)


def wrong_kit(plugin: str, folder: Path, version: str) -> Iterator[LoadError]:
    """Yield a mistake when a plugin's folder says that it was written for another kit than this version."""
    for wanted, place in _wanted(folder):
        try:
            if not allows(wanted, version):
                yield mistake("kit_unfit", plugin, place, wanted=wanted, found=version)
        except RangeUnreadable:
            yield mistake("kit_range_unreadable", plugin, place, wanted=wanted)


def _wanted(folder: Path) -> Iterator[tuple[str, Place]]:
    """Yield the ranges of the kit that wheels or a project in a folder name, and where."""
    for installed in distributions(path=[str(folder)]):
        for requirement in installed.requires or ():
            if asked := _REQUIREMENT.match(requirement):
                yield asked[1].strip(), Place(folder / "METADATA")
    project = folder / "pyproject.toml"
    if project.is_file():
        text = project.read_text(encoding="utf-8")
        lines = text.splitlines()
        for requirement in tomllib.loads(text).get("project", {}).get("dependencies", ()):
            if asked := _REQUIREMENT.match(requirement):
                line = next((number for number, each in enumerate(lines, 1) if requirement in each), 0)
                yield asked[1].strip(), Place(project, line)


def _wrong_hook(plugin: str, hook: str, function: FunctionType) -> Iterator[LoadError]:
    """Yield what is wrong with one function that answers a hook."""
    place = where(function)
    if hook not in OFFERS:
        yield mistake("hook_unknown", plugin, place, hook=hook, **_hints(hook))
        return
    if (
        inspect.iscoroutinefunction(function)
        or inspect.isgeneratorfunction(function)
        or inspect.isasyncgenfunction(function)
    ):
        yield mistake("hook_async", plugin, place, hook=hook)
    else:
        yield from _wrong_answer(plugin, hook, function)
    known = ", ".join(OFFERS[hook]) or "—"
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            yield mistake("parameter_star", plugin, place, hook=hook, parameter=name, known=known)
        elif name not in OFFERS[hook]:
            yield mistake("parameter_unknown", plugin, place, hook=hook, parameter=name, known=known)
        elif parameter.default is not parameter.empty:
            yield mistake("parameter_default", plugin, place, hook=hook, parameter=name)


def _wrong_answer(plugin: str, hook: str, function: FunctionType) -> Iterator[LoadError]:
    """Yield a mistake when a function says by its annotation that it answers something else."""
    try:
        annotation = get_type_hints(function).get("return", Any)
    except (NameError, TypeError):  # names that only a type checker knows
        return
    choices = get_args(annotation) if get_origin(annotation) in (UnionType, Union) else (annotation,)
    if not all(_fits(ANSWERS[hook], choice) for choice in choices):
        found = inspect.formatannotation(annotation).replace("diwan_rules.verdicts.", "").replace("diwan_rules.", "")
        facts = {"hook": hook, "wanted": str(ANSWERS[hook]), "found": found}
        yield mistake("annotation_wrong", plugin, where(function), **facts)


def _fits(answers: Answers, choice: Any) -> bool:
    """Tell whether one annotated kind of answer is one of a hook's."""
    if choice is Any:
        return True
    if choice is NoneType:
        return answers.or_none
    if not answers.many:
        return isinstance(choice, type) and issubclass(choice, answers.kinds)
    items = [each for each in get_args(choice) if each is not Ellipsis]
    listed = (get_origin(choice) or choice) in (list, tuple, Sequence)
    return listed and all(isinstance(each, type) and issubclass(each, answers.kinds) for each in items)


def _hints(hook: str) -> dict[str, str]:
    """Return the question "did you mean" in three languages, or all hooks when none is near."""
    near = difflib.get_close_matches(hook, OFFERS, n=1)
    if not near:
        known = ", ".join(OFFERS)
        return {
            "hint_ar": f"الأسئلة هي: {known}.",
            "hint_fr": f"Les questions sont : {known}.",
            "hint_en": f"The hooks are: {known}.",
        }
    return {
        "hint_ar": f"هل تقصد «{near[0]}»؟",
        "hint_fr": f"Vouliez-vous dire « {near[0]} » ?",
        "hint_en": f"Did you mean {near[0]!r}?",
    }
