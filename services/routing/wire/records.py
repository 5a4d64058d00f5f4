"""Cases as ministries' authors read them: one JSON object each, with the ministry's own answer."""

from datetime import date

from diwan.rules.v1 import case_pb2
from diwan.rules.v1 import rule_host_service_pb2 as pb
from diwan_rules import Because, Claim, Decline
from diwan_rules.answers import write
from diwan_rules.records import Record, RecordedAnswer, RecordedConfiguration
from diwan_rules.verdicts import Basis

from services.routing.domain.decision import Decision, Verdict
from services.routing.domain.question import Question
from services.routing.domain.resolver import AnswerKind
from services.routing.wire import rules


def record(decision: Decision, question: Question, ministry_id: str, *, assigned: str) -> str:
    """Write a case with what a ministry's rules were shown and answered, and who got it in the end."""
    asked = rules.consult(pb.HOOK_CLAIM, question, [ministry_id])
    answers = {each.ministry_id: each for each in decision.verdicts}
    code = ministry_id.upper()
    return Record(
        format=1,
        asked_at=question.now,
        facts=_facts(asked.cases[0]),
        holidays=tuple(date.fromisoformat(day) for day in asked.calendar.holidays),
        configurations={
            each.ministry: RecordedConfiguration(revision=each.revision, values_json=each.values_json)
            for each in asked.configurations
        },
        outcomes={code: _answer(answers[ministry_id])} if ministry_id in answers else {},
        assigned=assigned.upper(),
    ).line()


def _facts(case: case_pb2.Case) -> dict[str, object]:
    facts: dict[str, object] = {
        name: getattr(case, name) for name in case.DESCRIPTOR.fields_by_name if name not in ("hits", "declined_by")
    }
    kind, channel = case_pb2.CaseKind.Name(case.kind), case_pb2.CaseChannel.Name(case.channel)
    return facts | {
        "kind": kind.removeprefix("CASE_KIND_").lower(),
        "channel": channel.removeprefix("CASE_CHANNEL_").lower(),
        "declined_by": list(case.declined_by),
    }


def _answer(given: Verdict) -> RecordedAnswer:
    """Write a stored answer; one that says nothing has no verdict and no failure."""
    failure = given.error.partition(":")[0] or "failed"
    return RecordedAnswer(
        verdict=_verdict(given),
        failure=failure if given.answer is AnswerKind.ERROR else "",
        version=given.plugin_version,
        digest=given.plugin_digest,
    )


def _verdict(given: Verdict) -> list[object] | None:
    if given.answer not in (AnswerKind.CLAIM, AnswerKind.DECLINE):
        return None
    because = Because(ar=given.because_ar, fr=given.because_fr)
    if given.answer is AnswerKind.DECLINE:
        return write(Decline(because=because, suggest=given.suggested_ministry_id.upper()))
    return write(
        Claim(
            score=given.score,
            because=because,
            basis=Basis(given.tier.name.lower()),
            legal_reference=given.legal_reference,
            category=given.category,
            rule=given.rule,
        )
    )
