"""Does once, before the zygote forks, what every worker does: workers share what that needed, and start faster."""

import json
import linecache
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from diwan_rules import tables  # noqa: F401 - for the workers
from diwan_rules.facts import Case, Context
from diwan_rules.host.answering import ALARM, answer
from diwan_rules.host.frames import pack
from diwan_rules.host.questions import Question, asked, no_hits, read_case, write_outcome, written
from diwan_rules.host.worker import describe, load_all
from diwan_rules.sources import find

_RULES = """
from diwan_rules import Because, Bilingual, Claim, PluginInfo, hookimpl

@hookimpl
def plugin_info():
    name = Bilingual(ar="تجربة", fr="Répétition")
    return PluginInfo(ministry="REHEARSED", name=name, version="1.0.0", owner="diwan", terms={"word": ["كلمة"]})

@hookimpl
def claim(case, ctx):
    return Claim(score=1, because=Because(ar="تجربة", fr="Répétition"))
"""
_PLUGIN = "ministry: TABLED\nname: {ar: تجربة, fr: Répétition}\nversion: 1.0.0\nowner: diwan\n"
_CLAIM = "id;any_of;score;why_ar;why_fr\nword;كلمة|mot*;300;تجربة;Répétition\n"
_THEN = datetime(2026, 1, 1, tzinfo=UTC)


def rehearse() -> None:
    """Load a plugin and a table of nobody's, ask them about a case, and leave nothing behind but what is remembered."""
    path, modules = list(sys.path), set(sys.modules)
    with TemporaryDirectory(prefix="diwan-rehearsal-") as place:
        for name, text in (
            ("rehearsed/rules.py", _RULES),
            ("tabled/plugin.yaml", _PLUGIN),
            ("tabled/claim.csv", _CLAIM),
        ):
            file = Path(place) / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        ALARM.install()
        for source in find(Path(place)):
            plugins, errors = load_all([source])
            pack(describe(plugins, errors))
            case = asked(Case(complaint_id="rehearsed", text="كلمة"), {})
            question = json.loads(written(Question(hook="claim", now=_THEN, cases=(case,)), source.ministry, [case]))
            facts, found = question["cases"][0]
            groups = no_hits({group: None for plugin in plugins for group in plugin.info.terms})
            values = {"case": read_case(facts, found, groups), "ctx": Context(now=_THEN)}
            pack(write_outcome(answer(plugins, question["hook"], values, 1.0)))
    sys.path[:] = path
    for name in {"rules"} - modules:
        sys.modules.pop(name, None)
    linecache.clearcache()
