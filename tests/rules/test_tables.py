"""A folder of tables is a plugin like any other: found, loaded in the limited worker, asked, and never a stranger to Excel."""

import sys
from pathlib import Path

import pytest
from diwan_rules import Basis, Case, Claim, Stage, Terms, Unit, UnitProposal, WorkingDays
from diwan_rules.host.questions import FailureKind, Question, asked
from diwan_rules.host.supervisor import Host
from diwan_rules.loader import Plugin
from diwan_rules.sources import digest, find
from diwan_rules.tables.workbook import to_xlsx
from diwan_rules.testing import a_case, a_context

from tests.rules.builders import FAST, NOW, a_plugin
from tests.rules.table_builders import CLAIM, SETTINGS, a_table_plugin, loaded, mistakes, with_policy

ARABIC = "أحد الألفاظ؛النقاط؛السبب بالعربية؛السبب بالفرنسية".replace("؛", ";") + "\nالأسعار؛غلاء".replace("؛", "|")
UNITS = "any_of;unit;why_ar;why_fr\nسجل;cnrc, DCP;السجل;Le registre\n;DCP;الرقابة;Le contrôle\n"
DEADLINES = "any_of;stage;deadline;why_ar;why_fr\nprix;final_answer;15;تحقيق;Une enquête\n"
DOCUMENTS = (
    "any_of;document;name_ar;name_fr;shows_ar;shows_fr;mandatory;why_ar;why_fr\n"
    "ضمان;receipt;وصل;Ticket;التاريخ;La date;لا;لأن;Car\n"
    "prix;receipt;;;;;oui;الثمن;Le prix\n"
)


def claimed(plugin: Plugin, text: str, facts: Case | None = None) -> Claim | None:
    return plugin.hooks["claim"].function(a_case(plugin.info, text, facts))  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    "cells",
    [
        f"{ARABIC};٥٠٠;لأن;Car\n",
        "\ufeffUn des termes ;POINTS;Motif en arabe;Motif en francais\r\nprix|غلاء;500;لأن;Car\r\n",
        'any_of,score,why_ar,why_fr\n"prix, غلاء",500,لأن,Car\n',
        'Any Of;Score;Why_AR;Why_FR;;\n"prix\nغلاء";500;لأن;Car;;\n\n',
    ],
    ids=["Arabic", "French with BOM", "commas", "English, new line in a cell, empty columns"],
)
def test_headings_and_cells_are_read_as_offices_write_them(tmp_path: Path, cells: str) -> None:
    claim = claimed(loaded(a_table_plugin(tmp_path / "mci", claim=cells)), "الغلاء")
    assert claim
    assert (claim.score, claim.basis, claim.because.fr) == (500, Basis.TOPICAL, "Car (غلاء)")


def test_the_folder_goes_by_the_ministry_that_its_settings_name(tmp_path: Path) -> None:
    a_table_plugin(tmp_path / "trade", settings=SETTINGS.replace("MCI", "MCI.prices"))
    a_table_plugin(tmp_path / "shops")
    assert [(source.name, source.ministry) for source in find(tmp_path)] == [("MCI", "MCI"), ("MCI.prices", "MCI")]


def test_a_broken_settings_file_is_a_plugin_that_does_not_load(tmp_path: Path) -> None:
    (error,) = mistakes(a_table_plugin(tmp_path / "mci", settings="ministry: 'MCI"))
    assert (error.code, error.plugin, error.file) == ("settings_unreadable", "MCI", "plugin.yaml")


def test_a_wheel_carries_tables_in_a_folder_that_its_entry_point_names(tmp_path: Path) -> None:
    a_table_plugin(tmp_path / "diwan_rules_mci")
    told = tmp_path / "diwan_rules_mci-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: diwan-rules-mci\nVersion: 1.0\n", encoding="utf-8")
    (told / "entry_points.txt").write_text("[diwan.rules]\nMCI = diwan_rules_mci\n", encoding="utf-8")
    claim = claimed(loaded(tmp_path), "les prix")
    assert claim
    assert claim.rule == f"claim.csv:2@{digest(tmp_path)[:8]}"


