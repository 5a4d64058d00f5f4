"""Builds what routing's tests speak of: only what matters to a test is said in it."""

from datetime import UTC, date, datetime

from diwan.intake.v1 import complaint_pb2, register_pb2
from diwan.intake.v1.events_pb2 import ComplaintRegistered

from services.routing.domain.bodies import Bodies, Body
from services.routing.domain.calendar import Calendar
from services.routing.domain.deadline import DeadlinePolicy
from services.routing.domain.facts import Facts
from services.routing.domain.reference import Reference
from services.routing.domain.referral import Referral, ReferralState, sent

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
COMPLAINT_ID = "01930000-0000-7000-8000-000000000001"


def some_facts(**only: object) -> Facts:
    """Return the facts of a petition to the delegate of Algiers."""
    plain: dict[str, object] = {
        "complaint_id": COMPLAINT_ID,
        "number": "16/0001/2026/000001",
        "keeping_body_id": "delegation-alger",
        "wilaya_id": "wilaya-alger",
        "received_on": date(2026, 11, 22),
        "petitions": True,
    }
    return Facts(**(plain | only))  # type: ignore[arg-type]


def a_referral(**only: object) -> Referral:
    """Return a referral sent on a Sunday with ten working days."""
    plain: dict[str, object] = {
        "referral_id": "01930000-0000-7000-8000-0000000000aa",
        "complaint_id": COMPLAINT_ID,
        "number": "16/0001/2026/000001",
        "decision_id": "01930000-0000-7000-8000-0000000000dd",
        "letter_id": "01930000-0000-7000-8000-0000000000ee",
        "ministry_id": "msan",
        "unit_body_id": "dsp-alger",
        "from_body_id": "delegation-alger",
        "wilaya_id": "wilaya-alger",
        "state": ReferralState.SENT,
        "sent_on": date(2026, 11, 22),
        "clock_from": date(2026, 11, 22),
        "due_on": date(2026, 11, 22),
        "deadline_days": 10,
        "updated_at": NOW,
    }
    return sent(Referral(**(plain | only)), Calendar())  # type: ignore[arg-type]


BODIES = (
    Body(body_id="msan", kind="ministry", ministry_id="msan"),
    Body(body_id="mj", kind="ministry", ministry_id="mj"),
    Body(body_id="mhuvat", kind="ministry", ministry_id="mhuvat"),
    Body(body_id="mhuv", kind="ministry", ministry_id="mhuv", valid_to=date(2025, 9, 14)),
    Body(body_id="dsp-alger", kind="directorate", ministry_id="msan", territory_id="wilaya-alger",
         wilaya_id="wilaya-alger", service_code="DSP"),
    Body(body_id="dsp-oran", kind="directorate", ministry_id="msan", territory_id="wilaya-oran",
         wilaya_id="wilaya-oran", service_code="DSP"),
    Body(body_id="dl-alger", kind="directorate", ministry_id="mhuvat", territory_id="wilaya-alger",
         wilaya_id="wilaya-alger", service_code="DL"),
    Body(body_id="opgi-alger", kind="directorate", ministry_id="mhuvat", territory_id="wilaya-alger",
         wilaya_id="wilaya-alger", service_code="OPGI"),
    Body(body_id="delegation-alger", kind="delegation", territory_id="wilaya-alger", wilaya_id="wilaya-alger"),
)  # fmt: skip


def a_reference(*more: Body) -> Reference:
    """Return reference tables with a few bodies and the national deadline."""
    return Reference(
        revision=1,
        bodies=Bodies({body.body_id: body for body in (*BODIES, *more)}),
        topics=frozenset({"health"}),
        wilaya_labels={"wilaya-alger": "16"},
        policies=(DeadlinePolicy(code="national-21", working_days=21),),
    )


RULES_HEAD = '''
"""Rules of a ministry, for a test."""
from diwan_rules import Because, Bilingual, Claim, Decline, PluginInfo, UnitProposal, WorkingDays, hookimpl

WHY = Because(ar="يذكر النص MINISTRY", fr="Le texte parle de MINISTRY")
TERMS = {"MSAN": {"hospital": ["مستشفى*"]}, "MJ": {"court": ["محكمة"]}}.get("MINISTRY", {})

@hookimpl
def plugin_info():
    name = Bilingual(ar="وزارة", fr="Ministère")
    return PluginInfo(ministry="MINISTRY", name=name, version="1.2.0", owner="dsi", terms=TERMS)
'''
PLUGINS = {
    "MSAN": """
@hookimpl
def claim(case, ctx):
    if case.has("hospital"):
        return Claim(score=800, because=WHY, category="health", rule="hospital")

@hookimpl
def assign_unit(case, ctx):
    return UnitProposal(unit=ctx.directory.nearest(case, "DSP").body_id, because=WHY)

@hookimpl
def deadline(case, stage, ctx):
    return WorkingDays(days=10, because=WHY)
""",
    "MJ": """
@hookimpl
def claim(case, ctx):
    if "عطب" in case.words:
        raise ValueError("broken")
    if case.has("court"):
        return Claim(score=790, because=WHY, rule="court")
""",
}


def a_registration(**only: object) -> ComplaintRegistered:
    """Return the event of a petition to the delegate of Algiers."""
    plain: dict[str, object] = {
        "complaint_id": COMPLAINT_ID,
        "number": "16/0001/2026/000001",
        "keeping_body_id": "delegation-alger",
        "kind": complaint_pb2.COMPLAINT_KIND_PETITION,
        "channel": complaint_pb2.CHANNEL_PORTAL,
        "wilaya_id": "wilaya-alger",
        "received_on": "2026-11-22",
        "register_kind": register_pb2.REGISTER_KIND_PETITIONS,
    }
    return ComplaintRegistered(**(plain | only))  # type: ignore[arg-type]
