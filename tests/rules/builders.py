"""Plugins, questions and hosts for the tests of the rules kit."""

import shutil
import textwrap
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from diwan_rules import Case, Unit
from diwan_rules.host.limits import Limits
from diwan_rules.host.questions import Question, asked
from diwan_rules.terms import Terms

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
FAST = Limits(soft_seconds=0.15, hard_seconds=1.2, call_seconds=10.0, start_seconds=10.0, memory_mib=96)
HEAD = '''
"""Rules of a ministry, for a test."""
from diwan_rules import *

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


def a_parted_ministry(folder: Path, bodies: dict[str, str]) -> list[Path]:
    """Write plugins of one ministry, by entry point, each in a folder; return the folders."""
    for name, body in bodies.items():
        plugin = a_plugin(folder / name, body, ministry=name.partition(".")[0]) / name.partition(".")[0].lower()
        module = f"diwan_rules_{name.replace('.', '_').lower()}"
        (plugin / "rules.py").rename(plugin / f"{module}.py")
        text = f'[project]\nname = "x"\n[project.entry-points."diwan.rules"]\n"{name}" = "{module}"\n'
        (plugin / "pyproject.toml").write_text(text, encoding="utf-8")
    return [folder / name for name in bodies]


def a_question(
    *cases: Case, hook: str = "claim", units: dict[str, tuple[Unit, ...]] | None = None, **besides: Any
) -> Question:
    """Ask about these cases; hits are those of the term group `hospital`."""
    terms = Terms({"hospital": ["مستشفى", "hôpit*"]})
    everyone = ("MSAN", "MEN")
    sent = tuple(asked(case, dict.fromkeys(everyone, terms.scan(case.words))) for case in cases)
    return Question(hook=hook, now=NOW, cases=sent, units=units or {}, **besides)