def test_every_cell_declares_its_terms_as_a_group_of_its_own(tmp_path: Path) -> None:
    rows = "any_of;all_of;none_of;score;why_ar;why_fr\nغلاء|prix;سوق;نفط|pétrole;500;لأن;Car\n"
    settings = SETTINGS.replace("MCI", "MCI.prices")
    plugin = loaded(a_table_plugin(tmp_path / "mci", settings=settings, claim=rows))
    assert plugin.info.terms == {
        "prices.claim.2.any_of": ("غلاء", "prix"),
        "prices.claim.2.all_of": ("سوق",),
        "prices.claim.2.none_of": ("نفط", "pétrole"),
    }


def test_a_verdict_names_the_row_in_this_version_of_the_tables(tmp_path: Path) -> None:
    folder = a_table_plugin(tmp_path / "mci")
    claim = claimed(loaded(folder), "les prix")
    assert claim
    assert claim.rule == f"claim.csv:2@{digest(folder)[:8]}"


def test_a_unit_that_is_not_there_leaves_it_to_the_next(tmp_path: Path) -> None:
    plugin = loaded(a_table_plugin(tmp_path / "mci", claim=CLAIM, units=UNITS))
    case = a_case(plugin.info, "سجل", Case(complaint_id="c", text="", wilaya_id="wilaya-oran"))
    cnrc = Unit(body_id="cnrc", kind="CNRC", name_ar="م", name_fr="C")
    dcp = Unit(body_id="dcp-oran", kind="DCP", name_ar="م", name_fr="D", wilaya_id="wilaya-oran")

    def proposed(*units: Unit) -> str:
        proposal = plugin.hooks["assign_unit"].function(case, a_context(*units))
        return f"{proposal.unit}: {proposal.because.fr}" if proposal else ""

    assert proposed(dcp, cnrc) == "cnrc: Le registre (سجل)"
    assert proposed(dcp) == "dcp-oran: Le registre (سجل)"
    assert proposed() == ""


def test_a_row_whose_unit_may_be_missing_hides_none_below(tmp_path: Path) -> None:
    units = "unit;why_ar;why_fr\ncnrc;السجل;Le registre\nDCP;الرقابة;Le contrôle\n"
    plugin = loaded(a_table_plugin(tmp_path / "mci", units=units))
    dcp = Unit(body_id="dcp-oran", kind="DCP", name_ar="م", name_fr="D", wilaya_id="wilaya-oran")
    case = a_case(plugin.info, "", Case(complaint_id="c", text="", wilaya_id="wilaya-oran"))
    assert plugin.hooks["assign_unit"].function(case, a_context(dcp)).unit == "dcp-oran"


def test_days_are_given_for_the_stages_that_a_row_names(tmp_path: Path) -> None:
    plugin = loaded(a_table_plugin(tmp_path / "mci", deadlines=DEADLINES))
    asked_for = {
        stage: plugin.hooks["deadline"].function(a_case(plugin.info, "prix"), stage, a_context()) for stage in Stage
    }
    assert {stage for stage, days in asked_for.items() if days} == {Stage.FINAL_ANSWER}


def test_each_document_is_declared_once_and_asked_for_once(tmp_path: Path) -> None:
    plugin = loaded(a_table_plugin(tmp_path / "mci", documents=DOCUMENTS))

    def required(text: str) -> list[tuple[str, bool]]:
        said = plugin.hooks["required_documents"].function(a_case(plugin.info, text), a_context())
        return [(each.document, each.mandatory) for each in said]

    assert [(each.code, each.name.fr) for each in plugin.declared["documents"]] == [("receipt", "Ticket")]
    assert required("ضمان") == [("receipt", False)]
    assert required("ضمان et prix") == [("receipt", True)]
    assert required("rien") == []


def test_without_the_extra_a_table_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    (error,) = mistakes(a_table_plugin(tmp_path / "mci"))
    assert (error.code, error.line) == ("extra_missing", 0)
    assert "pip install 'diwan-rules[tables]'" in error.message_en


