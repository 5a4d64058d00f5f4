"""A ministry's configuration is checked when the plugin is loaded, when values are proposed, and when they are used."""

from pathlib import Path

import pytest
from diwan_rules import Claim
from diwan_rules.configuration import _PROBLEMS, Configuration, ConfigurationInvalid, Problem, read
from diwan_rules.host.questions import CONFIGURATION, FailureKind, Outcome
from diwan_rules.host.supervisor import Host
from diwan_rules.load_errors import NotLoaded
from diwan_rules.loader import load
from diwan_rules.sources import find
from pydantic import BaseModel, ConfigDict, Field

from tests.rules.builders import FAST, a_case, a_parted_ministry, a_plugin, a_question

pytestmark = pytest.mark.anyio
INFO = """
from datetime import date
from pydantic import BaseModel, ConfigDict, Field
class Config(BaseModel):
    model_config = ConfigDict(extra="forbid")
%s
@hookimpl
def plugin_info():
    name = Bilingual(ar="و", fr="M")
    return PluginInfo(ministry="MSAN", name=name, version="1.0", owner="d", config_model=Config)
"""
FIELDS = "    score: int = Field(default=300, le=900)\n    since: date = date(2026, 1, 1)"
CLAIM = "@hookimpl\ndef claim(ctx): return Claim(score=ctx.config.score, because=WHY, rule=str(ctx.config.since))"


class Fees(BaseModel):
    model_config = ConfigDict(extra="forbid")
    most: int = Field(default=5, ge=1, le=9)
    places: list[str] = []


def told(values_json: str) -> tuple[Problem, ...]:
    with pytest.raises(ConfigurationInvalid) as raised:
        read(Fees, values_json)
    return raised.value.problems


@pytest.mark.parametrize(
    ("values_json", "field", "fr"),
    [
        ('{"most": 12}', "most", "Doit être au plus 9."),
        ('{"most": "many"}', "most", "Écrivez un nombre entier."),
        ('{"least": 1}', "least", "Aucun réglage ne porte ce nom ; retirez-le."),
        ('{"places": ["Oran", 3]}', "places.1", "Écrivez un texte."),
        ("{most: 1}", "", "Les valeurs ne sont pas du JSON valable."),
    ],
)
def test_a_wrong_value_is_told_by_its_field_in_three_languages(values_json: str, field: str, fr: str) -> None:
    (problem,) = told(values_json)
    assert (problem.field, problem.fr) == (field, fr)
    assert problem.ar
    assert problem.en
    assert "many" not in problem.en


def test_no_values_are_the_defaults_and_all_wrong_ones_are_told_at_once() -> None:
    assert read(Fees, "") == read(Fees, "{}") == Fees()
    assert [problem.field for problem in told('{"most": 0, "places": 3}')] == ["most", "places"]


def test_rules_without_a_configuration_take_no_values() -> None:
    assert read(None, "{}") is None
    with pytest.raises(ConfigurationInvalid, match="no configuration"):
        read(None, '{"most": 3}')


def test_every_problem_is_said_in_arabic_and_french() -> None:
    assert all(len(saying) == 2 and all(saying) for saying in _PROBLEMS.values())


@pytest.mark.parametrize(
    ("info", "code", "says", "line"),
    [
        (INFO % "    days: int\n    fee: int", "config_required", "no default: days, fee", 10),
        (INFO % "    days: int = Field(default=3, le=2)", "config_invalid", "days: Input should be less", 10),
        (INFO % "    what: type = int", "config_invalid", "JSON", 10),
        ((INFO % FIELDS).replace("=Config)", "={'days': 3})"), "config_no_model", "BaseModel, not dict", 14),
        ((INFO % FIELDS).replace("=Config)", "=int)"), "config_no_model", "BaseModel, not int", 14),
    ],
)
def test_a_model_that_cannot_be_a_configuration_is_a_mistake(
    tmp_path: Path, info: str, code: str, says: str, line: int
) -> None:
    with pytest.raises(NotLoaded) as raised:
        load(find(a_plugin(tmp_path, info=info))[0])
    (error,) = raised.value.errors
    assert (error.code, error.line) == (code, line)
    assert says in error.message_en


async def asked(host: Host, values_json: str, hook: str = "claim") -> Outcome:
    given = {"MSAN": Configuration(revision=7, values_json=values_json)}
    (outcome,) = await host.ask("MSAN", a_question(a_case(), hook=hook, configurations=given))
    return outcome


async def test_rules_work_with_the_values_of_the_question_and_never_with_wrong_ones(tmp_path: Path) -> None:
    async with Host(a_plugin(tmp_path, CLAIM, info=INFO % FIELDS), limits=FAST) as host:
        assert '"since"' in host.ministries["MSAN"].described["config_schema"]
        default, given = await asked(host, ""), await asked(host, '{"score": 650, "since": "2026-05-01"}')
        wrong = await asked(host, '{"score": 950}')
        again = await asked(host, '{"score": 640}')
    assert isinstance(default.verdict, Claim)
    assert default.verdict.score == 300
    assert isinstance(given.verdict, Claim)
    assert (given.verdict.score, given.verdict.rule) == (650, "2026-05-01")
    assert wrong.failure is not None
    assert wrong.failure.kind is FailureKind.MISCONFIGURED
    assert "score: Input should be less than or equal to 900" in wrong.failure.message
    assert isinstance(again.verdict, Claim)
    assert again.verdict.score == 640


async def test_the_worker_says_what_is_wrong_with_values(tmp_path: Path) -> None:
    async with Host(a_plugin(tmp_path, CLAIM, info=INFO % FIELDS), limits=FAST) as host:
        right = await asked(host, '{"score": 650}', CONFIGURATION)
        wrong = await asked(host, '{"score": 950}', CONFIGURATION)
    assert (right.verdict, right.failure) == (None, None)
    assert isinstance(wrong.verdict, tuple)
    assert [problem.model_dump()["field"] for problem in wrong.verdict] == ["score"]


async def test_a_ministry_has_one_configuration_that_all_its_plugins_see(tmp_path: Path) -> None:
    model = "from pydantic import BaseModel\nclass Config(BaseModel):\n    score: int = 10\n"
    with_model = INFO_OF_MJ.replace("owner='d'", "owner='d', config_model=Config")
    folders = a_parted_ministry(tmp_path / "one", {"MJ": "", "MJ.courts": CLAIM.replace("str(ctx.config.since)", "''")})
    first = next(folders[0].rglob("diwan_rules_mj.py"))
    first.write_text(model + with_model, encoding="utf-8")
    async with Host(*folders, limits=FAST) as host:
        (outcome,) = await host.ask("MJ", a_question(a_case()))
        assert isinstance(outcome.verdict, Claim)
        assert outcome.verdict.score == 10

    second = next(folders[1].rglob("diwan_rules_mj_courts.py"))
    second.write_text(model + with_model, encoding="utf-8")
    async with Host(*folders, limits=FAST) as host:
        (error,) = host.ministries["MJ"].load_errors
        assert (error.code, error.plugin) == ("config_twice", "MJ.courts")


INFO_OF_MJ = """
from diwan_rules import Bilingual, PluginInfo, hookimpl
@hookimpl
def plugin_info():
    return PluginInfo(ministry="MJ", name=Bilingual(ar="و", fr="M"), version="1.0", owner='d')
"""
