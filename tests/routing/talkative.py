"""Rules of two ministries that have more to say than a claim, for the tests of advice."""

from collections.abc import Mapping

from tests.routing.builders import PLUGINS

MINISTRY_RULES = """
from diwan_rules import *

NAME = Bilingual(ar="اسم", fr="Nom")

@hookimpl
def categories():
    return [CategoryDefinition(code="waiting", name=NAME, topic="health")]

@hookimpl
def documents():
    return [DocumentDefinition(code="card", name=Bilingual(ar="بطاقة", fr="Carte"), shows=NAME)]

@hookimpl
def letter_templates():
    body = BilingualBody(ar="يرجى إرفاق ملف {{ service }}.", fr="Prière de joindre le dossier de {{ service }}.")
    return [LetterTemplate(code="file", name=NAME, kind="referral", body=body, required_variables=("service",))]
"""
HEALTH = """
@hookimpl
def validate(case, ctx):
    return [Finding(code="no_date", field="text", severity="incomplete", because=WHY)]

@hookimpl
def enrich(case, ctx):
    return [Fact(name="bed", value="سرير 7")]

@hookimpl
def required_documents(case, ctx):
    return [RequiredDocument(document="card", mandatory=True, because=WHY)]

@hookimpl
def classify(case, ctx):
    return [CategoryScore(category="waiting", score=640, because=WHY)]

@hookimpl
def priority(case, ctx):
    if "خلل" in case.words:
        raise ValueError("broken")
    return PriorityProposal(priority="urgent", because=WHY)

@hookimpl
def reminders(case, ctx):
    notice = ReminderStep(kind="early_notice", after_due=-2, because=WHY)
    return [notice, ReminderStep(kind="reminder_2", after_due=3, because=WHY)]

@hookimpl
def retention(case, ctx):
    return RetentionRule(years=30, because=WHY)

@hookimpl
def letter_context(case, letter_kind, ctx):
    return LetterContext(template="file", variables={} if "ناقص" in case.words else {"service": "CHU"})

@hookimpl
def signatory(case, letter_kind, ctx):
    return Signatory(role="director" if letter_kind == "final_reply" else "emperor", because=WHY)

@hookimpl
def review_reply(case, reply, ctx):
    if "خلل" in case.words:
        raise ValueError("broken")
    return ReplyReview(grade="superficial", because=WHY, missing=(Bilingual(ar="التاريخ", fr="La date"),))
"""
JUSTICE = """
@hookimpl
def validate(case, ctx):
    if "نزاع" in case.words:
        raise ValueError("broken")
    return [Finding(code="seen", field="text", severity="note", because=WHY)]

@hookimpl
def documents():
    return [DocumentDefinition(code="judgment", name=NAME, shows=NAME)]

@hookimpl
def required_documents(case, ctx):
    return [RequiredDocument(document="judgment", mandatory=False, because=WHY)]
"""
NAMED = 'NAME = Bilingual(ar="اسم", fr="Nom")\nfrom diwan_rules import *\n'


def talkative_rules() -> Mapping[str, str]:
    """Return the rules of health and justice."""
    own_deadline = "    return WorkingDays(days=10, because=WHY)"
    by_stage = "    return WorkingDays(days=5 if stage == 'document_request' else 10, because=WHY)"
    assert own_deadline in PLUGINS["MSAN"]
    health = MINISTRY_RULES + PLUGINS["MSAN"].replace(own_deadline, by_stage) + HEALTH
    return {"MSAN": health, "MJ": NAMED + PLUGINS["MJ"] + JUSTICE}