def test_under_first_one_document_is_asked_for(tmp_path: Path) -> None:
    more = DOCUMENTS + "غلاء;photo;صورة;Photo;الثمن;Le prix;نعم;لأن;Car\n"
    settings = with_policy("documents", "FIRST")
    plugin = loaded(a_table_plugin(tmp_path / "mci", settings=settings, documents=more))
    case = a_case(plugin.info, "ضمان prix غلاء")
    asked_for = plugin.hooks["required_documents"].function(case, a_context())
    assert [(each.document, each.mandatory) for each in asked_for] == [("receipt", False)]


@pytest.mark.anyio
async def test_tables_are_asked_in_the_worker_like_any_rules(tmp_path: Path) -> None:
    a_plugin(tmp_path, "@hookimpl\ndef claim(case): return Claim(score=100, because=WHY)", ministry="MEN")
    folder = a_table_plugin(tmp_path / "mci", claim=CLAIM, units=UNITS, deadlines=DEADLINES)
    excel = a_table_plugin(tmp_path / "msan", settings=SETTINGS.replace("MCI", "MSAN"))
    to_xlsx(excel, excel / "tables.xlsx")
    (excel / "claim.csv").unlink()
    a_table_plugin(tmp_path / "mj", settings=SETTINGS.replace("MCI", "MJ"), claim="any_of;score\nx;y\n")
    dcp = Unit(body_id="dcp-oran", kind="DCP", name_ar="م", name_fr="D", wilaya_id="wilaya-oran")

    async with Host(tmp_path, limits=FAST) as host:
        terms = Terms(host.ministries["MCI"].described["terms"])
        cases = [Case(complaint_id=f"c{n}", text=text, wilaya_id="wilaya-oran") for n, text in enumerate(("prix", "x"))]
        sent = tuple(asked(case, dict.fromkeys(("MCI", "MSAN"), terms.scan(case.words))) for case in cases)

        async def said(ministry: str, hook: str, stage: Stage | None = None) -> list[object]:
            question = Question(hook=hook, now=NOW, cases=sent, stage=stage, units={"MCI": (dcp,)})
            return [each.failure or each.verdict for each in await host.ask(ministry, question)]

        price, nothing = await said("MCI", "claim")
        assert isinstance(price, Claim)
        assert (price.rule, nothing) == (f"claim.csv:2@{digest(folder)[:8]}", None)
        assert host.ministries["MCI"].digest == digest(folder)
        price, nothing = await said("MSAN", "claim")
        assert isinstance(price, Claim)
        assert price.rule == f"tables.xlsx#claim:2@{digest(excel)[:8]}"
        (unit, _), (days, _) = await said("MCI", "assign_unit"), await said("MCI", "deadline", Stage.FINAL_ANSWER)
        assert isinstance(unit, UnitProposal)
        assert isinstance(days, WorkingDays)
        assert (unit.unit, days.days) == ("dcp-oran", 15)
        assert [error.code for error in host.ministries["MJ"].load_errors] == ["column_missing"]
        assert {getattr(each, "kind", None) for each in await said("MJ", "claim")} == {FailureKind.NOT_LOADED}


@pytest.mark.anyio
async def test_an_answer_that_has_no_field_for_its_rule_names_it_in_the_log(tmp_path: Path) -> None:
    folder = a_table_plugin(tmp_path / "mci", settings=with_policy("deadlines", "UNIQUE"), deadlines=DEADLINES)
    async with Host(tmp_path, limits=FAST) as host:
        case = Case(complaint_id="c", text="prix")
        hits = {"MCI": Terms(host.ministries["MCI"].described["terms"]).scan(case.words)}
        question = Question(hook="deadline", now=NOW, cases=(asked(case, hits),), stage=Stage.FINAL_ANSWER)
        (outcome,) = await host.ask("MCI", question)
        assert outcome.log == (f"rule id=deadlines.csv:2@{digest(folder)[:8]}",)
