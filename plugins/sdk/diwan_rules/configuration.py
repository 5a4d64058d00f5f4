"""A ministry's configuration: values that the country's office keeps, read by the model that the ministry declared."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.errors import PydanticInvalidForJsonSchema

from diwan_rules.load_errors import LoadError, NotLoaded, Place, mistake
from diwan_rules.verdicts import Frozen

MOST_CHARACTERS = 64 * 1024

# kind of pydantic's error → (Arabic, French); the names in braces are its facts. English is pydantic's own.
_PROBLEMS = {
    "missing": ("القيمة مطلوبة.", "La valeur est obligatoire."),
    "extra_forbidden": ("لا توجد إعدادات بهذا الاسم؛ احذفها.", "Aucun réglage ne porte ce nom ; retirez-le."),
    "json_invalid": ("القيم ليست JSON صحيحا.", "Les valeurs ne sont pas du JSON valable."),
    "int_type": ("اكتب عددا صحيحا.", "Écrivez un nombre entier."),
    "int_parsing": ("اكتب عددا صحيحا.", "Écrivez un nombre entier."),
    "int_from_float": ("اكتب عددا صحيحا.", "Écrivez un nombre entier."),
    "bool_type": ("اكتب true أو false.", "Écrivez true ou false."),
    "bool_parsing": ("اكتب true أو false.", "Écrivez true ou false."),
    "string_type": ("اكتب نصا.", "Écrivez un texte."),
    "string_too_short": ("{min_length} أحرف على الأقل.", "Au moins {min_length} caractères."),
    "string_too_long": ("{max_length} حرفا على الأكثر.", "Au plus {max_length} caractères."),
    "string_pattern_mismatch": ("لا يطابق الشكل {pattern}.", "Ne suit pas la forme {pattern}."),
    "greater_than": ("يجب أن تكون أكبر من {gt}.", "Doit être supérieur à {gt}."),
    "greater_than_equal": ("يجب ألا تقل عن {ge}.", "Doit être au moins {ge}."),
    "less_than": ("يجب أن تكون أصغر من {lt}.", "Doit être inférieur à {lt}."),
    "less_than_equal": ("يجب ألا تزيد عن {le}.", "Doit être au plus {le}."),
    "list_type": ("اكتب قائمة.", "Écrivez une liste."),
    "too_short": ("{min_length} عناصر على الأقل.", "Au moins {min_length} éléments."),
    "too_long": ("{max_length} عنصرا على الأكثر.", "Au plus {max_length} éléments."),
    "enum": ("اختر من: {expected}.", "Choisissez parmi : {expected}."),
    "literal_error": ("اختر من: {expected}.", "Choisissez parmi : {expected}."),
}
_OTHER = ("قيمة غير مقبولة.", "Valeur refusée.")
_UNCONFIGURABLE = ("هذه القواعد لا تقبل إعدادات.", "Ces règles n'ont pas de configuration.")


@dataclass(frozen=True)
class Configuration:
    """One ministry's values as JSON, and the number of their revision; 0 stands for the defaults."""

    revision: int = 0
    values_json: str = ""


class Problem(Frozen):
    """What is wrong with one value, and what to write instead."""

    field: str
    ar: str
    fr: str
    en: str


class ConfigurationInvalid(Exception):
    """The values are none of this ministry's; `problems` say why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(
            "; ".join(f"{problem.field}: {problem.en}" if problem.field else problem.en for problem in problems)
        )


def read(model: type[BaseModel] | None, values_json: str) -> BaseModel | None:
    """Return the values as the ministry's model, or raise ConfigurationInvalid; no values are the defaults."""
    if model is None:
        if values_json.strip() in {"", "{}"}:
            return None
        ar, fr = _UNCONFIGURABLE
        raise ConfigurationInvalid((Problem(field="", ar=ar, fr=fr, en="These rules have no configuration."),))
    try:
        return model.model_validate_json(values_json or "{}")
    except ValidationError as error:
        raise ConfigurationInvalid(tuple(_problem(dict(each)) for each in error.errors(include_input=False))) from error


def _problem(error: Mapping[str, Any]) -> Problem:
    """Say one of pydantic's errors in three languages."""
    facts = {name: str(fact) for name, fact in error.get("ctx", {}).items()}
    ar, fr = (saying.format(**facts) for saying in _PROBLEMS.get(error["type"], _OTHER))
    return Problem(field=".".join(map(str, error["loc"])), ar=ar, fr=fr, en=str(error["msg"]))


def check(plugin: str, model: Any, declared: Place) -> None:
    """Raise NotLoaded unless a model can be a configuration: it says its schema, and its defaults are valid as they travel."""
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        found = model.__name__ if isinstance(model, type) else type(model).__name__
        raise NotLoaded([mistake("config_no_model", plugin, declared, found=found)])
    place = _where(model)
    if required := [name for name, field in model.model_fields.items() if field.is_required()]:
        raise NotLoaded([mistake("config_required", plugin, place, fields=", ".join(required))])
    try:
        model.model_json_schema()
        read(model, model().model_dump_json())
    except (ConfigurationInvalid, PydanticInvalidForJsonSchema, ValidationError) as error:
        raise NotLoaded([mistake("config_invalid", plugin, place, error=" ".join(str(error).split())[:300])]) from error


def clash(first: str, second: str) -> LoadError:
    """Say that two plugins of a ministry both declare a configuration."""
    return mistake("config_twice", second, Place(), other=first)


def _where(model: type[BaseModel]) -> Place:
    """Return where a model is written."""
    try:
        return Place(Path(inspect.getfile(model)), inspect.getsourcelines(model)[1])
    except (OSError, TypeError):
        return Place()
