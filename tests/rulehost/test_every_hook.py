"""Every hook on a real port: the question arrives, the answer comes back, and own codes are full outside."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import grpc
import pytest
from diwan.rules.v1 import case_pb2, declaration_pb2, subject_pb2, verdict_pb2
from diwan.rules.v1 import rule_host_service_pb2 as pb2
from diwan.rules.v1 import rule_host_service_pb2_grpc as pb2_grpc
from diwan_rules.answers import ANSWERS
from diwan_rules.hooks import Pattern
from diwan_rules.host.supervisor import Host

from services.chassis.client import refused
from services.rulehost.__main__ import SERVICE
from services.rulehost.server import RuleHost
from tests.rulehost.test_server import NOW
from tests.rules.builders import FAST

pytestmark = pytest.mark.anyio
BESIDES: dict[str, Any] = {
    "stage": pb2.STAGE_DOCUMENT_REQUEST,
    "letter_kind": subject_pb2.LETTER_KIND_INTERIM_REPLY,
    "reply": subject_pb2.Reply(text="تم", language="ar", body_id="dre-oran", received_on="2026-10-31", attachments=1),
    "purpose": subject_pb2.PURPOSE_OPEN_DATA,
    "event": subject_pb2.CaseEvent(kind=subject_pb2.EVENT_KIND_CLOSED, happened_on="2026-10-31"),
}
FIELDS = {
    "validate": "findings",
    "enrich": "facts",
    "required_documents": "required_documents",
    "classify": "category_scores",
    "claim": "claim",
    "assign_unit": "unit_proposal",
    "deadline": "working_days",
    "priority": "priority",
    "reminders": "reminders",
    "letter_context": "letter_context",
    "signatory": "signatory",
    "review_reply": "reply_review",
    "retention": "retention",
    "redact": "redactions",
    "case_event": "abstention",
}


@pytest.fixture
async def stub(
    tmp_path: Path, running: Callable[..., Awaitable[Any]]
) -> "AsyncIterator[pb2_grpc.RuleHostServiceAsyncStub]":
    """The rule host with a ministry that answers every hook."""
    (tmp_path / "mh").mkdir()
    shutil.copy(Path(__file__).parents[1] / "rules" / "every_hook.py", tmp_path / "mh" / "rules.py")
    async with Host(tmp_path, limits=FAST) as host:
        rules = await running("rulehost", [(SERVICE, pb2_grpc.add_RuleHostServiceServicer_to_server, RuleHost(host))])
        yield pb2_grpc.RuleHostServiceStub(rules.channel("routing"))


def a_request(hook: str, **changed: Any) -> pb2.ConsultRequest:
    case = case_pb2.Case(
        complaint_id="c1", text="ماء", kind=case_pb2.CASE_KIND_ENTRY, channel=case_pb2.CASE_CHANNEL_PORTAL,
        received_on="2026-10-30",
    )  # fmt: skip
    given: dict[str, Any] = {"ministries": ["MH"], "cases": [case], "now_time": NOW, **BESIDES}
    return pb2.ConsultRequest(hook=pb2.Hook.Value(f"HOOK_{hook.upper()}"), **(given | changed))


def test_every_hook_of_the_kit_can_be_asked() -> None:
    asked = {hook for hook, answers in ANSWERS.items() if answers.pattern is not Pattern.DECLARE}
    assert set(FIELDS) == asked == {name.removeprefix("HOOK_").lower() for name in pb2.Hook.keys()} - {"unspecified"}


async def test_every_hook_is_answered_in_its_own_field(stub: "pb2_grpc.RuleHostServiceAsyncStub") -> None:
    said: dict[str, Any] = {}
    for hook, field in FIELDS.items():
        (answer,) = (await stub.Consult(a_request(hook))).answers
        (outcome,) = answer.outcomes
        assert outcome.WhichOneof("result") == field
        said[hook] = getattr(outcome, field)
        if hook == "case_event":
            assert list(outcome.log_lines) == ["told kind=closed day=2026-10-31"]

    assert said["validate"].findings[0].severity == verdict_pb2.SEVERITY_INCOMPLETE
    assert said["validate"].findings[0].because.fr == "Parce que"
    facts = {fact.name: fact for fact in said["enrich"].facts}
    assert (facts["MH.length"].number, facts["MH.long"].flag, facts["MH.first"].text) == (3, False, "م")
    assert list(facts["MH.words"].list.texts) == ["ماء"]
    assert said["required_documents"].documents[0].document == "MH.bill"
    assert said["classify"].categories[0].category == "MH.leak"
    assert said["deadline"].days == 2
    assert said["priority"].priority == verdict_pb2.PRIORITY_URGENT
    assert (said["reminders"].steps[0].kind, said["reminders"].steps[0].after_due) == (1, -2)
    assert said["letter_context"].template == "MH.visit"
    assert dict(said["letter_context"].variables) == {"place": "Oran"}
    assert said["signatory"].role == "signs_interim_reply"
    assert (said["review_reply"].grade, said["review_reply"].missing[0].ar) == (
        verdict_pb2.REPLY_GRADE_SUPERFICIAL,
        "اسم",
    )
    assert said["retention"].years == 15
    redaction = said["redact"].redactions[0]
    assert (redaction.field, redaction.start, redaction.end) == (verdict_pb2.HIDDEN_FIELD_TEXT, 3, 9)


async def test_declarations_are_described_with_full_codes(stub: "pb2_grpc.RuleHostServiceAsyncStub") -> None:
    (mh,) = (await stub.Describe(pb2.DescribeRequest())).ministries
    assert (mh.categories[0].code, mh.categories[0].topic) == ("MH.leak", "water")
    template = mh.letter_templates[0]
    assert (template.code, template.kind) == ("MH.visit", subject_pb2.LETTER_KIND_INTERIM_REPLY)
    assert (template.body.fr, list(template.required_variables)) == ("À {{ place }}", ["place"])
    assert mh.indicators[0].code == "MH.late_leaks"
    assert mh.indicators[0].counted[0].dimension == declaration_pb2.DIMENSION_LATE
    assert (mh.documents[0].code, mh.documents[0].shows.ar) == ("MH.bill", "اسم")


@pytest.mark.parametrize(
    ("hook", "changed", "field"),
    [
        ("letter_context", {"letter_kind": 0}, "letter_kind"),
        ("signatory", {"letter_kind": 0}, "letter_kind"),
        ("redact", {"purpose": 0}, "purpose"),
        ("review_reply", {"reply": subject_pb2.Reply(text="x")}, "reply.received_on"),
        ("review_reply", {"reply": subject_pb2.Reply(text="x" * 1_000_001)}, "reply.text"),
        ("review_reply", {"cases": [case_pb2.Case(complaint_id="1"), case_pb2.Case(complaint_id="2")]}, "cases"),
        ("enrich", {"cases": [case_pb2.Case(complaint_id=str(number)) for number in range(6)]}, "cases"),
        ("case_event", {"event": subject_pb2.CaseEvent(happened_on="2026-10-31")}, "event.kind"),
        ("case_event", {"event": subject_pb2.CaseEvent(kind=subject_pb2.EVENT_KIND_REGISTERED)}, "event.happened_on"),
    ],
)
async def test_a_question_without_what_it_is_about_is_refused(
    stub: "pb2_grpc.RuleHostServiceAsyncStub", hook: str, changed: dict[str, Any], field: str
) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await stub.Consult(a_request(hook, **changed))
    assert (refused(raised.value).reason, refused(raised.value).field) == ("FIELD_INVALID", field)
