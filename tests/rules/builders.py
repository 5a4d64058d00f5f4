"""Plugins, questions and hosts for the tests of the rules kit."""

import shutil
import textwrap
from datetime import UTC, date, datetime
from pathlib import Path

from diwan_rules import Case, Stage, Unit
from diwan_rules.host.limits import Limits
from diwan_rules.host.questions import Question, asked
from diwan_rules.terms import Terms

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
FAST = Limits(soft_seconds=0.15, hard_seconds=1.2, call_seconds=10.0, start_seconds=10.0, memory_mib=96)
HEAD = '''
"""Rules of a ministry, for a test."""
from diwan_rules import Because, Bilingual, Claim, Decline, PluginInfo, UnitProposal, WorkingDays, hookimpl

TERMS = {"hospital": ["مستشفى", "hôpit*"]}
WHY = Because(ar="لأنه كذلك", fr="Parce que")
'''
INFO = """
@hookimpl
def plugin_info():
    return PluginInfo(ministry="%s", name=Bilingual(ar="وزارة", fr="Ministère"), version="1.2.0", owner="dsi", terms=TERMS)
"""


def a_plugin(folder: Path, body: str = "", *, ministry: str = "MSAN", info: str = INFO) -> Path:
    """Write a plain folder with a rules.py for a ministry; return the folder of folders."""
    plugin = folder / ministry.lower()
    plugin.mkdir(parents=True, exist_ok=True)
    said = info % ministry if "%s" in info else info
    (plugin / "rules.py").write_text(f"{HEAD}{said}\n{textwrap.dedent(body)}", encoding="utf-8")
    return folder


def a_misbehaving_plugin(folder: Path) -> Path:
    """Write the plugin whose rules do what the text of a case says; return the folder of folders."""
    plugin = a_plugin(folder) / "msan"
    shutil.copy(Path(__file__).parent / "misbehaving.py", plugin / "rules.py")
    return folder


def a_case(text: str = "شكوى", complaint_id: str = "") -> Case:
    """Return a case with this text."""
    return Case(complaint_id=complaint_id or f"c-{text}", text=text, received_on=date(2026, 10, 30))


def a_question(
    *cases: Case, hook: str = "claim", stage: Stage | None = None, units: dict[str, tuple[Unit, ...]] | None = None
) -> Question:
    """Ask about these cases; hits are those of the term group `hospital`."""
    terms = Terms({"hospital": ["مستشفى", "hôpit*"]})
    everyone = ("MSAN", "MEN")
    sent = tuple(asked(case, dict.fromkeys(everyone, terms.scan(case.words))) for case in cases)
    return Question(hook=hook, now=NOW, cases=sent, stage=stage, units=units or {})
