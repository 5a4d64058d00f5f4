"""Routing's things as messages of its contract."""

from collections.abc import Iterable
from datetime import date, datetime

from diwan.common.v1.localized_text_pb2 import LocalizedText
from diwan.routing.v1 import advice_pb2, decision_pb2, explanation_pb2, referral_pb2, triage_pb2
from diwan.routing.v1 import routing_service_pb2 as pb
from google.protobuf.timestamp_pb2 import Timestamp

from services.routing.domain.calendar import Holiday
from services.routing.domain.decision import Decision, OwnerAnswer, Verdict
from services.routing.domain.explanation import Sentence
from services.routing.domain.referral import Referral
from services.routing.domain.review import Priority
from services.routing.domain.shadow import ShadowVerdict
from services.routing.domain.triage import TriageItem
from services.routing.wire import learned


def moment(at: datetime) -> Timestamp:
    """Write a moment."""
    written = Timestamp()
    written.FromDatetime(at)
    return written


def decision(made: Decision, shadow: Iterable[ShadowVerdict] = ()) -> decision_pb2.Decision:
    """Write a decision with everything that was answered."""
    return decision_pb2.Decision(
        decision_id=made.decision_id,
        complaint_id=made.complaint_id,
        number=made.number,
        outcome=decision_pb2.Outcome.Value(f"OUTCOME_{made.outcome.upper()}"),
        disposition=decision_pb2.Disposition.Value(f"DISPOSITION_{made.disposition.upper()}"),
        ministry_id=made.ministry_id,
        unit_body_id=made.unit_body_id,
        because=LocalizedText(ar=made.because.ar, fr=made.because.fr),
        verdicts=[_verdict(each) for each in made.verdicts],
        facts_digest=made.facts_digest,
        resolver_version=made.resolver_version,
        precedence_revision=made.precedence_revision,
        referral_id=made.referral_id,
        decided_by=made.decided_by,
        decide_time=moment(made.decided_at),
        deadline_days=made.deadline_days,
        trace_id=made.trace_id,
        term_hits=made.term_hits,
        owner_answers=[_owner_answer(each) for each in made.owner_answers],
        shadow_verdicts=[_shadow_verdict(each) for each in shadow],
        proposal=learned.proposal(made.proposal),
        variety=learned.variety(made.variety),
    )


def _shadow_verdict(each: ShadowVerdict) -> decision_pb2.ShadowVerdict:
    return decision_pb2.ShadowVerdict(
        release_id=each.release_id,
        verdict=_verdict(each.verdict),
        outcome=decision_pb2.Outcome.Value(f"OUTCOME_{each.outcome.upper()}"),
        lead_ministry_id=each.lead,
    )


def sentence(each: Sentence) -> explanation_pb2.ExplanationSentence:
    """Write a sentence of an explanation."""
    return explanation_pb2.ExplanationSentence(
        part=explanation_pb2.ExplanationPart.Value(f"EXPLANATION_PART_{each.part.upper()}"),
        ministry_id=each.ministry_id,
        said=LocalizedText(ar=each.said.ar, fr=each.said.fr),
    )


def _verdict(each: Verdict) -> decision_pb2.Verdict:
    return decision_pb2.Verdict(
        ministry_id=each.ministry_id,
        plugin=each.plugin,
        plugin_version=each.plugin_version,
        plugin_digest=each.plugin_digest,
        config_revision=each.config_revision,
        answer=decision_pb2.AnswerKind.Value(f"ANSWER_KIND_{each.answer.upper()}"),
        score=each.score,
        effective_score=each.effective_score,
        tier=decision_pb2.Tier.Value(f"TIER_{each.admitted_tier.name}"),
        rule=each.rule,
        legal_reference=each.legal_reference,
        category=each.category,
        because=LocalizedText(ar=each.because_ar, fr=each.because_fr),
        suggested_ministry_id=each.suggested_ministry_id,
        error=each.error,
        elapsed_micros=each.elapsed_micros,
    )


def _owner_answer(each: OwnerAnswer) -> decision_pb2.OwnerAnswer:
    return decision_pb2.OwnerAnswer(
        hook=each.hook,
        answer=each.answer,
        taken=each.taken,
        because=LocalizedText(ar=each.because_ar, fr=each.because_fr),
        error=each.error,
        plugin=each.plugin,
        elapsed_micros=each.elapsed_micros,
    )


def triage_item(item: TriageItem, led_here: Decision) -> triage_pb2.TriageItem:
    """Write an item of the queue with the decision that led there."""
    return triage_pb2.TriageItem(
        triage_id=item.triage_id,
        complaint_id=item.complaint_id,
        number=item.number,
        kind=triage_pb2.TriageKind.Value(f"TRIAGE_KIND_{item.kind.upper()}"),
        wilaya_id=item.wilaya_id,
        decision=decision(led_here),
        suggested_body_id=item.suggested_body_id,
        candidate_ministry_ids=item.candidates,
        create_time=moment(item.created_at),
        open=item.open,
        etag=str(item.version),
    )


def referral(kept: Referral, today: date) -> referral_pb2.Referral:
    """Write a referral as it stands on a day."""
    return referral_pb2.Referral(
        referral_id=kept.referral_id,
        complaint_id=kept.complaint_id,
        number=kept.number,
        ministry_id=kept.ministry_id,
        unit_body_id=kept.unit_body_id,
        from_body_id=kept.from_body_id,
        state=referral_pb2.ReferralState.Value(f"REFERRAL_STATE_{kept.state.upper()}"),
        sent_on=kept.sent_on.isoformat(),
        due_on=kept.due_on.isoformat(),
        overdue=kept.is_overdue(today),
        escalation=kept.escalation,
        decline=_decline(kept),
        decision_id=kept.decision_id,
        letter_id=kept.letter_id,
        working_days=kept.working_days,
        etag=str(kept.version),
        update_time=moment(kept.updated_at),
        priority=advice_pb2.CasePriority.Value(f"CASE_PRIORITY_{Priority(kept.priority).name}"),
        due_soon=kept.is_due_soon(today),
    )


def _decline(kept: Referral) -> referral_pb2.Decline | None:
    if kept.decline is None:
        return None
    return referral_pb2.Decline(
        body_id=kept.decline.body_id,
        competent_body_id=kept.decline.competent_body_id,
        because=kept.decline.because,
        decline_time=moment(kept.decline.declined_at),
    )


def holidays(days: Iterable[Holiday], working_days: int) -> pb.ListHolidaysResponse:
    """Write the holidays of a period."""
    listed = [
        pb.Holiday(on=day.day.isoformat(), name=LocalizedText(ar=day.name_ar, fr=day.name_fr), estimated=day.estimated)
        for day in days
    ]
    return pb.ListHolidaysResponse(holidays=listed, working_days=working_days)
