"""`new`: writes the rules of a ministry to begin with: they load, pass their own tests, and can be packed as they are."""

import re
from pathlib import Path

from diwan_rules import __version__
from diwan_rules.author import terminal
from diwan_rules.author.language import Mistake, say

_CODE = re.compile(r"^[A-Z][A-Z0-9]{0,15}(\.[a-z0-9_]+)?$")

_PROJECT = """\
[build-system]
requires = ["setuptools>=70"]
build-backend = "setuptools.build_meta"

[project]
name = "diwan-rules-{dashed}"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["diwan-rules>={kit}"]

[project.entry-points."diwan.rules"]
"{code}" = "{module}"

[tool.setuptools]
py-modules = ["{module}"]
"""

_RULES = '''\
"""What {code} claims, and how fast it answers. Put your own terms, weights and reasons here."""

from diwan_rules import Because, Bilingual, Case, Claim, PluginInfo, Stage, Topical, WorkingDays, hookimpl

INFO = PluginInfo(
    ministry="{ministry}",
    name=Bilingual(ar="قواعد {ministry}", fr="Règles de {ministry}"),
    version="0.1.0",
    owner="rules@example.dz",
    terms={{
        "fraud": ["غش", "منتوج فاسد", "fraude", "périmé*"],
        "shops": ["محل*", "سوق", "commerçant*", "hanout"],
    }},
)
CLAIM = Topical(
    info=INFO,
    weights={{"fraud": 600, "shops": 250}},
    because=Because(ar="يذكر النص: {{terms}}", fr="Le texte cite : {{terms}}"),
)


@hookimpl
def plugin_info() -> PluginInfo:
    """Introduce the rules."""
    return INFO


@hookimpl
def claim(case: Case) -> Claim | None:
    """Claim by weighed terms."""
    return CLAIM(case)


@hookimpl
def deadline(case: Case, stage: Stage) -> WorkingDays | None:
    """Answer first about fraud."""
    if stage is Stage.FIRST_ANSWER and case.has("fraud"):
        return WorkingDays(days=3, because=Because(ar="صحة المستهلك", fr="La santé du consommateur"))
    return None
'''

_TESTS = '''\
"""Rules are asked in the real host: `ask` comes with the kit."""


def test_fraud_is_ours(ask):
    assert ask("غش في الميزان عند المحل").score >= 600


def test_a_hospital_is_not(ask):
    assert ask("المستشفى بعيد") is None
'''

_CASES = """\
cases:
  - name: fraud is ours, and answered first
    text: Produit périmé chez le commerçant
    stage: first_answer
    claim: {{score: 800..1000, rule: fraud}}
    deadline: {{days: 3}}
  - name: a hospital is not
    text: المستشفى بعيد
    claim: none
"""

_README = """\
# Rules of {code}
`diwan-rules check .` loads them, `diwan-rules test .` asks them about `{cases}`, `diwan-rules serve .` does so after every change.

To ship: `diwan-rules pack .`, then `diwan-rules sign WHEEL --key KEY`; send the wheel and its `.sig`.
"""

_SETTINGS = """\
ministry: {code}
name:
  ar: قواعد {ministry}
  fr: Règles de {ministry}
version: 0.1.0
owner: rules@example.dz
"""

_CLAIM = """\
id,any_of,none_of,score,why_ar,why_fr
fraud,غش | منتوج فاسد | fraude | périmé*,,700,النص عن الغش,Le texte parle de fraude
shops,محل* | سوق | commerçant* | hanout,,300,النص عن المحلات,Le texte parle de commerces
"""

_DEADLINES = """\
id,any_of,stage,deadline,why_ar,why_fr
fraud,غش | fraude | périmé*,first_answer,3,صحة المستهلك,La santé du consommateur
"""

_TABLE_CASES = """\
name,text,stage,claim,claim.score,claim.rule,deadline.days
fraud is ours and answered first,Produit périmé chez le commerçant,first_answer,claim,700,claim.csv:2,3
a hospital is not,المستشفى بعيد,,none,,,
"""


def new(code: str, into: Path | None, *, table: bool) -> int:
    """Write the files of new rules into a folder that does not exist yet or is empty."""
    if not _CODE.match(code):
        raise Mistake("code_invalid", found=code)
    folder = into or Path(code.lower().replace(".", "-"))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Mistake("folder_taken", folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in _files(code, table=table).items():
        (folder / name).write_text(text, encoding="utf-8")
        terminal.show(f"  {folder / name}")
    terminal.show(say("new_done", folder=folder))
    return 0


def _files(code: str, *, table: bool) -> dict[str, str]:
    """Return the files of new rules."""
    module = f"diwan_rules_{code.lower().replace('.', '_')}"
    major, minor = __version__.split(".")[:2]
    facts = {
        "code": code,
        "ministry": code.partition(".")[0],
        "dashed": code.lower().replace(".", "-").replace("_", "-"),
        "module": module,
        "kit": f"{major}.{minor},<{int(major) + 1}",
        "cases": "cases.csv" if table else "cases.yaml",
    }
    texts = (
        {"plugin.yaml": _SETTINGS, "claim.csv": _CLAIM, "deadlines.csv": _DEADLINES, "cases.csv": _TABLE_CASES}
        if table
        else {"pyproject.toml": _PROJECT, f"{module}.py": _RULES, f"test_{module}.py": _TESTS, "cases.yaml": _CASES}
    )
    return {name: text.format(**facts) for name, text in {**texts, "README.md": _README}.items()}
